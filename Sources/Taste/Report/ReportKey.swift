/// A thing that listeners are counted for, by the very text of their tags: accounts whose tags differ are in different cells, so
/// those of a cell agree on its name.
public struct ReportKey: Sendable {
    /// Scalars of a name.
    static let longestName = 200

    public let kind: ReportKind
    public let name: String
    /// The artist of a release or a recording; empty otherwise.
    public let by: String
    /// The number that encodes of one recording share; 0 for other kinds. It is in no report.
    public let recording: Int64
    /// Worked out once: each key of a play is looked up many times.
    private let hash: Int

    /// Nil if the name or the artist cannot stand in a report: empty, too long, or with characters that are not shown or change the
    /// direction of text.
    public init?(_ kind: ReportKind, _ name: String, by artist: String = "", recording: Int64 = 0) {
        guard !name.isEmpty, Self.isPresentable(name), Self.isPresentable(artist) else { return nil }
        (self.kind, self.name, by, self.recording) = (kind, name, artist, recording)
        var hasher = Hasher()
        hasher.combine(kind)
        hasher.combine(recording)
        for text in [name, artist] {
            for byte in text.utf8 { hasher.combine(byte) }
            hasher.combine(0xFF as UInt8)
        }
        hash = hasher.finalize()
    }

    private static func isPresentable(_ text: String) -> Bool {
        text.unicodeScalars.count <= longestName
            && text.unicodeScalars.allSatisfy { scalar in
                // What most names are of.
                if scalar.isASCII { return (0x20...0x7E).contains(scalar.value) }
                switch scalar.properties.generalCategory {
                case .control, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: return false
                default: return !scalar.properties.isBidiControl && scalar != "\u{FEFF}"
                }
            }
    }

    /// A text that no other key has: names have no control characters.
    public var label: String { "\(kind.rawValue)\u{1}\(name)\u{1}\(by)\u{1}\(recording)" }
}

// Byte by byte: texts that Unicode holds equal are different tags, and an account that writes one of them must not change how a row is
// written.
extension ReportKey: Hashable {
    public static func == (one: ReportKey, other: ReportKey) -> Bool {
        one.hash == other.hash && one.kind == other.kind && one.recording == other.recording
            && one.name.utf8.elementsEqual(other.name.utf8) && one.by.utf8.elementsEqual(other.by.utf8)
    }

    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}

extension ReportKey: Comparable {
    /// By kind, then by name.
    public static func < (one: ReportKey, other: ReportKey) -> Bool {
        if one.kind != other.kind { return one.kind < other.kind }
        for (text, rival) in [(one.name, other.name), (one.by, other.by)] where !text.utf8.elementsEqual(rival.utf8) {
            return text.utf8.lexicographicallyPrecedes(rival.utf8)
        }
        return one.recording < other.recording
    }
}
