/// One account's plays of one track in a month.
public struct ReportPlay: Sendable, Hashable {
    /// The texts are those of the account's own tags.
    public var title: String
    public var artist: String
    /// The artists one by one.
    public var artists: [String]
    public var album: String
    public var albumArtist: String
    public var genres: [String]
    /// Equal for encodes of one recording; nil while that is not known.
    public var recording: Int64?
    public var count: Int
    /// Times of the first and the last of them, in milliseconds since 1970.
    public var times: ClosedRange<Int>

    public init(
        title: String, artist: String, artists: [String], album: String, albumArtist: String, genres: [String],
        recording: Int64?, count: Int, times: ClosedRange<Int>
    ) {
        (self.title, self.artist, self.artists, self.album) = (title, artist, artists, album)
        (self.albumArtist, self.genres, self.recording) = (albumArtist, genres, recording)
        (self.count, self.times) = (count, times)
    }

    /// The cells that the plays are in, each once.
    var keys: Set<ReportKey> {
        var keys: [ReportKey?] = genres.map { ReportKey(.genre, $0) } + artists.map { ReportKey(.artist, $0) }
        keys.append(ReportKey(.release, album, by: albumArtist.isEmpty ? artist : albumArtist))
        if let recording { keys.append(ReportKey(.recording, title, by: artist, recording: recording)) }
        return Set(keys.compactMap(\.self))
    }
}

/// One account that takes part, with its month.
public struct ReportListener: Sendable {
    public var account: Int64
    /// Milliseconds since 1970.
    public var created: Int
    /// Since it opted in.
    public var plays: [ReportPlay]

    public init(account: Int64, created: Int, plays: [ReportPlay]) {
        (self.account, self.created, self.plays) = (account, created, plays)
    }
}
