import Audio
import CFFmpeg

/// libavformat on one file, with one demuxer chosen by name, and no way to open anything else.
struct Demuxer: PacketReader, ~Copyable {
    private static let bufferBytes = 1 << 16
    /// Samples. Times outside make no sense; differences of times inside do not overflow.
    private static let times = -(1 << 50)...(1 << 50)

    let container: Container
    private let view: FileView
    private let context: UnsafeMutablePointer<AVFormatContext>
    private let stream: UnsafeMutablePointer<AVStream>
    let packet: UnsafeMutablePointer<AVPacket>
    /// Length by the container's header in samples per channel; 0 if it states none.
    let declaredSamples: Int

    init(_ sound: SoundFile) throws(Refusal) {
        try self.init(FileView(reopening: sound.view), sound.container)
    }

    init(_ view: FileView, _ container: Container) throws(Refusal) {
        let io = Self.makeInput(view)
        var opening: UnsafeMutablePointer<AVFormatContext>? = allocated(avformat_alloc_context())
        opening?.pointee.pb = io
        opening?.pointee.io_open = { _, _, _, _, _ in averror_refused() }
        var options = Self.options(for: container)
        defer { av_dict_free(&options) }
        // A failed open frees the context and leaves the input alone.
        guard avformat_open_input(&opening, nil, av_find_input_format(container.demuxer), &options) >= 0,
            let context = opening
        else {
            Self.free(io)
            throw Refusal(.undecodable, "The \(container.title) header is damaged", offset: view.place)
        }
        let streams = UnsafeBufferPointer(start: context.pointee.streams, count: Int(context.pointee.nb_streams))
        var chosen: UnsafeMutablePointer<AVStream>?
        for case let stream? in streams {
            if chosen == nil, stream.pointee.codecpar.pointee.codec_type == AVMEDIA_TYPE_AUDIO {
                chosen = stream
            } else {
                stream.pointee.discard = AVDISCARD_ALL
            }
        }
        let declared = chosen?.pointee.duration ?? av_no_timestamp()
        guard let stream = chosen, avformat_find_stream_info(context, nil) >= 0 else {
            avformat_close_input(&opening)
            Self.free(io)
            throw Refusal(.undecodable, "There is no sound in this \(container.title) file")
        }
        // libavformat guesses the length of raw streams without a header from the bitrate.
        declaredSamples =
            declared == av_no_timestamp() || !container.declaresLength
            ? 0 : Self.samples(declared, stream.pointee.time_base, stream.pointee.codecpar.pointee.sample_rate)
        packet = allocated(av_packet_alloc())
        self.container = container
        self.view = view
        self.context = context
        self.stream = stream
    }

    deinit {
        var packet: UnsafeMutablePointer<AVPacket>? = packet
        av_packet_free(&packet)
        let io = context.pointee.pb
        var closing: UnsafeMutablePointer<AVFormatContext>? = context
        avformat_close_input(&closing)
        Self.free(io)
    }

    private static func makeInput(_ view: FileView) -> UnsafeMutablePointer<AVIOContext> {
        let buffer = allocated(av_malloc(bufferBytes)).assumingMemoryBound(to: UInt8.self)
        let read: @convention(c) (UnsafeMutableRawPointer?, UnsafeMutablePointer<UInt8>?, Int32) -> Int32 = {
            owner, bytes, count in
            guard let owner else { return averror_io() }
            let view = Unmanaged<FileView>.fromOpaque(owner).takeUnretainedValue()
            let done = view.read(into: UnsafeMutableRawBufferPointer(start: bytes, count: Int(max(0, count))))
            return done > 0 ? Int32(clamping: done) : view.file.hasFailed ? averror_io() : averror_eof()
        }
        let seek: @convention(c) (UnsafeMutableRawPointer?, Int64, Int32) -> Int64 = { owner, offset, whence in
            guard let owner else { return Int64(averror_io()) }
            let view = Unmanaged<FileView>.fromOpaque(owner).takeUnretainedValue()
            let base: Int
            switch whence & ~AVSEEK_FORCE {
            case AVSEEK_SIZE: return Int64(view.size)
            case SEEK_SET: base = 0
            case SEEK_CUR: base = view.position
            case SEEK_END: base = view.size
            default: return Int64(averror_io())
            }
            let (target, overflow) = base.addingReportingOverflow(Int(offset))
            return !overflow && view.seek(to: target) ? Int64(target) : Int64(averror_io())
        }
        let owner = Unmanaged.passUnretained(view).toOpaque()
        return allocated(avio_alloc_context(buffer, Int32(bufferBytes), 0, owner, read, nil, seek))
    }

    private static func free(_ io: UnsafeMutablePointer<AVIOContext>?) {
        // libavformat may have exchanged the buffer for another.
        av_free(io?.pointee.buffer)
        var closing = io
        avio_context_free(&closing)
    }

