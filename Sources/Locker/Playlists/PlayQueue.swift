/// What somebody was about to hear, to go on with on another device.
public struct PlayQueue: Sendable, Hashable {
    /// Ids of tracks, in their order.
    public var tracks: [String]
    /// The place in `tracks` of the one that was playing.
    public var current: Int?
    /// Where in it, in milliseconds.
    public var position: Int
    /// Milliseconds since 1970.
    public var changed: Int

    public static let mostTracks = 10_000
}
