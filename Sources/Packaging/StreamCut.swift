import Audio

/// How a Stream leaves out the beginning of its track, to the sample.
///
/// It has the frames of the whole Stream from one shortly before its first sample on: as many as a decoder needs to get that
/// sample right. The header says how many samples a player is to leave out, as it does for the encoder's delay. So no chunk is
/// encoded for it that the whole Stream does not have too.
struct StreamCut: Sendable {
    /// Samples of a decoder's own delay that a reader of the LAME tag leaves out beside the delay it states (libavformat,
    /// mpg123 and LAME alike).
    private static let decoderDelay = 529
    /// Samples of Opus that are decoded before those that are heard: half a second, after which nothing is left of the decoder's
    /// start. RFC 7845 §4.2 asks for 80 ms. A page more still fits into the field for it.
    private static let opusPreRoll = 24_000

    /// Output samples that the Stream leaves out.
    let samples: Int
    /// The first frame of the whole Stream that this one has.
    let firstFrame: Int
    /// Samples that a player is to leave out at the beginning: the encoder's delay and what the first frames have too much.
    let trimmed: Int
    /// Frames at the beginning that are made silent, because their main data began in frames that are left out: see
    /// ``SilentMP3Frame``.
    let silentFrames: Int

    /// - Parameter samples: from 0 on, and less than the grid's.
    init(_ samples: Int, _ grid: FrameGrid) {
        self.samples = samples
        let spf = grid.samplesPerFrame
        switch grid.rendition.ladder {
        case .opus:
            let sample = samples + grid.encoderDelay - Self.opusPreRoll
            firstFrame = max(0, sample) / (spf * OpusPages.packetsPerPage) * OpusPages.packetsPerPage
            silentFrames = 0
        case .aac:
            // A packet sounds right if the one before it was decoded.
            firstFrame = max(0, (samples + grid.encoderDelay) / spf - 1)
            silentFrames = 0
        case .mp3, .flac:
            // The frame that a decoder gives the first sample with. What sounds in it comes from the frame before it too, and in
            // MPEG-2, whose frames are half as long, from two (ISO 11172-3 §2.4.3.4). Their main data begins at most 511 bytes
            // before them, or 255 (§2.4.2.7), which are in the two frames before at every rung.
            let frame = (samples + grid.encoderDelay + Self.decoderDelay) / spf
            let (sounding, preRoll) = spf == 1152 ? (1, 3) : (2, 6)
            firstFrame = max(0, frame - preRoll)
            silentFrames = firstFrame == 0 ? 0 : preRoll - sounding
        }
        trimmed = samples + grid.encoderDelay - firstFrame * spf
    }
}
