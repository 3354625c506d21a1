/// The floats that one chunk's encoder is fed, filled from the front; the memory is reused from chunk to chunk.
struct SignalBuffer: ~Copyable {
    /// 36 dB above full scale.
    private static let bound: Float = 64

    private var memory: UnsafeMutablePointer<Float>
    private var capacity: Int
    private(set) var channels = 1
    private(set) var isInterleaved = false
    /// Samples per channel the chunk needs.
    private(set) var count = 0
    /// Samples per channel written so far.
    private(set) var filled = 0

    init() {
        capacity = 1 << 18
        memory = .allocate(capacity: capacity)
    }

    deinit {
        memory.deallocate()
    }

    /// Empties the buffer and gives it the shape of the next chunk.
    mutating func prepare(count: Int, channels: Int, interleaved: Bool) {
        if count * channels > capacity {
            memory.deallocate()
            capacity = count * channels
            memory = .allocate(capacity: capacity)
        }
        (self.count, self.channels, isInterleaved, filled) = (count, channels, interleaved, 0)
    }

    /// Where `sample` of `channel` lies; in an interleaved buffer, `channel` is 0 and all channels follow.
    func samples(ofChannel channel: Int, at sample: Int) -> UnsafeMutablePointer<Float> {
        isInterleaved ? memory + sample * channels : memory + channel * count + sample
    }

    /// Counts `samples` more per channel, which were written behind the earlier ones.
    ///
    /// NaN, and samples far beyond full scale, become silence: one NaN, which a damaged float file may hold, makes LAME abort.
    mutating func advance(by samples: Int) {
        for channel in 0..<(isInterleaved ? 1 : channels) {
            let written = self.samples(ofChannel: channel, at: filled)
            for index in 0..<(isInterleaved ? samples * channels : samples) where !(abs(written[index]) < Self.bound) {
                written[index] = 0
            }
        }
        filled += samples
    }

    mutating func appendSilence(_ samples: Int) {
        let samples = min(samples, count - filled)
        guard samples > 0 else { return }
        if isInterleaved {
            self.samples(ofChannel: 0, at: filled).update(repeating: 0, count: samples * channels)
        } else {
            for channel in 0..<channels { self.samples(ofChannel: channel, at: filled).update(repeating: 0, count: samples) }
        }
        filled += samples
    }
}
