import Glibc
import TestSupport

/// A made-up song: chords, a bass, a melody and drums, all drawn from a seed, in sections that come again.
struct GeneratedSong {
    private static let rate = 44_100

    /// Mono, 16 bits, 44.1 kHz.
    let samples: [Int16]

    init(seed: UInt64, seconds: Double = 80) {
        var generator = SeededGenerator(seed: seed)
        let beat = 60 / Double.random(in: 80...160, using: &generator)
        let step = Int(beat / 2 * Double(Self.rate))
        let root = Double.random(in: 110...220, using: &generator)
        let waves = (0..<3).map { _ in Self.wave(using: &generator) }
        let sections = (0..<3).map { _ in Section(using: &generator) }
        let order = (0..<16).map { _ in Int.random(in: 0..<3, using: &generator) }
        let count = Int(seconds * Double(Self.rate))
        var noise = UInt32(truncatingIfNeeded: seed) | 1
        samples = [Int16](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = count
            var phases = [UInt32](repeating: 0, count: 5)
            for (index, start) in stride(from: 0, to: count, by: step).enumerated() {
                let section = sections[order[index / 32 % order.count]]
                let (chord, place) = (section.chords[index / 8 % section.chords.count], index % 32)
                let degrees = [chord - 24, chord, chord + section.third, chord + 7, chord + section.melody[place]]
                let steps = degrees.map { UInt32(root * exp2(Double($0) / 12) / Double(Self.rate) * 4_294_967_296) }
                let hit = section.drums[index % 8]
                for sample in start..<min(count, start + step) {
                    let age = Int32(truncatingIfNeeded: sample - start)
                    let fade = max(0, 4096 - age / 4)
                    var value: Int32 = 0
                    for voice in 0..<5 {
                        phases[voice] &+= steps[voice]
                        let sound = waves[voice == 0 ? 0 : voice == 4 ? 2 : 1][Int(phases[voice] >> 20)]
                        value += voice == 4 ? sound * fade / 4096 : sound / 2
                    }
                    noise = noise &* 1_664_525 &+ 1_013_904_223
                    value += (Int32(noise >> 17) - 16_384) * (hit * max(0, 2048 - age) / 2048) / 8
                    buffer[sample] = Int16(clamping: value)
                }
            }
        }
    }

    /// One period of some harmonics.
    private static func wave(using generator: inout SeededGenerator) -> [Int32] {
        let parts = (1...8).map { Double.random(in: 0...1, using: &generator) / Double($0) }
        return (0..<4096).map { place in
            let phase = 2 * Double.pi * Double(place) / 4096
            return Int32(4000 * zip(1..., parts).reduce(0) { $0 + $1.1 * sin(phase * Double($1.0)) })
        }
    }

    private struct Section {
        let chords: [Int]
        let third: Int
        let melody: [Int]
        /// Loudness of eight steps.
        let drums: [Int32]

        init(using generator: inout SeededGenerator) {
            let scale = [0, 2, 4, 5, 7, 9, 11, 12, 14, 16]
            chords = (0..<4).map { _ in [0, 2, 4, 5, 7, 9][Int.random(in: 0..<6, using: &generator)] }
            third = Int.random(in: 3...4, using: &generator)
            melody = (0..<32).map { _ in scale[Int.random(in: 0..<scale.count, using: &generator)] + 12 }
            drums = (0..<8).map { _ in Int32.random(in: 0...3, using: &generator) }
        }
    }

    var wav: [UInt8] {
        let data = samples.withUnsafeBytes { Array($0) }
        func word(_ value: Int, bytes: Int = 4) -> [UInt8] { (0..<bytes).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) } }
        let format =
            word(1, bytes: 2) + word(1, bytes: 2) + word(Self.rate) + word(Self.rate * 2) + word(2, bytes: 2) + word(16, bytes: 2)
        return Array("RIFF".utf8) + word(36 + data.count) + Array("WAVEfmt ".utf8) + word(16) + format + Array("data".utf8)
            + word(data.count) + data
    }
}
