import CFFmpeg

/// The reusable tools of decoding: packet, frame, silence and pointer lists.
struct DecodingTools: ~Copyable {
    /// Samples per channel of ``silence``.
    static let silenceSamples = 4096
    private static let maximumChannels = 8
    private static let maximumSampleBytes = 8

    var packet = PacketBuffer()
    let frame: UnsafeMutablePointer<AVFrame>
    /// Silence in the shape of a decoded frame.
    let silence: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    let input: UnsafeMutablePointer<UnsafePointer<UInt8>?>
    let output: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>
    private let silentBytes: UnsafeMutablePointer<UInt8>

    init() {
        frame = allocated(av_frame_alloc())
        silentBytes = .allocate(capacity: Self.silenceSamples * Self.maximumSampleBytes * Self.maximumChannels)
        silence = .allocate(capacity: Self.maximumChannels)
        input = .allocate(capacity: Self.maximumChannels)
        output = .allocate(capacity: Self.maximumChannels)
        silence.initialize(repeating: silentBytes, count: Self.maximumChannels)
        input.initialize(repeating: nil, count: Self.maximumChannels)
        output.initialize(repeating: nil, count: Self.maximumChannels)
    }

    deinit {
        var closing: UnsafeMutablePointer<AVFrame>? = frame
        av_frame_free(&closing)
        silence.deallocate()
        input.deallocate()
        output.deallocate()
        silentBytes.deallocate()
    }

    /// Makes ``silence`` silent in `format`: unsigned samples rest at half scale.
    mutating func prepareSilence(_ format: AVSampleFormat, channels: Int) {
        let isUnsigned = format == AV_SAMPLE_FMT_U8 || format == AV_SAMPLE_FMT_U8P
        let bytes = Self.silenceSamples * Int(av_get_bytes_per_sample(format)) * channels
        silentBytes.update(repeating: isUnsigned ? 0x80 : 0, count: bytes)
    }
}
