import Audio

/// `iTunSMPB`, which iTunes keeps among a file's tags: the numbers of samples before the sound, behind it, and of the sound.
///
/// Programs that join, splits or re-encode a file keep the tag, so it counts only if the three numbers add up to the decoded
/// length.
struct GaplessTag: Equatable {
    static let name = "iTunSMPB"

    /// Samples per channel, in an MP4 file at the rate of HE-AAC's core.
    let priming: Int
    let padding: Int
    let samples: Int

    /// ` 00000000 00000840 000001CA 00000000003F31F6 …`: the second to fourth word are priming, padding and samples, in hexadecimal.
    init?(_ text: some StringProtocol) {
        let words = text.utf8.prefix(1024).split { !$0.isHexadecimal }.prefix(4).map { word in
            Int(String(decoding: word, as: UTF8.self), radix: 16)
        }
        guard words.count == 4, let priming = words[1], let padding = words[2], let samples = words[3], priming < 1 << 16,
            padding < 1 << 16, samples > 0, samples < 1 << 40
        else { return nil }
        (self.priming, self.padding, self.samples) = (priming, padding, samples)
    }

    /// How many samples of a track one of the tag's stands for if the track's packets decode to `count`: 1, or 2 if they are
    /// HE-AAC. Nil if the tag does not fit these packets.
    func scale(_ count: Int) -> Int? {
        let sum = priming + samples + padding
        return count == sum ? 1 : count == 2 * sum ? 2 : nil
    }

    /// The sound of an MP4 track whose packets decode to `count` samples; nil if the tag does not fit them.
    func sound(of count: Int) -> Range<Int>? {
        scale(count).map { priming * $0..<(priming + samples) * $0 }
    }

    /// The sound of an MP3 whose frames decode to `count` samples; nil if the tag does not fit them. As in a LAME tag, the
    /// numbers do not include the decoder's delay.
    func soundOfMP3(_ count: Int) -> Range<Int>? {
        guard scale(count) == 1 else { return nil }
        let start = priming + LAMETag.decoderDelay
        let end = count - max(0, padding - LAMETag.decoderDelay)
        return start < end ? start..<end : nil
    }
}

extension UInt8 {
    fileprivate var isHexadecimal: Bool { isDigit || (0x41...0x46).contains(self) || (0x61...0x66).contains(self) }
}
