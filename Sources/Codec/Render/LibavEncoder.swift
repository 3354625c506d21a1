import Audio
import CAssertion
import CFFmpeg

/// A libavcodec encoder for one chunk, with its one input frame and its one output packet.
struct LibavEncoder: ~Copyable {
    /// What comes of a frame of input.
    enum Outcome {
        case packet
        /// The encoder needs more input first.
        case none
        /// An assertion failed in the encoder, which can make nothing more.
        case broken
    }

    private let context: UnsafeMutablePointer<AVCodecContext>
    /// Refilled for every call; libavcodec's encoders do not keep it beyond the call.
    let frame: UnsafeMutablePointer<AVFrame>
    private let packet: UnsafeMutablePointer<AVPacket>

    init(_ name: String, _ job: RenderJob, setUp: (UnsafeMutablePointer<AVCodecContext>) -> Void) throws(RenderError) {
        guard let codec = avcodec_find_encoder_by_name(name) else { throw RenderError("libavcodec has no encoder \(name)") }
        var opening: UnsafeMutablePointer<AVCodecContext>? = allocated(avcodec_alloc_context3(codec))
        let context = allocated(opening)
        context.pointee.thread_count = 1
        context.pointee.flags |= AV_CODEC_FLAG_BITEXACT
        context.pointee.sample_rate = Int32(clamping: job.output.sampleRate)
        context.pointee.time_base = AVRational(num: 1, den: Int32(clamping: job.output.sampleRate))
        av_channel_layout_default(&context.pointee.ch_layout, Int32(clamping: job.output.channels))
        setUp(context)
        var frame: UnsafeMutablePointer<AVFrame>? = allocated(av_frame_alloc())
        let input = allocated(frame)
        input.pointee.format = context.pointee.sample_fmt.rawValue
        input.pointee.sample_rate = context.pointee.sample_rate
        input.pointee.nb_samples = Int32(clamping: job.samplesPerFrame)
        guard avcodec_open2(context, codec, nil) >= 0,
            av_channel_layout_copy(&input.pointee.ch_layout, &context.pointee.ch_layout) >= 0,
            av_frame_get_buffer(input, 0) >= 0
        else {
            av_frame_free(&frame)
            avcodec_free_context(&opening)
            throw RenderError("libavcodec's \(name) rejects \(job.bitrate) kbit/s at \(job.output.sampleRate) Hz")
        }
        self.context = context
        self.frame = input
        packet = allocated(av_packet_alloc())
    }

    deinit {
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
    }

    /// Sets the bit rate in bit/s from the next frame on: an encoder with rate control reads it anew for each.
    func steer(to bitRate: Int) { context.pointee.bit_rate = Int64(bitRate) }

    /// Sets what the AAC encoder divides lambda by from the next frame on; nil is libavcodec's own number.
    func divideLambda(by divisor: Int?) { context.pointee.global_quality = Int32(clamping: divisor ?? 0) }

    /// Encodes `samples` per channel from ``frame``.
    func encode(samples: Int) throws(RenderError) -> Outcome {
        frame.pointee.nb_samples = Int32(clamping: samples)
        let sent = send_frame(context, frame)
        if sent == averror_bug() { return .broken }
        guard sent >= 0 else { throw RenderError("libavcodec's encoder takes no frame") }
        let code = avcodec_receive_packet(context, packet)
        if code == averror_again() { return .none }
        guard code >= 0 else { throw RenderError("libavcodec's encoder failed with \(code)") }
        return .packet
    }

    /// The bytes of the last packet of ``encode(samples:)``; valid until its next call.
    var bytes: UnsafeMutableBufferPointer<UInt8> {
        UnsafeMutableBufferPointer(start: packet.pointee.data, count: Int(max(0, packet.pointee.size)))
    }
}
