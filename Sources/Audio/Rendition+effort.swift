extension Rendition {
    /// How much the rung's encoder works: libopus's complexity, the more the harder; LAME's quality, the more the less; 0 for AAC's
    /// coder `fast` and 1 for `twoloop`; FLAC's compression level.
    ///
    /// It decides the rung's bytes, and is part of its entity tag. `Codec.docc/Decisions/Effort.md` has what each effort costs and gives.
    public var effort: Int {
        switch (ladder, bitrate) {
        case (.mp3, 128...256): 5
        case (.mp3, _): 3
        case (.opus, _): 4
        case (.aac, _): 1
        case (.flac, _): 5
        }
    }
}
