/// Days of the Gregorian calendar in UTC, as numbers: 0 is 1970-01-01.
public enum CalendarDay {
    public static let milliseconds = 86_400_000

    /// - Parameter time: milliseconds since 1970.
    public static func containing(_ time: Int) -> Int { Int((Double(time) / Double(milliseconds)).rounded(.down)) }

    /// The day of `2026-11-30`. Returns nil for another text, or a day that the calendar does not have.
    public static func number(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
        func number(_ range: Range<Int>) -> Int? {
            bytes[range].reduce(Int?.some(0)) { value, byte in
                guard let value, 48...57 ~= byte else { return nil }
                return value * 10 + Int(byte) - 48
            }
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), year > 0 else { return nil }
        return Self.number(year, month, day)
    }

    /// The day of a date; nil if the calendar does not have it.
    ///
    /// - Parameter year: 1 to 9999.
    public static func number(_ year: Int, _ month: Int, _ day: Int) -> Int? {
        guard 1...12 ~= month, 1...31 ~= day else { return nil }
        let number = days(year, month, day)
        // The 31st of a short month is another day.
        return date(number).day == day ? number : nil
    }

    /// The text of a day of the years 1 to 9999: 2026-11-30.
    public static func text(_ day: Int) -> String {
        let (year, month, day) = date(day)
        return [padded(year, 4), padded(month, 2), padded(day, 2)].joined(separator: "-")
    }

    /// The date of a day, in eras of 400 years that begin in March.
    public static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        // https://howardhinnant.github.io/date_algorithms.html#civil_from_days
        let shifted = day + 719_468
        let era = shifted >= 0 ? shifted / 146_097 : (shifted - 146_096) / 146_097
        let ofEra = shifted - era * 146_097
        let yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365
        let ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * ofYear + 2) / 153
        let year = yearOfEra + era * 400 + (month < 10 ? 0 : 1)
        return (year, month < 10 ? month + 3 : month - 9, ofYear - (153 * month + 2) / 5 + 1)
    }

    private static func padded(_ number: Int, _ count: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, count - digits.count)) + digits
    }

    /// The number of a date that the calendar has. Years begin in March, so that the leap day is their last.
    public static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let (year, month) = month > 2 ? (year, month - 3) : (year - 1, month + 9)
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1 - 719_468
    }
}
