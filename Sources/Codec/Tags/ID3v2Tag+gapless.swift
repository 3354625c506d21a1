import Audio

extension ID3v2Tag {
    /// The gapless tag that iTunes keeps in a comment of an MP3.
    func gaplessTag(_ input: TagInput) -> GaplessTag? {
        var found: GaplessTag?
        walk(input) {
            $0.name == "COMM" && $0.size <= Self.maximumGaplessBytes
        } take: { _, content in
            guard found == nil, let comment = ID3v2Values.comment(content), comment.description == GaplessTag.name else { return }
            found = comment.texts.first?.plain.flatMap { GaplessTag($0) }
        }
        return found
    }

    /// The gapless tag of the first tag in front of the file that has one.
    static func gaplessTag(in file: InputFile) -> GaplessTag? {
        let input = TagInput(file, limit: gaplessBudget)
        var start = 0
        for _ in 0..<maximumGaplessTags {
            guard let tag = ID3v2Tag(input, at: start) else { return nil }
            if let found = tag.gaplessTag(input) { return found }
            start = tag.range.upperBound
        }
        return nil
    }

    private static let maximumGaplessBytes = 4096
    private static let maximumGaplessTags = 16
    /// Bytes; the pictures of an unsynchronised tag must be read to be skipped.
    private static let gaplessBudget = 64 << 20
}
