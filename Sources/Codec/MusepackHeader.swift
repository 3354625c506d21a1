import Audio

/// What a Musepack file says of its length (musepack.net: stream versions 7 and 8).
struct MusepackHeader {
    /// Samples the decoder's synthesis filter gives before the first (`MPC_DECODER_SYNTH_DELAY` of libmpcdec).
    static let synthesisDelay = 481
    private static let maximumPackets = 64

    /// Samples of the track by the header of stream version 8; nil for version 7, whose last packet says it.
    private(set) var samples: Int?

    init(_ file: InputFile, from start: Int) {
        guard file.bytes(at: start, count: 4).elementsEqual("MPCK".utf8) else { return }
        var position = start + 4
        for _ in 0..<Self.maximumPackets {
            let bytes = file.bytes(at: position, count: 64)
            var reader = Numbers(bytes.dropFirst(2))
            guard bytes.count > 2, let size = reader.next(), size >= 3 else { return }
            if bytes.starts(with: "SH".utf8) {
                // CRC and version, then the samples and the silence before them.
                reader.skip(5)
                guard let count = reader.next(), let silence = reader.next(), count > silence else { return }
                samples = count - silence
                return
            }
            position += size
        }
    }

    /// Numbers of seven bits a byte, the highest first.
    private struct Numbers {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        mutating func skip(_ count: Int) { rest = rest.dropFirst(count) }

        mutating func next() -> Int? {
            var value = 0
            while let byte = rest.popFirst(), value < 1 << 48 {
                value = value << 7 | Int(byte & 0x7F)
                if byte & 0x80 == 0 { return value }
            }
            return nil
        }
    }

    /// The trims of a track that decodes to `count` samples.
    func trims(_ count: Int) -> (leadIn: Int, samples: Int)? {
        let rest = count - Self.synthesisDelay
        return rest > 0 ? (Self.synthesisDelay, min(rest, samples ?? rest)) : nil
    }
}
