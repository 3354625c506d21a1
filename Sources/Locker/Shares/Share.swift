/// A part of an account's locker that whoever has its link may hear.
public struct Share: Sendable, Hashable, Identifiable {
    /// What is shared, by ids.
    public enum Subject: Sendable, Hashable {
        /// Tracks in this order, at most ``Share/mostTracks``; one may come more than once.
        case tracks([String])
        case album(String)
        case playlist(String)
    }

    public enum Kind: String, Sendable {
        case tracks, album, playlist
    }

    /// The most shares of an account.
    public static let most = 1000
    /// The most tracks that are shared by their ids.
    public static let mostTracks = 1000

    /// 22 base62 characters, random: not the secret.
    public var id: String
    public var account: Int64
    public var kind: Kind
    /// The id of the album or the playlist; nil for tracks.
    var item: String?
    /// The name of the album or the playlist as it is now, or the title of the first track; empty if that is gone.
    public var name: String
    /// The owner's words.
    public var description: String
    /// How many there are now.
    public var tracks: Int
    /// Milliseconds since 1970, like all times.
    public var created: Int
    /// When it ends; nil for never.
    public var expires: Int?
    /// The last visit; nil before the first.
    public var visited: Int?
    public var visits: Int
    /// Whether it is of a smart playlist.
    var isSmart = false
}

extension Share {
    static let columns = [
        "share.id", "share.account", "share.album", "share.playlist",
        """
        coalesce(album.name, playlist.name, (
            SELECT track.title FROM shareTrack JOIN track ON track.id = shareTrack.track WHERE shareTrack.share = share.id
            ORDER BY shareTrack.position LIMIT 1
        ), '')
        """, "coalesce(album.tracks, playlist.tracks, share.tracks)", "share.description", "share.created", "share.expires",
        "share.visited", "share.visits", "CASE WHEN playlist.rules IS NULL THEN 0 ELSE 1 END"
    ]

    /// The tables that ``columns`` are read from.
    static let source = """
        share LEFT JOIN album ON album.id = share.album LEFT JOIN playlist ON playlist.id = share.playlist
        """

    /// - Parameter row: begins with ``columns``.
    init(row: Row) {
        let (album, playlist): (String?, String?) = (row[2], row[3])
        self.init(
            id: row[0], account: row[1], kind: album != nil ? .album : playlist != nil ? .playlist : .tracks,
            item: album ?? playlist, name: row[4], description: row[6], tracks: row[5], created: row[7], expires: row[8],
            visited: row[9], visits: row[10], isSmart: row[11])
    }
}
