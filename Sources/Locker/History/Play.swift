/// One time a track was heard.
public struct Play: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    /// Milliseconds of the track at which it stopped; nil if that is not known.
    public var stopped: Int?
    public var track: Track
}
