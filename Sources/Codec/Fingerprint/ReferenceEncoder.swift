import Audio
import CFFmpeg

/// A libavcodec encoder that makes the fingerprint's packets for the decoders.
struct ReferenceEncoder: ~Copyable {
    /// Of the lossy codecs, in bit/s.
    static let bitRate = 128_000

    private let context: UnsafeMutablePointer<AVCodecContext>
    private let frame: UnsafeMutablePointer<AVFrame>
    private let packet: UnsafeMutablePointer<AVPacket>

    init(_ codec: SourceCodec, sampleRate: Int, channels: Int) throws(RenderError) {
        let name = codec == .vorbis ? "libvorbis" : codec.rawValue
        guard let encoder = avcodec_find_encoder_by_name(name) ?? avcodec_find_encoder_by_name(codec.rawValue) else {
            throw RenderError("libavcodec has no encoder \(codec.rawValue)")
        }
        var opening: UnsafeMutablePointer<AVCodecContext>? = allocated(avcodec_alloc_context3(encoder))
        let context = allocated(opening)
        context.pointee.thread_count = 1
        context.pointee.sample_rate = Int32(clamping: sampleRate)
        context.pointee.sample_fmt = codec.referenceSampleFormat
        context.pointee.bit_rate = Int64(Self.bitRate)
        av_channel_layout_default(&context.pointee.ch_layout, Int32(clamping: channels))
        // FFmpeg's own Vorbis encoder calls itself experimental.
        context.pointee.strict_std_compliance = FF_COMPLIANCE_EXPERIMENTAL
        var options: OpaquePointer?
        if codec == .aac { av_dict_set(&options, "aac_coder", "fast", 0) }
        defer { av_dict_free(&options) }
        guard avcodec_open2(context, encoder, &options) >= 0 else {
            avcodec_free_context(&opening)
            throw RenderError("libavcodec rejects \(name) at \(sampleRate) Hz")
        }
        self.context = context
        frame = allocated(av_frame_alloc())
        packet = allocated(av_packet_alloc())
    }

    deinit {
        var context: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&context)
        var frame: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&frame)
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
    }

    /// Samples per channel of one frame of input.
    var frameSamples: Int { max(64, Int(context.pointee.frame_size)) }

    var blockAlign: Int { Int(context.pointee.block_align) }

    var extradata: [UInt8] {
        Array(UnsafeBufferPointer(start: context.pointee.extradata, count: Int(context.pointee.extradata_size)))
    }

    /// Sends the frame of `signal` that begins at sample `start`.
    func send(_ signal: TestSignal, from start: Int) throws(RenderError) {
        av_frame_unref(frame)
        let count = min(frameSamples, signal.count - start)
        frame.pointee.nb_samples = Int32(clamping: count)
        frame.pointee.format = context.pointee.sample_fmt.rawValue
        frame.pointee.sample_rate = context.pointee.sample_rate
        frame.pointee.pts = Int64(start)
        guard av_channel_layout_copy(&frame.pointee.ch_layout, &context.pointee.ch_layout) >= 0,
            av_frame_get_buffer(frame, 0) >= 0, let planes = frame.pointee.extended_data
        else { throw RenderError("libavutil gives no frame") }
        let format = context.pointee.sample_fmt
        let isPlanar = av_sample_fmt_is_planar(format) != 0
        for channel in 0..<signal.channels {
            let plane = UnsafeMutableRawPointer(allocated(planes[isPlanar ? channel : 0]))
            for sample in 0..<count {
                let value = signal.samples[(start + sample) * signal.channels + channel]
                let place = isPlanar ? sample : sample * signal.channels + channel
                if format == AV_SAMPLE_FMT_FLTP {
                    plane.storeBytes(of: Float(value) / 32_768, toByteOffset: place * 4, as: Float.self)
                } else {
                    plane.storeBytes(of: value, toByteOffset: place * 2, as: Int16.self)
                }
            }
        }
        guard avcodec_send_frame(context, frame) >= 0 else { throw RenderError("libavcodec's encoder takes no frame") }
    }

    func finish() throws(RenderError) {
        guard avcodec_send_frame(context, nil) >= 0 else { throw RenderError("libavcodec's encoder does not end") }
    }

    /// The next packet, with the samples per channel it lasts; nil if none is ready.
    func receive() -> (bytes: [UInt8], samples: Int)? {
        guard avcodec_receive_packet(context, packet) >= 0 else { return nil }
        let bytes = Array(UnsafeBufferPointer(start: packet.pointee.data, count: Int(packet.pointee.size)))
        return (bytes, Int(max(0, packet.pointee.duration)))
    }
}

extension SourceCodec {
    /// The sample format in which the codec's encoder accepts 16-bit signals.
    fileprivate var referenceSampleFormat: AVSampleFormat {
        switch self {
        case .flac: AV_SAMPLE_FMT_S16
        case .alac, .wavpack: AV_SAMPLE_FMT_S16P
        default: AV_SAMPLE_FMT_FLTP
        }
    }
}
