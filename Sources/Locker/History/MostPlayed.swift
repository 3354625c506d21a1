/// What an account heard in a span of time.
public struct MostPlayed: Sendable {
    /// Something with how often it was played.
    public struct Counted<Item: Sendable>: Sendable {
        public var plays: Int
        public var item: Item
    }

    public var plays = 0
    /// Milliseconds that were heard; of a play that did not say, the whole track's.
    public var heard = 0
    /// Those played most, most plays first; of equal ones in the order of their ids. So are artists and albums.
    public var tracks: [Counted<Track>] = []
    /// By the artist under which a track is filed.
    public var artists: [Counted<Credit>] = []
    public var albums: [Counted<Album>] = []
}
