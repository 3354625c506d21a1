/// A service that is told what an account plays.
public enum ScrobbleService: String, Sendable, CaseIterable {
    case listenBrainz = "listenbrainz"
    case lastFM = "lastfm"
}

/// A service that an account has told, without its token there.
public struct Scrobbler: Sendable, Hashable {
    public var service: ScrobbleService
    /// Of the listener there.
    public var name: String
    /// Milliseconds since 1970.
    public var since: Int
    /// Why nothing is sent any more; nil as long as it is.
    public var fault: String?
    /// Plays that the service has taken.
    public var sent: Int
    /// Plays that it still has to be told.
    public var waiting: Int
}

/// Plays that a service has to be told, the earliest first, and the token to tell it with.
public struct ScrobbleBatch: Sendable {
    public var account: Int64
    public var service: ScrobbleService
    /// Nil if it was sealed under another key.
    public var token: String?
    /// Failures since the last success.
    public var failures: Int
    public var plays: [ScrobbledPlay]
}

/// A play as a service is told of it.
public struct ScrobbledPlay: Sendable, Hashable {
    /// Milliseconds since 1970.
    public var at: Int
    /// The track's id.
    public var track: String
    public var title: String
    public var artist: String
    /// Empty if unknown, as are the album's artist and MusicBrainz' identifiers.
    public var album: String
    public var albumArtist: String
    /// Milliseconds.
    public var duration: Int
    /// MusicBrainz' identifiers.
    public var recording: String
    public var release: String

    public init(
        at: Int, track: String, title: String, artist: String, album: String, albumArtist: String, duration: Int,
        recording: String, release: String
    ) {
        (self.at, self.track, self.title, self.artist, self.album) = (at, track, title, artist, album)
        (self.albumArtist, self.duration, self.recording, self.release) = (albumArtist, duration, recording, release)
    }
}
