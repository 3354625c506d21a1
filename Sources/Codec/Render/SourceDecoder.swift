import Audio
import CFFmpeg

/// A libavcodec decoder set up from a ``SourceFormat`` alone, so that it starts the same way anywhere in a track.
///
/// libavcodec trims nothing: skip information is ignored (`AV_CODEC_FLAG2_SKIP_MANUAL`).
struct SourceDecoder: ~Copyable {
    private let context: UnsafeMutablePointer<AVCodecContext>

    /// Throws if libavcodec has no such decoder or rejects the set-up header.
    init(_ format: SourceFormat) throws(RenderError) {
        guard let codec = avcodec_find_decoder_by_name(format.codec.decoderName) else {
            throw RenderError("libavcodec has no decoder \(format.codec.decoderName)")
        }
        var opening: UnsafeMutablePointer<AVCodecContext>? = allocated(avcodec_alloc_context3(codec))
        let context = allocated(opening)
        context.pointee.thread_count = 1
        context.pointee.flags2 |= AV_CODEC_FLAG2_SKIP_MANUAL
        context.pointee.block_align = Int32(clamping: format.blockAlign)
        context.pointee.bits_per_coded_sample = Int32(clamping: format.bitsPerSample)
        context.pointee.bit_rate = Int64(format.bitRate)
        // Other codecs' headers are more reliable: AAC's core may have half the decoded rate, and mp3float stamps its first frame
        // with any rate it was given.
        if format.codec.needsContainer {
            context.pointee.sample_rate = Int32(clamping: format.sampleRate)
            av_channel_layout_default(&context.pointee.ch_layout, Int32(clamping: format.channels))
        }
        // libopus decodes to 16 bits unless asked.
        if format.codec == .opus { context.pointee.request_sample_fmt = AV_SAMPLE_FMT_FLT }
        if !format.extradata.isEmpty {
            let size = format.extradata.count
            let copy = allocated(av_mallocz(size + Int(AV_INPUT_BUFFER_PADDING_SIZE)))
            format.extradata.withUnsafeBytes { bytes in
                UnsafeMutableRawBufferPointer(start: copy, count: size).copyMemory(from: bytes)
            }
            context.pointee.extradata = copy.assumingMemoryBound(to: UInt8.self)
            context.pointee.extradata_size = Int32(clamping: size)
        }
        guard avcodec_open2(context, codec, nil) >= 0 else {
            avcodec_free_context(&opening)
            throw RenderError("libavcodec rejects the set-up of this \(format.codec.rawValue)")
        }
        self.context = context
    }

    deinit {
        var closing: UnsafeMutablePointer<AVCodecContext>? = context
        avcodec_free_context(&closing)
    }

    /// The sample format the decoder announced; its frames may still differ.
    var sampleFormat: AVSampleFormat { context.pointee.sample_fmt }

    /// Hz of the last frame. mp3float stamps a frame with the rate of the one before it, so the frame's rate is not used.
    var sampleRate: Int { Int(context.pointee.sample_rate) }

    /// Sends the decoder a packet, or nil for the end of the stream. Returns false if it cannot be decoded.
    func send(_ packet: UnsafeMutablePointer<AVPacket>?) -> Bool {
        avcodec_send_packet(context, packet) >= 0
    }

    /// The result of ``receive(_:)``.
    enum Reception {
        case frame
        /// The last packet is fully decoded.
        case drained
        case damaged
    }

    /// Puts the next decoded frame into `frame`.
    func receive(_ frame: UnsafeMutablePointer<AVFrame>) -> Reception {
        let code = avcodec_receive_frame(context, frame)
        if code >= 0 { return .frame }
        return code == averror_again() || code == averror_eof() ? .drained : .damaged
    }
}

extension SourceCodec {
    /// libavcodec's decoder for the codec.
    var decoderName: String {
        switch self {
        case .mp3: "mp3float"
        case .mp3ADU: "mp3adufloat"
        case .opus: "libopus"
        case .musepack7: "mpc7"
        case .musepack8: "mpc8"
        default: rawValue
        }
    }

    var isWindowsMedia: Bool {
        switch self {
        case .wma1, .wma2, .wmaPro, .wmaLossless, .wmaVoice: true
        default: false
        }
    }

    /// Whether only the container states the sample rate and the channels.
    var needsContainer: Bool {
        switch self {
        case .ape, .tta, .musepack7, .musepack8, .speex: true
        default: isWindowsMedia || pcmSampleBytes != nil
        }
    }

    /// Bytes of one sample of one channel, for PCM; nil for everything else.
    var pcmSampleBytes: Int? {
        switch self {
        case .pcmU8, .pcmS8, .pcmALaw, .pcmMuLaw: 1
        case .pcmS16LE, .pcmS16BE: 2
        case .pcmS24LE, .pcmS24BE: 3
        case .pcmS32LE, .pcmS32BE, .pcmF32LE, .pcmF32BE: 4
        case .pcmF64LE, .pcmF64BE: 8
        default: nil
        }
    }
}
