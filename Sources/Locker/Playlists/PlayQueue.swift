/// The tracks that a listener was about to hear, to be continued on another device.
public struct PlayQueue: Sendable, Hashable {
    /// Ids of tracks, in their order.
    public var tracks: [String]
    /// The place in `tracks` of the track that was playing; nil if there is none.
    public var current: Int?
    /// The position in that track, in milliseconds.
    public var position: Int
    /// Milliseconds since 1970.
    public var changed: Int
    /// The player that saved it, as it names itself; empty if it does not.
    public var changedBy = ""

    public static let mostTracks = 10_000
}
