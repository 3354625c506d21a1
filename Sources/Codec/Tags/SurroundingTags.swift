/// The tags before and behind the sound, for files whose format has no place for them.
enum SurroundingTags {
    private static let maximumTags = 16
    private static let lyricsMark = "LYRICS200"

    /// Reads all of them, the most reliable kind first; `soundStart` is the first byte behind those in front.
    static func read(_ input: TagInput, apeFirst: Bool, _ pictures: inout PictureChoice) -> (values: TagValues, soundStart: Int) {
        var id3: [ID3v2Tag] = []
        var ape: [APETag] = []
        var start = 0
        for _ in 0..<maximumTags {
            if let tag = ID3v2Tag(input, at: start) {
                id3.append(tag)
                start = tag.range.upperBound
            } else if let tag = APETag(input, at: start) {
                ape.append(tag)
                start = tag.end
            } else {
                break
            }
        }
        var end = input.size
        let old = ID3v1Tag.start(in: input, end: end)
        if let old { end = old }
        for _ in 0..<maximumTags {
            if let tag = APETag(input, endingAt: end), tag.start >= start {
                ape.append(tag)
                end = tag.start
            } else if let tag = ID3v2Tag(input, endingAt: end), tag.range.lowerBound >= start {
                id3.append(tag)
                end = tag.range.lowerBound
            } else if let lyrics = lyricsStart(input, end: end), lyrics >= start {
                end = lyrics
            } else {
                break
            }
        }
        var values = TagValues()
        func readID3() { for tag in id3 { values.fill(from: tag.read(input, &pictures)) } }
        func readAPE() { for tag in ape { values.fill(from: tag.read(input, &pictures)) } }
        if apeFirst { readAPE() }
        readID3()
        if !apeFirst { readAPE() }
        if let old { values.fill(from: ID3v1Tag.values(of: input, at: old)) }
        return (values, start)
    }

    /// Where the Lyrics3v2 tag that ends at `end` begins; it is skipped (https://id3.org/Lyrics3v2).
    private static func lyricsStart(_ input: TagInput, end: Int) -> Int? {
        let tail = input.bytes(at: end - 15, count: 15)
        guard tail.count == 15, tail[6...].elementsEqual(lyricsMark.utf8), tail[..<6].allSatisfy(\.isDigit) else { return nil }
        return end - 15 - tail[..<6].reduce(0) { 10 * $0 + Int($1 - 0x30) }
    }
}
