/// A signal computed in integers, so that it is the same everywhere: a triangle wave that sweeps upwards, and noise that swells
/// and stops abruptly.
struct TestSignal {
    let channels: Int
    /// Interleaved.
    let samples: [Int16]

    /// `samples` per channel.
    init(channels: Int, samples count: Int) {
        self.channels = channels
        var seed: UInt32 = 1
        var phases = [UInt32](repeating: 0, count: channels)
        samples = (0..<(count * channels)).map { index in
            let (sample, channel) = index.quotientAndRemainder(dividingBy: channels)
            phases[channel] &+= UInt32(truncatingIfNeeded: 4_000_000 + sample * (channel + 3) * 1000)
            let ramp = Int(phases[channel] >> 16) - 32_768
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let noise = Int(seed >> 17) - 16_384
            return Int16(clamping: (abs(ramp) - 16_384) * 3 / 4 + noise * (sample % 11_025) / 22_050)
        }
    }

    /// Samples per channel.
    var count: Int { samples.count / channels }
}
