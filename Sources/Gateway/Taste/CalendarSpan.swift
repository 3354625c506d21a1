import Locker

/// Years, months and days as spans of milliseconds since 1970, by the clock of a listener.
struct CalendarSpan {
    /// Years that may be asked for.
    static let years = 1970...9999

    /// Milliseconds that the listener's clock is ahead of UTC.
    private let offset: Int

    /// - Parameter minutes: How far the listener's clock is ahead of UTC.
    init(minutesAhead minutes: Int) { offset = minutes * 60_000 }

    /// The year of a time.
    func year(of time: Int) -> Int { CalendarDay.date(number(of: time)).year }

    /// The time as a date of the listener's clock: 2026-11-30.
    func day(of time: Int) -> String { CalendarDay.text(number(of: time)) }

    /// Month and day of a time.
    func date(of time: Int) -> (month: Int, day: Int) {
        let (_, month, day) = CalendarDay.date(number(of: time))
        return (month, day)
    }

    func year(_ year: Int) -> Range<Int> { start(ofMonth: 1, in: year)..<start(ofMonth: 1, in: year + 1) }

    /// The twelve months of a year.
    func months(of year: Int) -> [Range<Int>] {
        (1...12).map { month in
            start(ofMonth: month, in: year)..<(month < 12 ? start(ofMonth: month + 1, in: year) : start(ofMonth: 1, in: year + 1))
        }
    }

    /// A day of a year; nil if the year does not have it.
    func day(_ day: Int, ofMonth month: Int, in year: Int) -> Range<Int>? {
        CalendarDay.number(year, month, day).map { start(ofDay: $0)..<start(ofDay: $0 + 1) }
    }

    private func number(of time: Int) -> Int { CalendarDay.containing(time + offset) }

    private func start(ofDay number: Int) -> Int { number * CalendarDay.milliseconds - offset }

    private func start(ofMonth month: Int, in year: Int) -> Int { start(ofDay: CalendarDay.days(year, month, 1)) }
}
