import CFFmpeg

/// Decoded samples as interleaved floats, in the order they were decoded; memory is kept and reused.
struct SampleBlock: ~Copyable {
    private(set) var memory: UnsafeMutablePointer<Float>
    private var capacity: Int
    private(set) var channels = 1
    /// Samples per channel.
    private(set) var count = 0

    init() {
        capacity = 1 << 16
        memory = .allocate(capacity: capacity)
    }

    deinit {
        memory.deallocate()
    }

    mutating func removeAll() {
        count = 0
    }

    /// Drops `samples` per channel from the front.
    mutating func removeFirst(_ samples: Int) {
        let rest = max(0, count - samples)
        memory.update(from: memory + (count - rest) * channels, count: rest * channels)
        count = rest
    }

    /// Cuts to `samples` per channel or fills up with silence; an empty block takes the number of channels.
    mutating func fit(_ samples: Int, channels: Int) {
        if count == 0 { self.channels = channels }
        if count > samples { count = samples } else { appendSilence(samples - count) }
    }

    private mutating func reserve(_ samples: Int) {
        guard (count + samples) * channels > capacity else { return }
        capacity = max(capacity * 2, (count + samples) * channels)
        let larger = UnsafeMutablePointer<Float>.allocate(capacity: capacity)
        larger.update(from: memory, count: count * channels)
        memory.deallocate()
        memory = larger
    }

    /// Appends `samples` per channel of silence.
    mutating func appendSilence(_ samples: Int) {
        guard samples > 0 else { return }
        reserve(samples)
        (memory + count * channels).update(repeating: 0, count: samples * channels)
        count += samples
    }

    /// Appends a decoded frame; full scale is 1. A frame in a format that libavcodec does not use for sound becomes silence.
    mutating func append(_ frame: AVFrame) {
        if count == 0 { channels = max(1, Int(frame.ch_layout.nb_channels)) }
        let samples = Int(frame.nb_samples)
        guard samples > 0, Int(frame.ch_layout.nb_channels) == channels, let planes = frame.extended_data else { return }
        reserve(samples)
        switch AVSampleFormat(rawValue: frame.format) {
        case AV_SAMPLE_FMT_U8: copy(planes, samples, UInt8.self, planar: false) { (Float($0) - 128) / 128 }
        case AV_SAMPLE_FMT_U8P: copy(planes, samples, UInt8.self, planar: true) { (Float($0) - 128) / 128 }
        case AV_SAMPLE_FMT_S16: copy(planes, samples, Int16.self, planar: false) { Float($0) / 32_768 }
        case AV_SAMPLE_FMT_S16P: copy(planes, samples, Int16.self, planar: true) { Float($0) / 32_768 }
        case AV_SAMPLE_FMT_S32: copy(planes, samples, Int32.self, planar: false) { Float($0) / 2_147_483_648 }
        case AV_SAMPLE_FMT_S32P: copy(planes, samples, Int32.self, planar: true) { Float($0) / 2_147_483_648 }
        case AV_SAMPLE_FMT_FLT: copy(planes, samples, Float.self, planar: false) { Self.bounded($0) }
        case AV_SAMPLE_FMT_FLTP: copy(planes, samples, Float.self, planar: true) { Self.bounded($0) }
        case AV_SAMPLE_FMT_DBL: copy(planes, samples, Double.self, planar: false) { Self.bounded(Float($0)) }
        case AV_SAMPLE_FMT_DBLP: copy(planes, samples, Double.self, planar: true) { Self.bounded(Float($0)) }
        default: (memory + count * channels).update(repeating: 0, count: samples * channels)
        }
        count += samples
    }

    /// NaN, and samples far beyond full scale, become silence.
    private static func bounded(_ sample: Float) -> Float { abs(sample) < 1_048_576 ? sample : 0 }

    @inline(__always)
    private func copy<Sample>(
        _ planes: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>, _ samples: Int, _: Sample.Type, planar: Bool,
        _ convert: (Sample) -> Float
    ) {
        let target = memory + count * channels
        for plane in 0..<(planar ? channels : 1) {
            guard let bytes = planes[plane] else { continue }
            let total = planar ? samples : samples * channels
            bytes.withMemoryRebound(to: Sample.self, capacity: total) { source in
                if planar {
                    for index in 0..<total { target[index * channels + plane] = convert(source[index]) }
                } else {
                    for index in 0..<total { target[index] = convert(source[index]) }
                }
            }
        }
    }

    /// Interleaved, from `sample` on.
    func samples(from sample: Int, count: Int) -> UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(start: memory + sample * channels, count: count * channels)
    }
}
