import Audio

/// A file's tags and cover, by our readers, which bound what they read, hold and decode.
///
/// From a damaged tag the readable part is taken; nothing here fails.
struct FileTags {
    var tags: TrackTags
    var art: (picture: Picture, bytes: [UInt8])?

    /// Reads at most about `limit` bytes of tags, and no picture beyond ``Picture/Limit``.
    static func read(_ file: InputFile, _ layout: TagLayout, limit: Int) -> Self {
        let input = TagInput(file, limit: limit)
        var pictures = PictureChoice()
        var values: TagValues
        switch layout {
        case .id3: values = SurroundingTags.read(input, apeFirst: false, &pictures).values
        case .ape: values = SurroundingTags.read(input, apeFirst: true, &pictures).values
        case .flac:
            // FLAC's pictures come before an ID3 tag's.
            var others = PictureChoice()
            let (surrounding, start) = SurroundingTags.read(input, apeFirst: false, &others)
            values = FLACTags.read(input, at: start, &pictures)
            values.fill(from: surrounding)
            if pictures.best == nil { pictures = others }
        case .ogg: values = OggTags.read(input, &pictures)
        case .mp4: values = MP4Tags.read(input, &pictures)
        case .asf: values = ASFTags.read(input, &pictures)
        case .wav: values = ChunkTags.readWAV(input, &pictures)
        case .aiff: values = ChunkTags.readAIFF(input, &pictures)
        }
        return Self(tags: TrackTags(values), art: pictures.best)
    }
}
