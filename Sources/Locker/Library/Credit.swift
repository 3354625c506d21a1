/// An artist of a track or an album, with the name of the artist's page.
public struct Credit: Sendable, Hashable {
    /// The artist's id.
    public var id: String
    public var name: String

    public init(id: String, name: String) {
        self.id = id
        self.name = name
    }
}

extension [Credit] {
    private static let idLength = 22

    /// The text of a column: a line for each artist, of id and name. Names have no control characters.
    var stored: String { map { $0.id + $0.name }.joined(separator: "\n") }

    init(stored text: String) {
        self = text.utf8.split(separator: 0x0A).compactMap { line in
            guard line.count > Self.idLength, let id = String(line.prefix(Self.idLength)),
                let name = String(line.dropFirst(Self.idLength))
            else { return nil }
            return Credit(id: id, name: name)
        }
    }
}
