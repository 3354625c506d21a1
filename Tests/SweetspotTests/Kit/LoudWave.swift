import Glibc
import TestSupport

/// A track that is at full strength from its first sample on: a bowed string's wave at 55 Hz, 1 dB below full scale. libopus takes its
/// first packet for no attack and predicts it from the ones before, so that a decoder has to have heard the same ones.
struct LoudWave {
    /// Samples per channel; 44.1 kHz, stereo.
    let samples: Int

    init(seconds: Double) { samples = Int(seconds * 44_100) }

    /// As a WAV file of 16 bits.
    var wav: [UInt8] {
        let waves = [Self.period(of: 802), Self.period(of: 798)]
        func word(_ value: Int, bytes: Int = 4) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        var file = Array("RIFF".utf8) + word(36 + 4 * samples) + Array("WAVEfmt ".utf8) + word(16) + word(1, bytes: 2)
        file += word(2, bytes: 2) + word(44_100) + word(4 * 44_100) + word(4, bytes: 2) + word(16, bytes: 2)
        file += Array("data".utf8) + word(4 * samples)
        for sample in 0..<samples {
            for wave in waves { file += word(wave[sample % wave.count], bytes: 2) }
        }
        return file
    }

    /// One period of a wave whose partials fall by 9 dB an octave.
    private static func period(of count: Int) -> [Int] {
        let wave = (0..<count).map { sample in
            (1...200).reduce(0.0) { sum, number in
                let partial = Double(number)
                return sum + sin(2 * Double.pi * partial * Double(sample) / Double(count)) / pow(partial, 1.5)
            }
        }
        let top = wave.reduce(0) { max($0, abs($1)) }
        return wave.map { Int($0 / top * 29_203) }
    }
}
