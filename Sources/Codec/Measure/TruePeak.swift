import CFFmpeg

/// The true peak of a signal (ITU-R BS.1770-4 annex 2): the largest sample after oversampling to 176.4 kHz or more.
///
/// Uses libswresample, as ffmpeg's meter does: libebur128's interpolation costs five times as much.
struct TruePeak: ~Copyable {
    private static let enough = 176_400
    private static let block = 4096

    private let context: OpaquePointer?
    private let channels: Int
    private let factor: Int
    private let planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    private let memory: UnsafeMutablePointer<Float>
    /// The peak as a fraction of full scale.
    private(set) var value: Float = 0

    init(sampleRate: Int, channels: Int) {
        self.channels = channels
        factor = [1, 2, 4].first { sampleRate * $0 >= Self.enough } ?? 4
        let room = Self.block * factor
        memory = .allocate(capacity: room * channels)
        planes = .allocate(capacity: channels)
        for channel in 0..<channels {
            let plane = memory + channel * room
            (planes + channel).initialize(to: UnsafeMutableRawPointer(plane).assumingMemoryBound(to: UInt8.self))
        }
        // Both layouts are the same and nothing is mixed; libswresample wants two.
        var (input, output) = (AVChannelLayout(), AVChannelLayout())
        av_channel_layout_default(&input, Int32(clamping: channels))
        av_channel_layout_default(&output, Int32(clamping: channels))
        var opening: OpaquePointer?
        if factor > 1 {
            swr_alloc_set_opts2(
                &opening, &output, AV_SAMPLE_FMT_FLTP, Int32(clamping: sampleRate * factor), &input, AV_SAMPLE_FMT_FLT,
                Int32(clamping: sampleRate), 0, nil)
            if swr_init(opening) < 0 { swr_free(&opening) }
        }
        context = opening
    }

    deinit {
        var closing = context
        swr_free(&closing)
        planes.deallocate()
        memory.deallocate()
    }

    /// Adds interleaved samples, whose sample peak is `peak`.
    mutating func add(_ samples: UnsafeBufferPointer<Float>, peak: Float) {
        value = max(value, peak)
        guard context != nil, let base = samples.baseAddress else { return }
        let count = samples.count / channels
        for start in stride(from: 0, to: count, by: Self.block) {
            convert(base + start * channels, min(Self.block, count - start))
        }
    }

    /// Adds the samples still in the filter.
    mutating func finish() {
        if context != nil { convert(nil, 0) }
    }

    private mutating func convert(_ input: UnsafePointer<Float>?, _ count: Int) {
        let room = Self.block * factor
        var source = input.map { UnsafeRawPointer($0).assumingMemoryBound(to: UInt8.self) }
        let made = Int(
            withUnsafeMutablePointer(to: &source) { source in
                swr_convert(context, planes, Int32(room), input == nil ? nil : source, Int32(clamping: count))
            })
        for channel in 0..<channels where made > 0 {
            value = max(value, UnsafeBufferPointer(start: memory + channel * room, count: made).peak)
        }
    }
}
