/// One time a track was heard.
public struct Play: Sendable, Equatable {
    /// Milliseconds since 1970.
    public var at: Int
    public var track: Track
}
