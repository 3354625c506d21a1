/// Other tags for a track. A tag that is nil stays as it is.
public struct TagEdit: Sendable, Hashable {
    /// Not empty.
    public var title: String?
    public var artist: String?
    public var albumArtist: String?
    public var album: String?
    /// 0 for no number; likewise for disc and year.
    public var track: Int?
    public var disc: Int?
    public var year: Int?
    public var genres: [String]?

    public init() {}
}
