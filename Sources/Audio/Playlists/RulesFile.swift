/// The file of a smart playlist, as Navidrome reads it: a JSON object of rules, with `name` and `comment`. Its name ends in
/// `.nsp`, and comments may stand in it, which `JSONDecoder.allowsJSON5` passes over.
public struct RulesFile: Sendable, Hashable {
    /// Bytes of the largest file that is read.
    public static let mostBytes = 64 << 10
    /// Bytes of the longest comment that is kept.
    private static let mostCommentBytes = 1000

    /// The name that the playlist gives itself; nil if it gives none.
    public var name: String?
    /// May be empty.
    public var comment: String
    /// An object, with all members of the file.
    public var rules: SmartJSON

    /// - Parameter rules: the file's content. Returns nil if it is not an object.
    public init?(_ rules: SmartJSON) {
        guard case .object(let members) = rules else { return nil }
        self.rules = rules
        if case .text(let text) = members["name"], !M3U.line(text).isEmpty {
            name = M3U.line(text).prefix(bytes: M3U.mostNameBytes)
        }
        if case .text(let text) = members["comment"] {
            comment = M3U.line(text).prefix(bytes: Self.mostCommentBytes)
        } else {
            comment = ""
        }
    }

    /// Whether a file of this name is one.
    public static func isNamed(_ name: String) -> Bool { name.lowercased().utf8.suffix(4).elementsEqual(".nsp".utf8) }

    /// The name for the playlist: its own, else its file's; as ``M3U/title(fileName:)``.
    public func title(fileName: String) -> String {
        if let name { return name }
        let stem = M3U.line(Self.stem(of: fileName)).prefix(bytes: M3U.mostNameBytes)
        return stem.isEmpty ? "Playlist" : stem
    }

    private static func stem(of name: String) -> String {
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return name }
        return String(name[..<dot])
    }
}
