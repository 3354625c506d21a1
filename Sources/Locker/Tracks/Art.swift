public import Audio

/// A stored picture: a track's cover.
public struct Art: Sendable, Hashable {
    /// SHA-256 of the picture, its name in the store.
    public var hash: OriginalHash
    public var format: Picture.Format
    /// Size in bytes.
    public var bytes: Int
    /// Whether it lay beside the imported file instead of inside it. Then it belongs to this one row, and to no other
    /// account's.
    public var isBeside: Bool

    public init(hash: OriginalHash, format: Picture.Format, bytes: Int, isBeside: Bool) {
        self.hash = hash
        self.format = format
        self.bytes = bytes
        self.isBeside = isBeside
    }
}

/// The cover and the lyrics that lay beside an imported file.
public struct Beside: Sendable, Hashable {
    /// Counts only if the file has no cover inside it.
    public var art: Art?
    /// Count unless the file has synchronised lyrics inside it.
    public var lyrics: TrackTags.Lyrics?

    public init(art: Art? = nil, lyrics: TrackTags.Lyrics? = nil) {
        self.art = art
        self.lyrics = lyrics
    }
}
