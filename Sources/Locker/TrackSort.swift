/// The orders a list of tracks can be had in. The raw values are those of the `sort` parameter.
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
    /// Never played first, then the longest ago.
    case played

    /// What is compared, first to last. Each list is unique within an account and, after `account`, the key of one index.
    var columns: [String] {
        switch self {
        case .added, .newest: ["added"]
        case .title: ["titleOrder", "id"]
        case .artist: ["artistOrder", "albumOrder", "disc", "track", "id"]
        case .album: ["albumOrder", "albumId", "disc", "track", "id"]
        case .played: ["played", "id"]
        }
    }

    var isDescending: Bool { self == .newest }

    /// The statement of one page: arguments are the account, the cursor's key if `continued`, and the number of rows.
    func statement(continued: Bool) -> String {
        let direction = isDescending ? " DESC" : ""
        let list = columns.joined(separator: ", ")
        let marks = Array(repeating: "?", count: columns.count).joined(separator: ", ")
        let beyond = continued ? " AND (\(list)) \(isDescending ? "<" : ">") (\(marks))" : ""
        let order = columns.map { $0 + direction }.joined(separator: ", ")
        return "SELECT * FROM track WHERE account = ?\(beyond) ORDER BY \(order) LIMIT ?"
    }
}

extension Track {
    /// What titles and names are ordered by: their lowercase, compared by code point.
    static func order(of text: String) -> String { text.lowercased() }

    /// The values of `sort`'s columns.
    func key(for sort: TrackSort) -> [PageCursor.Value] {
        switch sort {
        case .added, .newest: [.number(added)]
        case .title: [.text(Self.order(of: title)), .text(id)]
        case .artist:
            [.text(Self.order(of: artist)), .text(Self.order(of: album)), .number(disc), .number(track), .text(id)]
        case .album: [.text(Self.order(of: album)), .text(albumID), .number(disc), .number(track), .text(id)]
        case .played: [.number(played ?? 0), .text(id)]
        }
    }
}
