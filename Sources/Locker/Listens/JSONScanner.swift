/// Reads JSON (RFC 8259) byte by byte, and tells a receiver of what it finds. Several values may follow one another.
///
/// Nothing is kept but the text that is being read and the kinds of the values around it, both of which are bounded.
struct JSONScanner: Sendable {
    typealias Malformed = ListenReader.Malformed

    static let deepest = 32
    /// Bytes of a text.
    static let longest = 1 << 16

    private enum Place {
        /// Before a value: `hasEnd` after `[`, where the array may end.
        case value(hasEnd: Bool)
        /// Before a member's name: `hasEnd` after `{`.
        case name(hasEnd: Bool)
        case colon
        /// Behind a value.
        case next
        case text(isName: Bool)
        case escape(isName: Bool)
        case code(isName: Bool, digits: Int, value: UInt32)
        /// A number, or true, false or null.
        case word
    }

    private(set) var line: Int
    private var place = Place.value(hasEnd: false)
    /// Whether each of the values around is an object.
    private var around: [Bool] = []
    private var bytes: [UInt8] = []
    /// The first half of a code point that is escaped in two (§7).
    private var half: UInt32?

    init(line: Int) { self.line = line }

    /// - Parameter end: the file is over: a number that was being read is whole.
    mutating func finish(_ drafts: inout ListenDrafts) throws(Malformed) {
        if case .word = place { try endWord(&drafts) }
        guard around.isEmpty, case .value = place else { throw fault("the file ends in the middle of a value") }
    }

    private func fault(_ reason: String) -> Malformed { Malformed(line: line, reason: reason) }

    mutating func read(_ byte: UInt8, _ drafts: inout ListenDrafts) throws(Malformed) {
        defer { if byte == 0x0A { line += 1 } }
        switch place {
        case .text(let isName): try readText(byte, isName, &drafts)
        case .escape(let isName): try readEscape(byte, isName)
        case .code(let isName, let digits, let value):
            guard let digit = Self.digit(byte) else { throw fault("\\u must have four hexadecimal digits") }
            let code = value << 4 | digit
            place = .code(isName: isName, digits: digits + 1, value: code)
            if digits == 3 { endCode(code, isName) }
        case .word:
            if Self.isWord(byte) {
                guard bytes.count < 64 else { throw fault("a number must have at most 64 digits") }
                return bytes.append(byte)
            }
            try endWord(&drafts)
            try readBetween(byte, &drafts)
        default: try readBetween(byte, &drafts)
        }
    }

    private mutating func readBetween(_ byte: UInt8, _ drafts: inout ListenDrafts) throws(Malformed) {
        if Self.isSpace(byte) { return }
        let sign = UnicodeScalar(byte)
        switch place {
        case .value(let hasEnd):
            switch sign {
            case "{", "[":
                guard around.count < Self.deepest else { throw fault("values are nested too deeply") }
                around.append(sign == "{")
                drafts.begin(isObject: sign == "{")
                place = sign == "{" ? .name(hasEnd: true) : .value(hasEnd: true)
            case "]" where hasEnd: try end(&drafts)
            case "\"": begin(.text(isName: false))
            default:
                guard Self.isWord(byte) else { throw fault("a value must follow") }
                begin(.word)
                bytes.append(byte)
            }
        case .name(let hasEnd):
            switch sign {
            case "\"": begin(.text(isName: true))
            case "}" where hasEnd: try end(&drafts)
            default: throw fault("the name of a member must follow, in quotation marks")
            }
        case .colon:
            guard sign == ":" else { throw fault("a colon must follow the name of a member") }
            place = .value(hasEnd: false)
        case .next:
            let isObject = around.last ?? false
            switch sign {
            case ",": place = isObject ? .name(hasEnd: false) : .value(hasEnd: false)
            case "}" where isObject, "]" where !isObject: try end(&drafts)
            default: throw fault("a comma or the end of the \(isObject ? "object" : "array") must follow")
            }
        case .text, .escape, .code, .word: break
        }
    }

    private mutating func begin(_ next: Place) {
        bytes.removeAll(keepingCapacity: true)
        place = next
    }

    private mutating func end(_ drafts: inout ListenDrafts) throws(Malformed) {
        around.removeLast()
        try drafts.end(line)
        behindValue()
    }

    /// At the top the next value may follow without a comma.
    private mutating func behindValue() { place = around.isEmpty ? .value(hasEnd: false) : .next }

    private mutating func readText(_ byte: UInt8, _ isName: Bool, _ drafts: inout ListenDrafts) throws(Malformed) {
        if byte != UInt8(ascii: "\\"), half != nil { endHalf() }
        switch byte {
        case UInt8(ascii: "\""):
            guard let text = String(validating: bytes, as: UTF8.self) else { throw fault("a text must be UTF-8") }
            if isName {
                drafts.name(text)
                place = .colon
            } else {
                try drafts.value(text, line)
                behindValue()
            }
        case UInt8(ascii: "\\"): place = .escape(isName: isName)
        case 0..<0x20: throw fault("a text must not have control characters")
        default: try append(byte)
        }
    }

    private mutating func readEscape(_ byte: UInt8, _ isName: Bool) throws(Malformed) {
        if byte != UInt8(ascii: "u"), half != nil { endHalf() }
        place = .text(isName: isName)
        switch UnicodeScalar(byte) {
        case "\"", "\\", "/": try append(byte)
        case "b": try append(0x08)
        case "f": try append(0x0C)
        case "n": try append(0x0A)
        case "r": try append(0x0D)
        case "t": try append(0x09)
        case "u": place = .code(isName: isName, digits: 0, value: 0)
        default: throw fault("a backslash must be followed by one of \"\\/bfnrtu")
        }
    }

    private mutating func endCode(_ code: UInt32, _ isName: Bool) {
        place = .text(isName: isName)
        if let first = half {
            half = nil
            if 0xDC00...0xDFFF ~= code, let whole = UnicodeScalar(0x10000 + (first - 0xD800) << 10 + (code - 0xDC00)) {
                bytes += Array(String(Character(whole)).utf8)
                return
            }
            bytes += Array("\u{FFFD}".utf8)
        }
        if 0xD800...0xDBFF ~= code {
            half = code
        } else {
            bytes += Array(String(Character(UnicodeScalar(code) ?? "\u{FFFD}")).utf8)
        }
    }

    /// The second half did not come.
    private mutating func endHalf() {
        half = nil
        bytes += Array("\u{FFFD}".utf8)
    }

    private mutating func append(_ byte: UInt8) throws(Malformed) {
        guard bytes.count < Self.longest else { throw fault("a text must have at most \(Self.longest) bytes") }
        bytes.append(byte)
    }

    private mutating func endWord(_ drafts: inout ListenDrafts) throws(Malformed) {
        let word = String(decoding: bytes, as: UTF8.self)
        if !["true", "false", "null"].contains(word) {
            // Swift reads hexadecimal numbers too.
            guard let number = Double(word), number.isFinite, !word.contains("x"), !word.contains("X"), bytes.first != 0x2B else {
                throw fault("a value must be a number, a text, true, false, null, an array or an object")
            }
        }
        if word != "null" { try drafts.value(word, line) }
        behindValue()
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case 0x30...0x39: UInt32(byte) - 0x30
        case 0x41...0x46: UInt32(byte) - 0x37
        case 0x61...0x66: UInt32(byte) - 0x57
        default: nil
        }
    }
}
