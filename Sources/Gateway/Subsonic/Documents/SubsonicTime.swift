/// Times as answers have them: RFC 3339 with milliseconds, in UTC. Foundation's style takes a microsecond or two for each, which a
/// page of 500 songs feels.
enum SubsonicTime {
    /// The last millisecond of the year 9999, the last that RFC 3339 can write.
    static let latest = 253_402_300_799_999

    /// - Parameter milliseconds: since 1970.
    static func text(_ milliseconds: Int) -> String {
        let milliseconds = min(max(0, milliseconds), latest)
        let (days, rest) = (milliseconds / 86_400_000, milliseconds % 86_400_000)
        let (year, month, day) = date(days)
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

    /// The date of a day since 1970 in the Gregorian calendar, in eras of 400 years that begin in March.
    private static func date(_ days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let (era, dayOfEra) = (shifted / 146_097, shifted % 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let month = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * month + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month >= 10 ? 1 : 0), month < 10 ? month + 3 : month - 9, day)
    }
}
