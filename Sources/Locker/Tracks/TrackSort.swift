/// The orders in which tracks can be listed. The raw values are those of the `sort` parameter.
public enum TrackSort: String, Sendable, CaseIterable {
    /// Oldest first.
    case added
    /// Newest first.
    case newest = "-added"
    case title
    /// By artist, then album, disc and track number.
    case artist
    /// By album, then disc and track number.
    case album
    /// Tracks that were never played first, then those played the longest ago.
    case played
    /// Tracks that were played last first, and at the end those that never were.
    case lastPlayed = "-played"
    /// Tracks that were played most often first.
    case mostPlayed = "-plays"

    /// The columns that rows are ordered by, first to last. Each list is unique within an account and, after `account`, the
    /// key of one index.
    var columns: [String] {
        switch self {
        case .added, .newest: ["added"]
        case .title: ["titleOrder", "id"]
        case .artist: ["artistOrder", "albumOrder", "disc", "track", "id"]
        case .album: ["albumOrder", "albumId", "disc", "track", "id"]
        case .played, .lastPlayed: ["played", "id"]
        case .mostPlayed: ["plays", "id"]
        }
    }

    /// Whether the first column has ``CollationKey``s.
    var isAlphabetical: Bool { [.title, .artist, .album].contains(self) }

    var isDescending: Bool { rawValue.hasPrefix("-") }

    var listing: Listing {
        Listing(
            name: rawValue, selection: Track.columns, source: "track", condition: "account = ?", columns: columns,
            isDescending: isDescending, total: "SELECT tracks FROM account WHERE id = ?")
    }
}

extension Track {
    /// The sort key of titles and names.
    static func order(of text: String) -> String { CollationKey.key(of: text) }
}
