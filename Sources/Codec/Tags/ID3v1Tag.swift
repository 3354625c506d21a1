/// The last 128 bytes of many files (https://id3.org/ID3v1).
enum ID3v1Tag {
    static let length = 128

    /// Where the tag begins in a file that ends at `end`; nil if there is none.
    static func start(in input: TagInput, end: Int) -> Int? {
        let start = end - length
        // The letters may also be the last of APETAGEX.
        guard start >= 0, input.has("TAG", at: start), !input.has("APETAGEX", at: start - 5) else { return nil }
        return start
    }

    static func values(of input: TagInput, at start: Int) -> TagValues {
        let bytes = input.bytes(at: start, count: length)
        var values = TagValues()
        guard bytes.count == length else { return values }
        for (field, range) in [(TagField.title, 3..<33), (.artist, 33..<63), (.album, 63..<93), (.date, 93..<97)] {
            values.add(field, text(bytes[range]))
        }
        // ID3v1.1: a zero at 125 makes 126 the track number.
        let track = bytes[126]
        let hasTrack = bytes[125] == 0 && track != 0
        values.add(.comment, text(bytes[97..<(hasTrack ? 125 : 127)]))
        if hasTrack { values.add(.track, "\(track)") }
        values.add(.genre, ID3Genre.name(Int(bytes[127])))
        return values.resolved()
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> TagText {
        var reader = BlockReader(bytes)
        return .undeclared(Array(reader.takeTerminated()))
    }
}
