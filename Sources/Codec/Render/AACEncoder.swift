import Audio
import CFFmpeg

/// libavcodec's AAC-LC encoder for one chunk: a fresh instance, pre-roll thrown away.
///
/// Packet k holds the transform over the input frames k - 1 and k, and comes out when frame k + 1 goes in.
struct AACEncoder: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { false }

    private let encoder: LibavEncoder
    private let samplesPerFrame: Int
    private var discarding: Int
    private var missing: Int
    /// Bytes of the largest frame so far.
    private(set) var largestFrame = 0

    /// - Parameter bitRate: bit/s.
    init(_ job: RenderJob, bitRate: Int) throws(RenderError) {
        encoder = try LibavEncoder("aac", job) { context in
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
            context.pointee.bit_rate = Int64(bitRate)
            // Audibly better than `fast` at 64 to 96 kbit/s, and three times as slow.
            av_opt_set(context.pointee.priv_data, "aac_coder", "twoloop", 0)
        }
        samplesPerFrame = job.samplesPerFrame
        discarding = job.preRollFrames
        missing = job.frames
    }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        let planes = allocated(encoder.frame.pointee.extended_data)
        for channel in 0..<signal.channels {
            UnsafeMutableRawPointer(allocated(planes[channel])).copyMemory(
                from: signal.samples(ofChannel: channel, at: sample), byteCount: samplesPerFrame * MemoryLayout<Float>.size)
        }
        guard try encoder.encode(samples: samplesPerFrame) else { return }
        if discarding > 0 {
            discarding -= 1
        } else if missing > 0 {
            missing -= 1
            largestFrame = max(largestFrame, encoder.bytes.count)
            try output.append(sized: UnsafeBufferPointer(encoder.bytes))
        }
    }
}

/// How large a chunk of AAC and its frames may become: the playlist's promise, and the standard's limit.
struct AACBudget {
    private static let attempts = 8
    /// The percentage of its share that a chunk may take before it is encoded again. Tracks of which every chunk is 2 to 8 % too
    /// large would break the promised average long before they break the promised peak.
    static let percent = 104

    /// Bytes of a chunk.
    private let byteCount: Int
    /// Bytes of a frame; libavcodec does not keep to this limit.
    private let frameBytes: Int
    /// The bit rate requested from the encoder, in bit/s.
    private(set) var bitRate: Int
    private var attempt = 1

    init(_ job: RenderJob) {
        // libavcodec exceeds the requested rate by up to 2.1 % over a track, at 256 kbit/s by up to 4 (measured over real music),
        // and a playlist promises an average of 2 kbit/s over the rung, most of which the boxes take.
        bitRate = job.bitrate * (job.bitrate < 256 ? 970 : 950)
        frameBytes = AACLimit.frameBytes(channels: job.output.channels)
        byteCount =
            AACLimit.bytes(
                ofFrames: job.frames, startsTrack: job.encoderStart < 0, endsTrack: job.endsTrack, bitrate: job.bitrate,
                sampleRate: job.output.sampleRate, percent: Self.percent) + job.frames * EncodedFrames.prefixBytes
    }

    /// The bit rate for another try in bit/s, nine tenths of the one before, if a chunk of `size` bytes or its largest frame is
    /// too large.
    mutating func bitRate(after size: Int, largestFrame: Int) -> Int? {
        guard size > byteCount || largestFrame > frameBytes, attempt < Self.attempts else { return nil }
        attempt += 1
        bitRate = bitRate * 9 / 10
        return bitRate
    }
}
