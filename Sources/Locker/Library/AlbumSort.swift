/// The orders in which albums can be listed. The raw values are those of the `sort` parameter.
public enum AlbumSort: String, Sendable, CaseIterable {
    case name
    /// By album artist, then year.
    case artist
    case year
    /// The album with the latest track first.
    case newest = "-added"
    /// The album with the track that was played last first, and at the end those that never were.
    case lastPlayed = "-played"

    /// Whether the first column has ``CollationKey``s.
    var isAlphabetical: Bool { self == .name || self == .artist }

    var listing: Listing {
        let columns =
            switch self {
            case .name: ["album.nameOrder", "album.id"]
            case .artist: ["album.artistOrder", "album.year", "album.nameOrder", "album.id"]
            case .year: ["album.year", "album.nameOrder", "album.id"]
            case .newest: ["album.added", "album.id"]
            case .lastPlayed: ["album.played", "album.id"]
            }
        return .albums(
            "albums \(rawValue)", condition: "album.account = ? AND album.tracks > 0", by: columns,
            isDescending: rawValue.hasPrefix("-"))
    }
}
