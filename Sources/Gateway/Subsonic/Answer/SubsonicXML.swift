/// Answers as XML 1.0, in the namespace of Subsonic.
struct SubsonicXML {
    private(set) var bytes: [UInt8] = []

    init() {
        bytes.reserveCapacity(8192)
        append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n")
    }

    mutating func write(root name: StaticString, _ element: SubsonicElement) {
        write(name, element, namespace: " xmlns=\"http://subsonic.org/restapi\"")
    }

    private mutating func write(_ name: StaticString, _ element: SubsonicElement, namespace: StaticString = "") {
        append("<")
        append(name)
        append(namespace)
        let hasChildren = element.members.contains { $0.value.hasElements }
        var content: SubsonicValue?
        for (name, value) in element.members where !value.isElement {
            if !hasChildren, Self.isValue(name) {
                content = value
                continue
            }
            append(" ")
            append(name)
            append("=\"")
            write(single: value)
            append("\"")
        }
        guard hasChildren || content != nil else { return append("/>") }
        append(">")
        if let content { write(single: content) }
        for (name, value) in element.members {
            switch value {
            case .element, .content: write(name, item: value)
            case .list(let values): for value in values { write(name, item: value) }
            case .items(let items): for place in 0..<items.count { write(name, items.element(place)) }
            case .names(let names): for item in names { write(name, ["name": .text(item)]) }
            default: continue
            }
        }
        end(name)
    }

    private mutating func write(_ name: StaticString, item value: SubsonicValue) {
        switch value {
        case .element(let element): write(name, element)
        case .list, .items, .names: return
        default:
            append("<")
            append(name)
            append(">")
            write(single: value)
            end(name)
        }
    }

    private mutating func end(_ name: StaticString) {
        append("</")
        append(name)
        append(">")
    }

    private static func isValue(_ name: StaticString) -> Bool {
        name.utf8CodeUnitCount == 5 && name.withUTF8Buffer { unsafe $0.elementsEqual("value".utf8) }
    }

    private mutating func write(single value: SubsonicValue) {
        switch value {
        case .text(let text), .content(let text): write(escaping: text)
        case .number(let number): bytes += "\(Int32(clamping: number))".utf8
        case .long(let number): bytes += "\(number)".utf8
        case .real(let number): bytes += (Int(exactly: number).map { "\($0)" } ?? "\(number)").utf8
        case .flag(let flag): append(flag ? "true" : "false")
        case .element, .list, .items, .names: return
        }
    }

    /// Line ends and tabs are references, because readers turn them into spaces in attributes (XML 1.0 §3.3.3). A character that
    /// XML does not have (§2.2) becomes a replacement character.
    private mutating func write(escaping text: String) {
        var text = text
        let isPlain = text.withUTF8 { utf8 in
            let isPlain = unsafe utf8.allSatisfy { byte in
                byte >= 0x20 && byte < 0xEF && byte != UInt8(ascii: "<") && byte != UInt8(ascii: "&")
                    && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: ">")
            }
            if isPlain { unsafe bytes.append(contentsOf: utf8) }
            return isPlain
        }
        if isPlain { return }
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": append("&lt;")
            case ">": append("&gt;")
            case "&": append("&amp;")
            case "\"": append("&quot;")
            case "\n": append("&#10;")
            case "\r": append("&#13;")
            case "\t": append("&#9;")
            case "\0"..."\u{1F}", "\u{FFFE}", "\u{FFFF}": append("\u{FFFD}")
            default: bytes += UTF8.encode(scalar) ?? .init()
            }
        }
    }

    private mutating func append(_ text: StaticString) { text.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) } }
}

extension SubsonicValue {
    /// Whether it is an element, or any number of them, and not an attribute.
    fileprivate var isElement: Bool {
        switch self {
        case .element, .content, .list, .items, .names: true
        case .text, .number, .long, .real, .flag: false
        }
    }

    fileprivate var hasElements: Bool {
        switch self {
        case .list(let values): !values.isEmpty
        case .items(let items): items.count > 0
        case .names(let names): !names.isEmpty
        default: isElement
        }
    }
}
