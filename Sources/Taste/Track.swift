/// What list rules have to know about an item.
public struct Track: Sendable, Hashable {
    public var item: Int32
    /// Numbers that are equal if the artist or the release is; nil if unknown.
    public var artist: Int32?
    public var album: Int32?
    public var length: LengthClass
    /// Nil if it suits all of the year.
    public var season: Season?
    /// Accounts that like it: what "less known" goes by.
    public var popularity: Int

    public init(
        item: Int32, artist: Int32? = nil, album: Int32? = nil, length: LengthClass = .song, season: Season? = nil,
        popularity: Int = 0
    ) {
        self.item = item
        self.artist = artist
        self.album = album
        self.length = length
        self.season = season
        self.popularity = popularity
    }
}
