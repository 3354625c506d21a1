extension Rendition {
    /// How much the rung's encoder works: libopus's complexity, the more the harder; LAME's quality, the more the less; 0 for AAC's
    /// coder `fast` and 1 for `twoloop`; FLAC's compression level.
    ///
    /// It decides the rung's bytes, and is part of its entity tag.
    public var effort: Int {
        switch ladder {
        case .mp3: 3
        case .opus: 10
        case .aac: 1
        case .flac: 5
        }
    }
}
