import Audio
import Glibc
import TestSupport
import Testing

@testable import Codec

@Suite("How a track sounds is 64 finite numbers", .tags(.codec))
struct SoundAnalysisTests {
    private typealias Part = SoundFeatures.Part

    /// Interleaved samples through the analysis, in pieces of this many per channel.
    private static func measures(
        _ samples: [Float], rate: Int, channels: Int = 1, piece: Int = 1024, loudness: SoundMeasures.Loudness? = nil
    ) -> SoundMeasures {
        var analysis = SoundAnalysis(sampleRate: rate)
        samples.withUnsafeBufferPointer { samples in
            for start in stride(from: 0, to: samples.count, by: piece * channels) {
                let end = min(samples.count, start + piece * channels)
                analysis.add(UnsafeBufferPointer(rebasing: samples[start..<end]), channels: channels)
            }
        }
        var measures = SoundMeasures(loudness: loudness)
        analysis.finish(into: &measures)
        return measures
    }

    private static func noise(_ count: Int, level: Float = 0.1, seed: UInt64 = 1) -> [Float] {
        whiteNoise(count, level: level, seed: seed)
    }

    private static func song(_ seconds: Double, pitch: Double = 1) -> [Float] {
        let rate = 22_050.0
        return (0..<Int(seconds * rate)).map { index in
            let time = Double(index) / rate
            let chord = [220.0, 277.18, 329.63][Int(time * 2) % 3] * pitch
            let decay = exp(-time.truncatingRemainder(dividingBy: 0.5) * 4)
            return Float(0.3 * decay * (sin(2 * .pi * chord * time) + 0.5 * sin(4 * .pi * chord * time)))
        }
    }

    @Test("Silence, a sample, and less than a second have no features, and nothing fails")
    func tooLittle() {
        for samples in [[], [0.5], [Float](repeating: 0, count: 44_100 * 20), Self.noise(30_000)] {
            #expect(Self.measures(samples, rate: 44_100).features == nil)
        }
        #expect(Self.measures([0.5], rate: 44_100).fingerprint.words.isEmpty)
        // A fingerprint of silence is never compared.
        #expect(!Self.measures([Float](repeating: 0, count: 44_100 * 90), rate: 44_100).fingerprint.isComparable)
        #expect(Self.measures(Self.noise(80_000), rate: 3_999).features == nil)
    }

    @Test(
        "Every rate and number of channels gives finite numbers",
        arguments: [(4_000, 1), (8_000, 2), (11_025, 1), (44_100, 2), (48_000, 8), (192_000, 2), (768_000, 8), (655_350, 1)])
    func formats(rate: Int, channels: Int) throws {
        let seconds = rate > 100_000 ? 2 : 6
        var samples = Self.noise(rate * seconds * channels)
        // As loud as a file of floats may be.
        samples[samples.count / 2] = 1_000_000
        let measures = Self.measures(samples, rate: rate, channels: channels)
        let features = try #require(measures.features)
        #expect(features.values.count == SoundFeatures.count && features.values.allSatisfy(\.isFinite))
        #expect(rate > 100_000 || !measures.fingerprint.words.isEmpty)
    }

    @Test("The numbers do not depend on the pieces the sound comes in, nor on how often it is measured")
    func pieces() {
        let samples = Self.noise(44_100 * 8)
        let once = Self.measures(samples, rate: 44_100)
        #expect(once.features != nil && !once.fingerprint.words.isEmpty)
        for piece in [1024, 100, 44_100, 999] {
            let again = Self.measures(samples, rate: 44_100, piece: piece)
            #expect(again.features == once.features && again.fingerprint == once.fingerprint)
        }
    }

    @Test("The same sound in another file is nearly the same, however many channels it has, and wherever its format changes")
    func formatChanges() throws {
        let mono = Self.song(30)
        let whole = try #require(Self.measures(mono, rate: 22_050).features)
        let stereo = try #require(
            Self.measures(mono.flatMap { [$0, $0] }, rate: 22_050, channels: 2).features)
        #expect(zip(whole.values, stereo.values).allSatisfy { abs($0 - $1) < 1e-3 })
        var analysis = SoundAnalysis(sampleRate: 22_050)
        mono.withUnsafeBufferPointer { samples in
            analysis.add(UnsafeBufferPointer(rebasing: samples[..<220_500]), channels: 1)
            analysis.change(sampleRate: 22_050)
            analysis.add(UnsafeBufferPointer(rebasing: samples[220_500...]), channels: 1)
        }
        var measures = SoundMeasures()
        analysis.finish(into: &measures)
        let joined = try #require(measures.features)
        #expect(zip(whole.values, joined.values).allSatisfy { abs($0 - $1) < 0.2 })
    }

    @Test("A song a fourth higher has the same intervals; one twice as loud has the same timbre")
    func invariance() throws {
        let song = try #require(Self.measures(Self.song(30), rate: 22_050).features).values
        let higher = try #require(Self.measures(Self.song(30, pitch: exp2(5.0 / 12)), rate: 22_050).features).values
        for place in Part.intervals { #expect(abs(song[place] - higher[place]) < 0.12, "\(place - 55) semitones") }
        let louder = try #require(Self.measures(Self.song(30).map { $0 * 2 }, rate: 22_050).features).values
        for place in 0..<56 { #expect(abs(song[place] - louder[place]) < 0.05, "\(place)") }
        #expect(abs(louder[Part.loudness] - song[Part.loudness] - 6.02) < 0.1)
    }

    @Test("Clicks have their number and their tempo, whichever octave it is counted in", arguments: [80.0, 100, 120, 140, 160])
    func tempo(beats: Double) throws {
        let rate = 22_050
        let distance = Int(60 / beats * Double(rate))
        let noise = Self.noise(rate * 60, level: 0.5)
        let samples = noise.enumerated().map { index, sample in sample * exp(-Float(index % distance) / 1500) + 3e-3 * sample }
        let values = try #require(Self.measures(samples, rate: rate).features).values
        #expect(abs(values[Part.onsets] - Float(beats / 60)) < 0.15)
        let expected = log2(beats / 75).truncatingRemainder(dividingBy: 1)
        let away = abs(Double(values[Part.tempo]) - expected)
        #expect(min(away, 1 - away) < 0.03, "\(values[Part.tempo]) instead of \(expected)")
    }

    @Test("Noise is flat and a tone is not; what was measured of loudness is taken over")
    func spectrum() throws {
        let loudness = SoundMeasures.Loudness(integrated: -14, truePeak: 0, range: 6)
        let noise = try #require(Self.measures(Self.noise(200_000), rate: 22_050, loudness: loudness).features).values
        let tone = try #require(
            Self.measures((0..<200_000).map { 0.5 * sin(Float($0) * 0.4) }, rate: 22_050).features
        ).values
        // The tone of 1,404 Hz lies in the octave above 1,378 Hz.
        #expect(noise[Part.flatness.lowerBound + 5] > tone[Part.flatness.lowerBound + 5] + 3)
        #expect(noise[Part.contrast.lowerBound + 5] < tone[Part.contrast.lowerBound + 5] - 2)
        #expect(noise[Part.loudness] == -14 && noise[Part.range] == 6)
    }
}