    private static func options(for container: Container) -> OpaquePointer? {
        var options: OpaquePointer?
        let decoders = Set(SourceCodec.allCases.map(\.decoderName)).union(["opus", "mp3"]).sorted().joined(separator: ",")
        av_dict_set(&options, "format_whitelist", container.demuxer, 0)
        av_dict_set(&options, "codec_whitelist", decoders, 0)
        av_dict_set(&options, "probesize", "1000000", 0)
        av_dict_set(&options, "max_streams", "64", 0)
        // All files follow one rule, which is ours (EditLists.md).
        if container == .mp4 { av_dict_set(&options, "ignore_editlist", "1", 0) }
        // Four times the default: fewer, larger packets of PCM.
        if container == .wav { av_dict_set(&options, "max_size", "16384", 0) }
        return options
    }

    private static func samples(_ duration: Int64, _ timeBase: AVRational, _ sampleRate: Int32) -> Int {
        guard duration > 0, sampleRate > 0 else { return 0 }
        return Int(av_rescale_q(duration, timeBase, AVRational(num: 1, den: sampleRate)))
    }
}

extension Demuxer {
    /// The stream's codec parameters as the container gives them; nil if the codec is not accepted.
    var format: SourceFormat? {
        let parameters = stream.pointee.codecpar.pointee
        guard let codec = SourceCodec(rawValue: String(cString: avcodec_get_name(parameters.codec_id))) else { return nil }
        let raw = parameters.bits_per_raw_sample
        let channels = Int(parameters.ch_layout.nb_channels)
        return SourceFormat(
            codec: codec, sampleRate: Int(parameters.sample_rate), channels: channels,
            channelMask: parameters.ch_layout.order == AV_CHANNEL_ORDER_NATIVE ? parameters.ch_layout.u.mask : 0,
            bitsPerSample: codec.isLossless ? Int(clamping: max(0, raw > 0 ? raw : parameters.bits_per_coded_sample)) : 0,
            blockAlign: codec.pcmSampleBytes.map { $0 * channels } ?? Int(parameters.block_align),
            bitRate: codec.isWindowsMedia ? Int(clamping: min(max(0, parameters.bit_rate), 1 << 31)) : 0,
            extradata: Array(UnsafeBufferPointer(start: parameters.extradata, count: Int(parameters.extradata_size))))
    }

    /// Where the packet lies in the file; nil if it does not lie there in one piece.
    var packetOffset: Int? { view.fileOffset(of: Int(packet.pointee.pos)) }

    /// The demuxer's position in the file.
    var place: Int { view.place }

    /// libavcodec's name of the stream's codec.
    var codecName: String {
        let identifier = stream.pointee.codecpar.pointee.codec_id
        return identifier == AV_CODEC_ID_NONE ? "an unknown codec" : String(cString: avcodec_get_name(identifier))
    }

    var metadata: [OpaquePointer?] { [stream.pointee.metadata, context.pointee.metadata] }

    /// Hz, by the container. For HE-AAC it may be the core's rate, half of the decoded one.
    var sampleRate: Int { Int(stream.pointee.codecpar.pointee.sample_rate) }

    func packetTime(at sampleRate: Int) -> Int? { samples(packet.pointee.dts, at: sampleRate) }

    func endTime(at sampleRate: Int) -> Int? { samples(stream.pointee.duration, at: sampleRate) }

    private func samples(_ time: Int64, at sampleRate: Int) -> Int? {
        guard time != av_no_timestamp(), sampleRate > 0 else { return nil }
        let samples = Int(av_rescale_q(time, stream.pointee.time_base, AVRational(num: 1, den: Int32(clamping: sampleRate))))
        return Self.times.contains(samples) ? samples : nil
    }

    /// Reads the sound's next packet into ``packet``.
    func next() -> PacketReading {
        while true {
            av_packet_unref(packet)
            let code = av_read_frame(context, packet)
            guard code >= 0 else { return code == averror_eof() ? .end : .damaged }
            if packet.pointee.stream_index == stream.pointee.index { return .packet }
        }
    }

    /// Samples per channel that the container wants cut off the packet; nil if it states none.
    var skip: (leading: Int, trailing: Int)? {
        var size = 0
        guard let side = av_packet_get_side_data(packet, AV_PKT_DATA_SKIP_SAMPLES, &size), size >= 8 else { return nil }
        let words = UnsafeRawPointer(side)
        return (
            Int(UInt32(littleEndian: words.loadUnaligned(as: UInt32.self))),
            Int(UInt32(littleEndian: words.loadUnaligned(fromByteOffset: 4, as: UInt32.self)))
        )
    }

    /// Whether the container wants the whole packet decoded but not played.
    var isDiscarded: Bool { packet.pointee.flags & AV_PKT_FLAG_DISCARD != 0 }

    /// Whether the packet brings a new set-up header: another track begins.
    func bringsNewSetUp(after extradata: [UInt8]) -> Bool {
        var size = 0
        guard let side = av_packet_get_side_data(packet, AV_PKT_DATA_NEW_EXTRADATA, &size) else { return false }
        return !UnsafeBufferPointer(start: side, count: size).elementsEqual(extradata)
    }
}
