/// A calendar month, in UTC.
public struct ReportMonth: Sendable, Hashable, Comparable {
    static let day = 86_400_000

    public let year: Int
    /// 1 to 12.
    public let month: Int

    /// Nil unless the month is between 1970-01 and 9999-12.
    public init?(year: Int, month: Int) {
        guard (1970...9999).contains(year), (1...12).contains(month) else { return nil }
        (self.year, self.month) = (year, month)
    }

    /// - Parameter text: `2026-10`; nil for anything else.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].utf8.count == 4, parts[1].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1])
        else { return nil }
        self.init(year: year, month: month)
    }

    /// The month of a time; nil before 1970.
    ///
    /// - Parameter time: milliseconds since 1970.
    public init?(containing time: Int) {
        guard time >= 0 else { return nil }
        var (year, month) = (1970 + min(time / (366 * Self.day), 8029), 1)
        while year < 9999, Self.days(before: year + 1, 1) <= time / Self.day { year += 1 }
        while month < 12, Self.days(before: year, month + 1) <= time / Self.day { month += 1 }
        self.init(year: year, month: month)
    }

    /// `2026-10`
    public var text: String { "\(year)-\(month < 10 ? "0" : "")\(month)" }

    /// Milliseconds since 1970.
    public var times: Range<Int> {
        let (start, end) = (Self.days(before: year, month), Self.days(before: year, month + 1))
        return start * Self.day..<end * Self.day
    }

    /// The month before; nil for the first.
    public var previous: ReportMonth? {
        month > 1 ? ReportMonth(year: year, month: month - 1) : ReportMonth(year: year - 1, month: 12)
    }

    public static func < (one: ReportMonth, other: ReportMonth) -> Bool { (one.year, one.month) < (other.year, other.month) }

    /// Days from 1970-01-01 to the first of a month, of which the thirteenth is the next year's first.
    private static func days(before year: Int, _ month: Int) -> Int {
        let lengths = [31, isLeap(year) ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        let last = year - 1
        return last * 365 + last / 4 - last / 100 + last / 400 - 719_162 + lengths.prefix(month - 1).reduce(0, +)
    }

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }
}
