internal import FoundationEssentials

/// Years, months and days as spans of milliseconds since 1970, by the clock of a listener.
struct CalendarSpan {
    /// Years that may be asked for.
    static let years = 1970...9999

    private let calendar: Calendar
    /// Milliseconds that the listener's clock is ahead of UTC.
    private let offset: Int

    /// - Parameter minutes: How far the listener's clock is ahead of UTC.
    init(minutesAhead minutes: Int) {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        self.calendar = calendar
        offset = minutes * 60_000
    }

    /// The year of a time.
    func year(of time: Int) -> Int { calendar.component(.year, from: date(time)) }

    /// The time as a date of the listener's clock: 2026-11-30.
    func day(of time: Int) -> String {
        let parts = calendar.dateComponents([.year, .month, .day], from: date(time))
        return "\(Self.padded(parts.year ?? 0, 4))-\(Self.padded(parts.month ?? 0, 2))-\(Self.padded(parts.day ?? 0, 2))"
    }

    /// Month and day of a time.
    func date(of time: Int) -> (month: Int, day: Int) {
        let parts = calendar.dateComponents([.month, .day], from: date(time))
        return (parts.month ?? 1, parts.day ?? 1)
    }

    func year(_ year: Int) -> Range<Int>? { span(from: (year, 1, 1), to: (year + 1, 1, 1)) }

    /// The twelve months of a year.
    func months(of year: Int) -> [Range<Int>] {
        (1...12).compactMap { span(from: (year, $0, 1), to: $0 < 12 ? (year, $0 + 1, 1) : (year + 1, 1, 1)) }
    }

    /// A day of a year; nil if the year does not have it.
    func day(_ day: Int, ofMonth month: Int, in year: Int) -> Range<Int>? {
        guard let start = milliseconds(year, month, day) else { return nil }
        return start..<start + 86_400_000
    }

    private func span(from first: (Int, Int, Int), to last: (Int, Int, Int)) -> Range<Int>? {
        guard let start = milliseconds(first.0, first.1, first.2), let end = milliseconds(last.0, last.1, last.2) else {
            return nil
        }
        return start..<end
    }

    private func milliseconds(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        let parts = DateComponents(year: year, month: month, day: day)
        guard let date = calendar.date(from: parts), calendar.dateComponents([.month, .day], from: date).day == day,
            calendar.component(.month, from: date) == month
        else { return nil }
        return Int(date.timeIntervalSince1970 * 1000) - offset
    }

    private func date(_ time: Int) -> Date { Date(timeIntervalSince1970: Double(time + offset) / 1000) }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
