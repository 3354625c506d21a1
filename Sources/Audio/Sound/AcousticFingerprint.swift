/// The Chromaprint fingerprint (algorithm 1, "default") of a track's first two minutes: 32 bits for each of its overlapping
/// windows, `1365 / 11_025` s apart. Encodes of one recording have nearly the same.
public struct AcousticFingerprint: Sendable, Hashable {
    /// Seconds from the track's start that a fingerprint covers at most.
    public static let seconds = 120
    /// Words that are kept: the first of more.
    public static let mostWords = 1024

    /// In the order of time. Empty if nothing was measured, or if the track is shorter than 3 s.
    public let words: [UInt32]

    public init(words: [UInt32] = []) { self.words = Array(words.prefix(Self.mostWords)) }
}

extension AcousticFingerprint {
    func write(to writer: inout ByteWriter) {
        writer.writeVariable(words.count)
        for word in words { writer.write(word) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        let count = try reader.readVariable(limit: Self.mostWords)
        guard reader.remaining >= count * 4 else { throw reader.malformed }
        var words: [UInt32] = []
        words.reserveCapacity(count)
        for _ in 0..<count { words.append(try reader.read()) }
        self.init(words: words)
    }
}
