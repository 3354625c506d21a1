/// What listeners agree to call a recording.
public struct CommonName: Sendable, Hashable {
    public var title: String
    public var artist: String
    /// Empty if too few agree on it.
    public var album: String
    /// Of one of those who agree, as is the length. Neither is to be shown.
    public var genres: [String]
    public var milliseconds: Int
}
