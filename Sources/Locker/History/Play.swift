/// One time a track was heard.
public struct Play: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    /// Milliseconds of the track at which it stopped; nil if that is not known.
    public var stopped: Int?
    /// Milliseconds of sound that were heard, wherever in the track; nil if that is not known.
    public var heard: Int?
    public var source: PlaySource
    public var track: Track
}

/// One time a track was left soon after its start.
public struct Skip: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    /// Milliseconds of sound that were heard.
    public var heard: Int
    public var source: PlaySource
    /// The track's id.
    public var track: String
}

/// Who reported a play.
public enum PlaySource: String, Sendable, CaseIterable {
    /// A player that speaks this server's API, the web player among them.
    case player
    /// A player that reports its positions by Subsonic's `reportPlayback`.
    case subsonic
    /// A player that reports plays alone, by Subsonic's `scrobble`.
    case scrobble
    /// An export of another service.
    case `import`
    /// Not known: reported before this was kept, or by a client that does not say.
    case unknown = ""
}
