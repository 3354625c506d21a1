import CFFmpeg

/// Interleaved sound of one rate to mono at ``SoundAnalysis/rate``: the mean of all channels, through libswresample.
struct MonoMixer: ~Copyable {
    /// Samples that are mixed at once, and room for what becomes of them.
    private static let block = 1024
    private static let room = 4096

    private let context: OpaquePointer
    private let mono: UnsafeMutablePointer<Float>
    private let resampled: UnsafeMutablePointer<Float>
    /// What is to be mixed.
    private var rest = UnsafeBufferPointer<Float>(start: nil, count: 0)
    private var channels = 1
    private var isEnding = false

    /// Nil if libswresample rejects the rate.
    init?(from sampleRate: Int) {
        var (input, output) = (AVChannelLayout(), AVChannelLayout())
        av_channel_layout_default(&input, 1)
        av_channel_layout_default(&output, 1)
        var opening: OpaquePointer?
        let code = swr_alloc_set_opts2(
            &opening, &output, AV_SAMPLE_FMT_FLT, Int32(SoundAnalysis.rate), &input, AV_SAMPLE_FMT_FLT,
            Int32(clamping: sampleRate), 0, nil)
        guard code >= 0, let context = opening else { return nil }
        // Half of the default length: aliases fall above 5 kHz, where nothing is measured.
        av_opt_set_int(UnsafeMutableRawPointer(context), "filter_size", 16, 0)
        av_opt_set_double(UnsafeMutableRawPointer(context), "cutoff", 0.9, 0)
        guard swr_init(context) >= 0 else {
            swr_free(&opening)
            return nil
        }
        self.context = context
        mono = .allocate(capacity: Self.block)
        resampled = .allocate(capacity: Self.room)
    }

    deinit {
        var closing: OpaquePointer? = context
        swr_free(&closing)
        mono.deallocate()
        resampled.deallocate()
    }

    /// Takes interleaved samples, which must stay until ``next()`` returns none.
    mutating func mix(_ samples: UnsafeBufferPointer<Float>, channels: Int) {
        (rest, self.channels) = (samples, max(1, channels))
    }

    /// Lets ``next()`` give what is still in the filter.
    mutating func finish() { isEnding = true }

    /// The next samples, valid until the next call. Empty if there are none before more are mixed.
    mutating func next() -> UnsafeBufferPointer<Float> {
        while true {
            let count = min(Self.block, rest.count / channels)
            mixDown(count)
            let made = count > 0 || isEnding ? convert(count) : 0
            rest = UnsafeBufferPointer(rebasing: rest.dropFirst(count * channels))
            if made > 0 { return UnsafeBufferPointer(start: resampled, count: made) }
            if count == 0 { return UnsafeBufferPointer(start: nil, count: 0) }
        }
    }

    private func mixDown(_ count: Int) {
        guard let base = rest.baseAddress else { return }
        switch channels {
        case 1: mono.update(from: base, count: count)
        case 2: for index in 0..<count { mono[index] = (base[2 * index] + base[2 * index + 1]) * 0.5 }
        default:
            let share = 1 / Float(channels)
            for index in 0..<count {
                var sum: Float = 0
                for channel in 0..<channels { sum += base[index * channels + channel] }
                mono[index] = sum * share
            }
        }
    }

    /// Converts ``mono``, or drains the filter if there is none. The rate is at most 2.8 times as high afterwards, so the
    /// room is enough.
    private func convert(_ count: Int) -> Int {
        var input: UnsafePointer<UInt8>? = UnsafeRawPointer(mono).assumingMemoryBound(to: UInt8.self)
        var output: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(resampled).assumingMemoryBound(to: UInt8.self)
        return Int(
            withUnsafeMutablePointer(to: &input) { input in
                swr_convert(context, &output, Int32(Self.room), count == 0 ? nil : input, Int32(clamping: count))
            })
    }
}
