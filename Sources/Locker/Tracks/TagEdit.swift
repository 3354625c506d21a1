/// Other tags for a track. What is nil stays.
public struct TagEdit: Sendable, Hashable {
    /// Not empty.
    public var title: String?
    public var artist: String?
    public var albumArtist: String?
    public var album: String?
    /// 0 for none, as disc and year.
    public var track: Int?
    public var disc: Int?
    public var year: Int?
    public var genres: [String]?

    public init() {}
}
