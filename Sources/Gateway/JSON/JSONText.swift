import Audio
import Foundation

/// JSON written member by member, for lists of tracks: Foundation's encoder took 25 ms for a hundred of them, four fifths of the
/// answer's time. All other documents use Foundation.
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var needsComma = false

    init(reservingCapacity capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    mutating func object(_ members: (inout JSONText) throws -> Void) rethrows {
        try nest(UInt8(ascii: "{"), UInt8(ascii: "}"), members)
    }

    mutating func array(_ values: (inout JSONText) throws -> Void) rethrows {
        try nest(UInt8(ascii: "["), UInt8(ascii: "]"), values)
    }

    /// A member's name; its value follows.
    mutating func key(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ text: String?) {
        separate()
        guard var text else { return append("null") }
        bytes.append(UInt8(ascii: "\""))
        let isPlain = text.withUTF8 { utf8 in
            let needsEscape = unsafe utf8.contains { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }
            if !needsEscape { unsafe bytes.append(contentsOf: utf8) }
            return !needsEscape
        }
        if !isPlain { escape(text) }
        bytes.append(UInt8(ascii: "\""))
    }

    /// RFC 8259 §7.
    private mutating func escape(_ text: String) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0..<0x20:
                append("\\u00" + CollectionOfOne(byte).hexadecimal)
            default: bytes.append(byte)
            }
        }
    }

    mutating func value(_ number: Int?) {
        separate()
        guard let number else { return append("null") }
        if number < 0 { bytes.append(UInt8(ascii: "-")) }
        let start = bytes.count
        var rest = number.magnitude
        repeat {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        bytes[start...].reverse()
    }

    mutating func value(_ flag: Bool) {
        separate()
        append(flag ? "true" : "false")
    }

    /// - Parameter number: finite, else it is written as null.
    mutating func value(_ number: Double) {
        guard number.isFinite else { return value(nil as Int?) }
        if let whole = Int(exactly: number) { return value(whole) }
        separate()
        append("\(number)")
    }

    /// - Parameter number: as above; nil is null.
    mutating func value(_ number: Double?) {
        guard let number else { return value(nil as Int?) }
        value(number)
    }

    mutating func value(encoding value: some Encodable) throws {
        separate()
        bytes += try JSONEncoder.gateway.encode(value)
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = true
    }

    private mutating func nest(_ open: UInt8, _ close: UInt8, _ body: (inout JSONText) throws -> Void) rethrows {
        separate()
        bytes.append(open)
        needsComma = false
        try body(&self)
        bytes.append(close)
        needsComma = true
    }

    private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

/// A document that writes itself.
protocol JSONWritable {
    func write(to text: inout JSONText) throws
}

extension ListDocument: JSONWritable where Item: JSONWritable {
    func write(to text: inout JSONText) throws {
        try text.object { text in
            text.key("items")
            try text.array { text in for item in items { try item.write(to: &text) } }
            text.key("next")
            text.value(next)
            if let total {
                text.key("total")
                text.value(total)
            }
        }
    }
}
