import Audio
import Glibc

/// A made-up piece of music: four detuned tones that glide and swell, with noise bursts like a drum, 3.7 a second.
struct Music {
    let sampleRate: Int
    let channels: Int
    /// Interleaved, 16 bits.
    let samples: [Int16]

    init(seconds: Double, sampleRate: Int = 44_100, channels: Int = 2) {
        self.sampleRate = sampleRate
        self.channels = channels
        let count = Int(seconds * Double(sampleRate))
        samples = [Int16](unsafeUninitializedCapacity: count * channels) { buffer, filled in
            filled = count * channels
            for channel in 0..<channels { Self.play(channel, of: channels, at: sampleRate, into: buffer, count) }
        }
    }

    private static let sine = (0..<4096).map { Int32(8192 * sin(2 * Double.pi * Double($0) / 4096)) }

    /// Pitches and volumes move every 64 samples; between them everything is integers, which keeps debug builds quick.
    private static func play(
        _ channel: Int, of channels: Int, at rate: Int, into buffer: UnsafeMutableBufferPointer<Int16>, _ count: Int
    ) {
        let tones = [220.0, 440, 660, 880].filter { $0 * 3 < Double(rate) }
        var seed = UInt32(7 + channel)
        var phases = [UInt32](repeating: 0, count: tones.count)
        sine.withUnsafeBufferPointer { sine in
            for start in stride(from: 0, to: count, by: 64) {
                let time = Double(start) / Double(rate)
                let burst = Int32(8192 * (0.6 * exp(-time.truncatingRemainder(dividingBy: 0.27) * 40) + 0.002))
                for tone in tones.indices {
                    let number = Double(tone + 1)
                    let pitch = tones[tone] + Double(channel) * number + 15 * sin(time * number)
                    let step = UInt32(pitch / Double(rate) * 4_294_967_296)
                    let volume = Int32(4300 / number * (1 + 0.5 * sin(time * 2.5 + number)))
                    var phase = phases[tone]
                    for sample in start..<min(count, start + 64) {
                        let place = sample * channels + channel
                        var value = sine[Int(phase >> 20)] * volume / 8192
                        phase = phase &+ step
                        if tone == 0 {
                            seed = seed &* 1_664_525 &+ 1_013_904_223
                            value += (Int32(seed >> 16) - 32_768) * burst / 16_384
                        } else {
                            value += Int32(buffer[place])
                        }
                        buffer[place] = Int16(clamping: value)
                    }
                    phases[tone] = phase
                }
            }
        }
    }

    /// Samples per channel.
    var count: Int { samples.count / channels }

    var pcm: [UInt8] { samples.withUnsafeBytes { Array($0) } }

    /// The music as a WAV file, on a little-endian machine.
    var wav: [UInt8] {
        let data = pcm
        func word(_ value: Int, bytes: Int = 4) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let format =
            word(1, bytes: 2) + word(channels, bytes: 2) + word(sampleRate) + word(sampleRate * channels * 2)
            + word(channels * 2, bytes: 2) + word(16, bytes: 2)
        return Array("RIFF".utf8) + word(36 + data.count) + Array("WAVEfmt ".utf8) + word(16) + format + Array("data".utf8)
            + word(data.count) + data
    }

    /// The music as a track of PCM packets.
    var sound: Sound {
        let source = SourceFormat(
            codec: .pcmS16LE, sampleRate: sampleRate, channels: channels, bitsPerSample: 16, blockAlign: channels * 2)
        let bytes = pcm
        let frame = channels * 2
        return Sound(
            source, leadIn: 0,
            packets: stride(from: 0, to: count, by: 1000).map { start in
                let end = min(count, start + 1000)
                return (Array(bytes[(start * frame)..<(end * frame)]), end - start)
            })
    }
}
