/// A JSON value (RFC 8259) of at most 16 levels, as the rules of smart playlists are read from it.
public indirect enum SmartJSON: Sendable, Hashable {
    case null
    case flag(Bool)
    case number(Double)
    case text(String)
    case list([SmartJSON])
    case object([String: SmartJSON])
    /// A number that no program can hold, or a value nested too deeply.
    case unreadable

    static let deepest = 16
}

extension SmartJSON: Codable {
    private struct Name: CodingKey {
        var stringValue: String
        var intValue: Int? { nil }

        init(_ text: String) { stringValue = text }
        init?(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }

    public init(from decoder: any Decoder) throws {
        guard decoder.codingPath.count <= Self.deepest else {
            self = .unreadable
            return
        }
        if let container = try? decoder.container(keyedBy: Name.self) {
            var members: [String: SmartJSON] = [:]
            for name in container.allKeys { members[name.stringValue] = try container.decode(SmartJSON.self, forKey: name) }
            self = .object(members)
        } else if var container = try? decoder.unkeyedContainer() {
            var items: [SmartJSON] = []
            while !container.isAtEnd { items.append(try container.decode(SmartJSON.self)) }
            self = .list(items)
        } else {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                self = .null
            } else if let flag = try? container.decode(Bool.self) {
                self = .flag(flag)
            } else if let text = try? container.decode(String.self) {
                self = .text(text)
            } else if let number = try? container.decode(Double.self), number.isFinite {
                self = .number(number)
            } else {
                self = .unreadable
            }
        }
    }

    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .object(let members):
            var container = encoder.container(keyedBy: Name.self)
            for (name, value) in members { try container.encode(value, forKey: Name(name)) }
        case .list(let items):
            var container = encoder.unkeyedContainer()
            for item in items { try container.encode(item) }
        default:
            var container = encoder.singleValueContainer()
            switch self {
            case .flag(let flag): try container.encode(flag)
            case .text(let text): try container.encode(text)
            case .number(let number):
                if let whole = Int(exactly: number) { try container.encode(whole) } else { try container.encode(number) }
            default: try container.encodeNil()
            }
        }
    }
}
