import Locker

/// Times as answers have them: RFC 3339 with milliseconds, in UTC. Foundation's style takes a microsecond or two for each, which a
/// page of 500 songs feels.
enum SubsonicTime {
    /// The last millisecond of the year 9999, the last that RFC 3339 can write.
    static let latest = 253_402_300_799_999

    /// - Parameter milliseconds: since 1970.
    static func text(_ milliseconds: Int) -> String {
        let milliseconds = min(max(0, milliseconds), latest)
        let (days, rest) = (milliseconds / CalendarDay.milliseconds, milliseconds % CalendarDay.milliseconds)
        let (year, month, day) = CalendarDay.date(days)
        var text: [UInt8] = []
        text.reserveCapacity(24)
        func write(_ number: Int, _ digits: Int) {
            var divisor = 1
            for _ in 1..<digits { divisor *= 10 }
            while divisor > 0 {
                text.append(0x30 + UInt8(number / divisor % 10))
                divisor /= 10
            }
        }
        write(year, 4)
        text.append(UInt8(ascii: "-"))
        write(month, 2)
        text.append(UInt8(ascii: "-"))
        write(day, 2)
        text.append(UInt8(ascii: "T"))
        write(rest / 3_600_000, 2)
        text.append(UInt8(ascii: ":"))
        write(rest / 60_000 % 60, 2)
        text.append(UInt8(ascii: ":"))
        write(rest / 1000 % 60, 2)
        text.append(UInt8(ascii: "."))
        write(rest % 1000, 3)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }
}
