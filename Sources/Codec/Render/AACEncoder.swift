import Audio
import CFFmpeg

/// libavcodec's AAC-LC encoder for one chunk: a fresh instance, pre-roll thrown away, its frames steered towards the chunk's size.
///
/// Packet k holds the transform over the input frames k - 1 and k, and comes out when frame k + 1 goes in.
struct AACEncoder: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { false }

    /// Frames of pre-roll of an encoder that makes a single frame.
    private static let sparePreRoll = 4
    /// Single frames that a chunk may have encoded again: a bound on what a hostile signal costs.
    private static let mostSpares = 16

    private let job: RenderJob
    private var encoder: LibavEncoder
    private let samplesPerFrame: Int
    /// bit/s at which a frame has one byte.
    private let bitRate: Double
    /// bit/s that an encoder is opened with.
    private let opening: Int
    private let cutoff: Int
    private var discarding: Int
    /// Bytes of the pre-roll's last frame.
    private var discarded: Int?
    private var steering: AACSteering
    private var fragments: Fragments
    private var spares = 0

    init(_ job: RenderJob) throws(RenderError) {
        let bytes = job.byteCount - job.frames * EncodedFrames.prefixBytes
        guard bytes >= job.frames * AACSteering.silentBytes else {
            throw RenderError("\(job.frames) frames of AAC do not fit \(job.byteCount) bytes")
        }
        let budget = AACBudget(bitrate: job.bitrate, output: job.output)
        let steering = AACSteering(budget, frames: job.frames, bytes: bytes)
        let bitRate = 8 * Double(job.output.sampleRate) / Double(job.samplesPerFrame)
        let cutoff = Self.cutoff(budget, job.output)
        let opening = Int(steering.opening(channels: job.output.channels) * bitRate)
        encoder = try LibavEncoder(settled: job, bitRate: opening, cutoff: cutoff)
        self.job = job
        self.steering = steering
        self.bitRate = bitRate
        self.opening = opening
        self.cutoff = cutoff
        samplesPerFrame = job.samplesPerFrame
        discarding = job.preRollFrames
        fragments = Fragments(frames: job.frames, sampleRate: job.output.sampleRate)
    }

    /// Where the sound ends, in Hz: where libavcodec ends it at the rung's bit rate (`AAC_CUTOFF_FROM_BITRATE` in psymodel.h, with the
    /// 1.15 of its coder). It would decide anew in every frame, by what is asked for in it, and the highest bands would come and go.
    private static func cutoff(_ budget: AACBudget, _ output: OutputFormat) -> Int {
        let rate = Double(budget.bitsPerSecond) / Double(output.channels) * 1.15
        let ends = [max(rate / 5, rate * 15 / 32 - 5500), 3000 + rate / 4, 12_000 + rate / 16, 22_000]
        return max(3000, Int(min(ends.min() ?? 0, Double(output.sampleRate) / 2)))
    }

    /// Frames that are still to come.
    var missing: Int { steering.missing }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        let request = discarding > 0 ? discarded.map(steering.request(after:)) : nil
        encoder.steer(to: Int((request ?? steering.request) * bitRate))
        encoder.divideLambda(by: discarding > 0 ? AACSteering.divisor(inPreRoll: job.preRollFrames - discarding) : nil)
        var frame: UnsafeBufferPointer<UInt8>?
        switch try encoder.encode(signal, at: sample, samples: samplesPerFrame) {
        case .none: return
        case .packet: frame = UnsafeBufferPointer(encoder.bytes)
        case .broken:
            // A fresh one makes the next frame from this input on.
            encoder = try LibavEncoder(settled: job, bitRate: opening, cutoff: cutoff)
            encoder.steer(to: Int(steering.request * bitRate))
            _ = try encoder.encode(signal, at: sample, samples: samplesPerFrame)
        }
        if discarding > 0 {
            discarding -= 1
            discarded = frame?.count
        } else if missing > 0 {
            if let frame, steering.admits(frame.count) {
                try keep(frame, in: &output)
            } else {
                try replace(frame, signal, sample, in: &output)
            }
        }
    }

    private mutating func keep(
        _ frame: UnsafeBufferPointer<UInt8>, in output: inout EncodedBytes
    ) throws(RenderError) {
        try output.append(sized: frame)
        steering.keep(frame.count)
        if fragments.ends(afterFrame: job.frames - missing) { output.endPiece() }
    }

    /// Makes the frame again by itself and smaller, from the same signal: with a fresh encoder and little pre-roll. If it is still too
    /// large, it plays nothing.
    ///
    /// - Parameter frame: nil if there is none, because the encoder broke.
    private mutating func replace(
        _ frame: UnsafeBufferPointer<UInt8>?, _ signal: borrowing SignalBuffer, _ sample: Int, in output: inout EncodedBytes
    ) throws(RenderError) {
        if spares < Self.mostSpares {
            spares += 1
            let spare = try LibavEncoder(aac: job, bitRate: Int(steering.smallRequest * bitRate))
            var outcome = LibavEncoder.Outcome.none
            let first = max(0, sample - Self.sparePreRoll * samplesPerFrame)
            for start in stride(from: first, through: sample, by: samplesPerFrame) where outcome != .broken {
                outcome = try spare.encode(signal, at: start, samples: samplesPerFrame)
            }
            if outcome == .packet, steering.admits(spare.bytes.count) {
                return try keep(UnsafeBufferPointer(spare.bytes), in: &output)
            }
        }
        let silence = SilentAACFrame.bytes(inPlaceOf: frame, channels: job.output.channels)
        try silence.withUnsafeBufferPointer { (bytes) throws(RenderError) in try keep(bytes, in: &output) }
    }
}

extension LibavEncoder {
    /// An encoder that begins where its rate control settles.
    ///
    /// `global_quality` sets the first lambda when the encoder is opened.
    /// - Parameter cutoff: in Hz.
    fileprivate init(settled job: RenderJob, bitRate: Int, cutoff: Int) throws(RenderError) {
        try self.init(aac: job, bitRate: bitRate) { context in
            context.pointee.cutoff = Int32(clamping: cutoff)
            context.pointee.global_quality = Int32(clamping: AACSteering.lambda)
        }
        divideLambda(by: nil)
    }

    fileprivate init(
        aac job: RenderJob, bitRate: Int, setUp: (UnsafeMutablePointer<AVCodecContext>) -> Void = { _ in }
    ) throws(RenderError) {
        try self.init("aac", job) { context in
            context.pointee.sample_fmt = AV_SAMPLE_FMT_FLTP
            context.pointee.bit_rate = Int64(bitRate)
            av_opt_set(context.pointee.priv_data, "aac_coder", job.effort == 0 ? "fast" : "twoloop", 0)
            setUp(context)
        }
    }

    /// Encodes the frame of planar input that begins at `sample`.
    fileprivate func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, samples: Int
    ) throws(RenderError) -> Outcome {
        let planes = allocated(frame.pointee.extended_data)
        for channel in 0..<signal.channels {
            UnsafeMutableRawPointer(allocated(planes[channel])).copyMemory(
                from: signal.samples(ofChannel: channel, at: sample), byteCount: samples * MemoryLayout<Float>.size)
        }
        return try encode(samples: samples)
    }
}
