import Audio

/// The length by the Info frame of an MP3, for files in which libavformat does not read it; by the same rules
/// (gabriel.mp3-tech.org/mp3infotag.html).
struct LAMETag {
    /// Samples the decoder's filters output before the first.
    static let decoderDelay = 529
    private static let tocBytes = 100

    /// Samples per channel before the track's first, by the encoder's delay if the tag is signed; else 0.
    let leadIn: Int
    /// Samples per channel of all frames of sound; 0 if the tag does not state it.
    let frameSamples: Int
    /// Samples per channel behind the track's last.
    private let padding: Int

    /// Whether the tag names an encoder that records its delay.
    var isSigned: Bool { leadIn > 0 }

    /// Nil if the frame has no tag, or the tag no number of frames.
    ///
    /// - Parameter frame: begins with the frame's header and holds at least its tag, if it has one.
    init?(_ frame: [UInt8]) {
        guard let header = LayerIIIHeader(frame, at: 0) else { return nil }
        // A check word between header and tag is not counted.
        let start = LayerIIIHeader.length + header.sideBytes
        let mark = frame.dropFirst(start)
        guard mark.starts(with: "Xing".utf8) || mark.starts(with: "Info".utf8), let flags = frame.number(at: start + 4, 4, .big)
        else { return nil }
        let frames = flags & 1 == 0 ? 0 : frame.number(at: start + 8, 4, .big) ?? 0
        frameSamples = frames * header.samples
        let sizes = [4, 4, Self.tocBytes, 4]
        let signature = sizes.indices.reduce(start + 8) { $0 + (flags >> $1 & 1) * sizes[$1] }
        let signer = frame.dropFirst(signature)
        guard ["LAME", "Lavf", "Lavc"].contains(where: { signer.starts(with: $0.utf8) }),
            let delays = frame.number(at: signature + 21, 3, .big)
        else {
            (leadIn, padding) = (0, 0)
            return
        }
        leadIn = (delays >> 12) + Self.decoderDelay
        padding = max(0, delays & 0xFFF - Self.decoderDelay)
    }

    /// The trims of a track that decodes to `count` samples. A truncated track is not trimmed at its end.
    func trims(_ count: Int) -> (leadIn: Int, samples: Int)? {
        let end = frameSamples > 0 ? min(count, frameSamples - padding) : count
        return end > leadIn ? (leadIn, end - leadIn) : nil
    }
}
