import ArgumentParser
import Foundation

/// Writes the short tune that `make run` plays if there is no music yet.
struct Tune: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tune", abstract: "Write a short tune as a WAV file.", shouldDisplay: false)

    @Argument(help: "The WAV file to write.")
    var file: String

    func run() throws {
        guard FileManager.default.createFile(atPath: file, contents: Data(Self.wav(Self.tune()))) else {
            throw CommandFailure.usage("\(file) cannot be written: choose another place")
        }
    }

    private static let sampleRate = 44_100
    private static let beat = 0.3

    /// Thirty seconds of a four-chord round: arpeggio left, melody right, bass in the middle. Interleaved stereo, -1 to 1.
    private static func tune() -> [Float] {
        let chords = [[57, 60, 64, 69], [53, 57, 60, 65], [48, 55, 60, 64], [55, 59, 62, 67]]
        let melody = [
            76, 74, 72, 74, 72, 69, 0, 69, 67, 72, 76, 0, 74, 71, 67, 0, 76, 79, 81, 79, 77, 76, 72, 0, 79, 76, 72, 74, 71, 0, 67,
            0
        ]
        let beats = 96
        var samples = [Float](repeating: 0, count: (Int(Double(beats) * beat * Double(sampleRate)) + sampleRate) * 2)
        for step in 0..<beats {
            let chord = chords[step / 8 % chords.count]
            let start = Double(step) * beat
            add(note: chord[step % 4], at: start, length: 0.6, gain: 0.16, pan: 0.25, to: &samples)
            if step % 4 == 0 { add(note: chord[0] - 12, at: start, length: 1.1, gain: 0.24, pan: 0.5, to: &samples) }
            let sung = melody[step % melody.count]
            if step >= 16, sung > 0 { add(note: sung, at: start, length: 0.5, gain: 0.2, pan: 0.7, to: &samples) }
        }
        return samples
    }

    /// A plucked note: a few harmonics that die away faster the higher they are.
    private static func add(note: Int, at start: Double, length: Double, gain: Double, pan: Double, to samples: inout [Float]) {
        let frequency = 440 * pow(2, Double(note - 69) / 12)
        let first = Int(start * Double(sampleRate))
        for index in 0..<Int(length * Double(sampleRate)) {
            let time = Double(index) / Double(sampleRate)
            var value = 0.0
            for harmonic in 1...5 {
                let decay = exp(-time * (3 + Double(harmonic) * 1.5))
                value += sin(2 * .pi * frequency * Double(harmonic) * time) * decay / Double(harmonic * harmonic)
            }
            let attack = min(1, time / 0.004)
            let release = min(1, (length - time) / 0.02)
            let loudness = value * gain * attack * release
            let frame = (first + index) * 2
            guard frame + 1 < samples.count else { return }
            samples[frame] += Float(loudness * (1 - pan) * 2)
            samples[frame + 1] += Float(loudness * pan * 2)
        }
    }

    /// RIFF WAVE, 16-bit stereo.
    private static func wav(_ samples: [Float]) -> [UInt8] {
        func little<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
            (0..<(Value.bitWidth / 8)).map { UInt8(truncatingIfNeeded: value >> Value($0 * 8)) }
        }
        let bytes = samples.count * 2
        var file = Array("RIFF".utf8) + little(UInt32(36 + bytes)) + Array("WAVEfmt ".utf8)
        file += little(UInt32(16)) + little(UInt16(1)) + little(UInt16(2)) + little(UInt32(sampleRate))
        file +=
            little(UInt32(sampleRate * 4)) + little(UInt16(4)) + little(UInt16(16)) + Array("data".utf8) + little(UInt32(bytes))
        for sample in samples { file += little(Int16(max(-1, min(1, sample)) * 32_767)) }
        return file
    }
}
