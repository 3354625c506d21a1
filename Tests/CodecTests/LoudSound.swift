import Audio
import Glibc
import TestSupport

/// A sound that is at full strength from its first sample on, at 1 dB below full scale.
enum LoudSound: String, CaseIterable {
    /// A chord that begins at the top of its waves.
    case tone
    case noise
    /// A stroke every 0.37 s: noise that dies away, over a tone that does.
    case drum
    /// A bowed string's wave at 55 Hz. libopus takes its first packet for no attack and predicts it from the ones before.
    case bass

    private static let sampleRate = 44_100
    /// Seconds of ``sound``.
    private static let seconds = 13.7
    private static let sounds = Dictionary(uniqueKeysWithValues: allCases.map { ($0, $0.made()) })

    /// 13.7 s at 44.1 kHz, stereo.
    var sound: Sound { Self.sounds[self] ?? made() }

    private func made() -> Sound {
        let peak = 32_767 * pow(10, -1.0 / 20)
        let samples = signal(count: Int(Self.seconds * Double(Self.sampleRate))).map { Int16($0 * peak) }
        let source = SourceFormat(
            codec: .pcmS16LE, sampleRate: Self.sampleRate, channels: 2, bitsPerSample: 16, blockAlign: 4)
        let bytes = samples.withUnsafeBytes { Array($0) }
        return Sound(
            source, leadIn: 0,
            packets: stride(from: 0, to: bytes.count, by: 4000).map { start in
                let end = min(bytes.count, start + 4000)
                return (Array(bytes[start..<end]), (end - start) / 4)
            })
    }

    /// Interleaved, 1 at full scale.
    private func signal(count: Int) -> [Double] {
        var seed: UInt32 = 11
        func noise() -> Double {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            return Double(Int32(bitPattern: seed)) / 2_147_483_648
        }
        let turn = 2 * Double.pi / Double(Self.sampleRate)
        let waves = [Self.string(period: 802), Self.string(period: 798)]
        return (0..<(2 * count)).map { index in
            let (sample, channel) = (index / 2, index % 2)
            switch self {
            case .tone:
                return [220.0, 277.2, 329.6, 1318.5].reduce(0) { $0 + cos(turn * ($1 + Double(channel)) * Double(sample)) } / 4
            case .noise: return noise()
            case .drum:
                let since = Double(sample % 16_317)
                return exp(-since / 1764) * (0.5 * noise() + 0.5 * cos(turn * Double(90 + 3 * channel) * since))
            case .bass: return waves[channel][sample % waves[channel].count]
            }
        }
    }

    /// One period of a wave whose partials fall by 9 dB an octave.
    private static func string(period: Int) -> [Double] {
        let wave = (0..<period).map { sample in
            (1...200).reduce(0.0) { sum, number in
                let partial = Double(number)
                return sum + sin(2 * Double.pi * partial * Double(sample) / Double(period)) / pow(partial, 1.5)
            }
        }
        let top = wave.reduce(0) { max($0, abs($1)) }
        return wave.map { $0 / top }
    }
}
