import Audio
import CLAME

/// LAME for one chunk: constant bitrate, joint stereo, bit reservoir on.
///
/// After the pre-roll the reservoir is drained but the filter bank kept, so the first kept frame refers to no earlier one
/// (`main_data_begin` 0) and joins the chunk before inaudibly.
struct MP3Encoder: FrameEncoder, ~Copyable {
    static var readsInterleaved: Bool { false }

    private let encoder: OpaquePointer
    private let samplesPerFrame: Int32
    private let preRollFrames: Int
    private let lastFrame: Int
    private var isKeeping: Bool

    init(_ job: RenderJob) throws(RenderError) {
        let encoder = allocated(lame_init())
        lame_set_silent(encoder)
        let isMono = job.output.channels == 1
        let settings = [
            lame_set_in_samplerate(encoder, Int32(clamping: job.output.sampleRate)),
            lame_set_out_samplerate(encoder, Int32(clamping: job.output.sampleRate)),
            lame_set_num_channels(encoder, isMono ? 1 : 2),
            lame_set_mode(encoder, isMono ? MONO : JOINT_STEREO),
            lame_set_quality(encoder, Int32(clamping: job.effort)),
            lame_set_VBR(encoder, vbr_off),
            lame_set_brate(encoder, Int32(clamping: job.bitrate)),
            lame_set_disable_reservoir(encoder, 0),
            lame_set_bWriteVbrTag(encoder, 0),
            lame_init_params(encoder)
        ]
        guard settings.allSatisfy({ $0 >= 0 }), lame_get_framesize(encoder) == job.samplesPerFrame,
            lame_get_out_samplerate(encoder) == job.output.sampleRate, lame_get_brate(encoder) == job.bitrate
        else {
            lame_close(encoder)
            throw RenderError("LAME rejects \(job.bitrate) kbit/s at \(job.output.sampleRate) Hz")
        }
        self.encoder = encoder
        samplesPerFrame = Int32(clamping: job.samplesPerFrame)
        preRollFrames = job.preRollFrames
        lastFrame = job.preRollFrames + job.frames
        isKeeping = job.preRollFrames == 0
    }

    deinit {
        lame_close(encoder)
    }

    mutating func encode(
        _ signal: borrowing SignalBuffer, at sample: Int, into output: inout EncodedBytes
    ) throws(RenderError) {
        // More than one frame a call would carry LAME past the frame where the reservoir has to be drained.
        let frames = Int(lame_get_frameNum(encoder))
        guard frames < lastFrame else { return }
        let left = signal.samples(ofChannel: 0, at: sample)
        let right = signal.channels == 1 ? left : signal.samples(ofChannel: 1, at: sample)
        let room = Int32(EncodedBytes.room / 2)
        var count = lame_encode_buffer_ieee_float(encoder, left, right, samplesPerFrame, output.end, room)
        guard count >= 0 else { throw RenderError("LAME failed with \(count)") }
        let now = Int(lame_get_frameNum(encoder))
        if isKeeping { output.append(Int(count)) }
        guard now > frames, now == lastFrame || !isKeeping && now == preRollFrames else { return }
        count = lame_encode_flush_nogap(encoder, output.end, room)
        guard count >= 0 else { throw RenderError("LAME failed with \(count) at the end of a chunk") }
        if isKeeping { output.append(Int(count)) }
        isKeeping = true
    }
}
