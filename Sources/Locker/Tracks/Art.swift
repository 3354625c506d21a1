public import Audio

/// A stored picture: a track's cover.
public struct Art: Sendable, Hashable {
    /// SHA-256 of the picture, its name in the store.
    public var hash: OriginalHash
    public var format: Picture.Format
    /// Size in bytes.
    public var bytes: Int
    /// Whether it lay beside the imported file instead of inside it: then it is this one row's and no other account's.
    public var isBeside: Bool

    public init(hash: OriginalHash, format: Picture.Format, bytes: Int, isBeside: Bool) {
        self.hash = hash
        self.format = format
        self.bytes = bytes
        self.isBeside = isBeside
    }
}

/// What lay beside an imported file and belongs to it.
public struct Beside: Sendable, Hashable {
    /// Counts only where the file has no cover of its own.
    public var art: Art?
    /// Count unless the file has synchronised ones.
    public var lyrics: TrackTags.Lyrics?

    public init(art: Art? = nil, lyrics: TrackTags.Lyrics? = nil) {
        self.art = art
        self.lyrics = lyrics
    }
}
