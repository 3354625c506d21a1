import Foundation
import Locker

/// A time as clients send it, and as they are told it: RFC 3339 (§5.6, `date-time`).
struct Timestamp {
    /// Since 1970.
    let milliseconds: Int

    /// Returns nil if `text` has another form, or names a time that does not exist. A leap second is the next minute's first.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count <= 40, Self.hasForm(text), let day = CalendarDay.number(String(decoding: bytes[..<10], as: UTF8.self))
        else { return nil }
        func number(at place: Int) -> Int { Int(bytes[place] - 48) * 10 + Int(bytes[place + 1] - 48) }
        let (hour, minute, second) = (number(at: 11), number(at: 14), number(at: 17))
        guard hour <= 23, minute <= 59, second <= 60 else { return nil }
        let part = bytes[19...].prefix { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        let fraction = Double("0\(String(decoding: part, as: UTF8.self))") ?? 0
        var ahead = 0
        if bytes.last != UInt8(ascii: "Z") {
            let (hours, minutes) = (number(at: bytes.count - 5), number(at: bytes.count - 2))
            guard hours <= 23, minutes <= 59 else { return nil }
            ahead = (hours * 60 + minutes) * (bytes[bytes.count - 6] == UInt8(ascii: "-") ? -1 : 1)
        }
        milliseconds =
            day * CalendarDay.milliseconds + ((hour * 60 + minute - ahead) * 60 + second) * 1000
            + Int((fraction * 1000).rounded())
    }

    private static let style = Date.ISO8601FormatStyle(includingFractionalSeconds: true)

    /// A time with milliseconds, in UTC.
    static func text(milliseconds: Int) -> String {
        // Foundation cuts what is behind a millisecond, and a `Date` may lie a little before its own.
        Date(timeIntervalSince1970: (Double(milliseconds) + 0.5) / 1000).formatted(style)
    }

    private static func hasForm(_ text: String) -> Bool {
        func matches(_ bytes: some Collection<UInt8>, _ form: String) -> Bool {
            bytes.count == form.utf8.count
                && zip(bytes, form.utf8).allSatisfy { $1 == UInt8(ascii: "0") ? (0x30...0x39).contains($0) : $0 == $1 }
        }
        let bytes = Array(text.utf8)
        guard matches(bytes.prefix(19), "0000-00-00T00:00:00") else { return false }
        var rest = bytes.dropFirst(19)
        if rest.first == UInt8(ascii: ".") {
            let fraction = rest.dropFirst().prefix { (0x30...0x39).contains($0) }
            if fraction.isEmpty { return false }
            rest = rest[fraction.endIndex...]
        }
        return ["Z", "+00:00", "-00:00"].contains { matches(rest, $0) }
    }
}
