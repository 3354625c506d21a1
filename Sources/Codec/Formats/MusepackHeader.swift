import Audio

/// The length of a Musepack file by its header (musepack.net: stream versions 7 and 8).
struct MusepackHeader {
    /// Samples the decoder's synthesis filter outputs before the first (`MPC_DECODER_SYNTH_DELAY` of libmpcdec).
    static let synthesisDelay = 481
    private static let maximumPackets = 64

    private static let frameSamples = 1152

    /// Samples of the track by the header; nil if the number is out of range.
    private(set) var samples: Int?

    init(_ file: InputFile, from start: Int) {
        let head = file.bytes(at: start, count: 24)
        guard head.starts(with: "MPCK".utf8) else {
            samples = Self.samples(ofVersion7: head)
            return
        }
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

    /// The number of frames, and the part of the last one that counts if the encoder knew it (bits of the fourth word of the
    /// header).
    private static func samples(ofVersion7 head: [UInt8]) -> Int? {
        guard let frames = head.number(at: 4, 4, .little), let word = head.number(at: 20, 4, .little), frames > 0 else {
            return nil
        }
        let isExact = word >> 31 == 1
        return isExact ? (frames - 1) * frameSamples + word >> 20 & 0x7FF : frames * frameSamples - synthesisDelay
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
