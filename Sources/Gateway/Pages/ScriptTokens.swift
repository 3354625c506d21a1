/// The tokens of a script, as far as a reader of imports needs them.
struct ScriptTokens {
    enum Token: Equatable {
        case word(String)
        /// A string without escapes.
        case text(String)
        case sign(UInt8)
        /// A regular expression, a template, or a string with escapes.
        case other
    }

    /// The keywords that a value follows.
    private static let beforeExpressions: Set = [
        "return", "typeof", "case", "in", "of", "do", "else", "void", "delete", "await", "yield"
    ]

    private let source: [UInt8]
    private var place = 0
    private var last = Token.sign(UInt8(ascii: ";"))
    /// How many braces are open in each `${` under way.
    private var braces: [Int] = []

    init(_ source: [UInt8]) { self.source = source }

    private var byte: UInt8? { place < source.count ? source[place] : nil }

    private func isAt(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Bool {
        place + 1 < source.count && source[place] == UInt8(ascii: first) && source[place + 1] == UInt8(ascii: second)
    }

    mutating func next() -> Token? {
        skipSpace()
        guard let byte else { return nil }
        last = token(byte)
        return last
    }

    private mutating func skipSpace() {
        while let byte {
            if isAt("/", "/") {
                skip { $0 == UInt8(ascii: "\n") }
            } else if isAt("/", "*") {
                place += 2
                while self.byte != nil, !isAt("*", "/") { place += 1 }
                place += 2
            } else if byte <= 0x20 {
                place += 1
            } else {
                return
            }
        }
    }

    private mutating func token(_ byte: UInt8) -> Token {
        switch byte {
        case UInt8(ascii: "'"), UInt8(ascii: "\""): return string(upTo: byte)
        case UInt8(ascii: "`"): return template()
        case UInt8(ascii: "/") where beginsExpression: return regularExpression()
        case UInt8(ascii: "}") where braces.last == 0:
            braces.removeLast()
            return template()
        case _ where Self.isPartOfWord(byte):
            let start = place
            skip { !Self.isPartOfWord($0) }
            return .word(String(decoding: source[start..<place], as: UTF8.self))
        default:
            if let depth = braces.last {
                if byte == UInt8(ascii: "{") { braces[braces.count - 1] = depth + 1 }
                if byte == UInt8(ascii: "}") { braces[braces.count - 1] = depth - 1 }
            }
            place += 1
            return .sign(byte)
        }
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...: true
        default: false
        }
    }

    private mutating func skip(until isEnd: (UInt8) -> Bool) {
        while let byte, !isEnd(byte) { place += 1 }
    }

    private mutating func string(upTo quote: UInt8) -> Token {
        place += 1
        let start = place
        var hasEscapes = false
        while let byte, byte != quote, byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "\\") {
                hasEscapes = true
                place += 1
            }
            place += 1
        }
        let end = min(place, source.count)
        place += 1
        return hasEscapes ? .other : .text(String(decoding: source[start..<end], as: UTF8.self))
    }

    /// From a back quote, or from the brace that ends an expression in a template, to the template's end or its next
    /// expression.
    private mutating func template() -> Token {
        place += 1
        while let byte, byte != UInt8(ascii: "`") {
            if isAt("$", "{") {
                place += 2
                braces.append(0)
                return .other
            }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        place += 1
        return .other
    }

    /// Whether a slash begins a regular expression: it does where no value stands before it that could be divided.
    private var beginsExpression: Bool {
        switch last {
        case .word(let word): Self.beforeExpressions.contains(word)
        case .sign(let sign): !")]}".utf8.contains(sign)
        case .text, .other: false
        }
    }

    private mutating func regularExpression() -> Token {
        place += 1
        var isInClass = false
        while let byte, byte != UInt8(ascii: "\n"), isInClass || byte != UInt8(ascii: "/") {
            if byte == UInt8(ascii: "[") { isInClass = true }
            if byte == UInt8(ascii: "]") { isInClass = false }
            place += byte == UInt8(ascii: "\\") ? 2 : 1
        }
        place += 1
        return .other
    }
}
