import Audio
import TestSupport
import Testing

@Suite("Stored measures come back whole, or are missing")
struct SoundMeasuresTests {
    private static func made(_ generator: inout SeededGenerator) -> SoundMeasures {
        SoundMeasures(
            loudness: .random(using: &generator) ? .init(integrated: -14.25, truePeak: 0.5, range: 7) : nil,
            waveform: (0..<Int.random(in: 0...SoundMeasures.waveformPoints, using: &generator)).map { _ in
                .random(in: 0...255, using: &generator)
            },
            leadingSilence: Int.random(in: 0...(1 << 40), using: &generator), trailingSilence: 0, clippedSamples: 2,
            soundHash: .random(in: 0 ... .max, using: &generator),
            warnings: (0..<Int.random(in: 0...5, using: &generator)).map { "Düll at byte \($0)" },
            features: .random(using: &generator)
                ? SoundFeatures((0..<SoundFeatures.count).map { _ in .random(in: -90...9, using: &generator) }) : nil,
            fingerprint: AcousticFingerprint(
                words: (0..<Int.random(in: 0...20, using: &generator)).map { _ in .random(in: 0 ... .max, using: &generator) }))
    }

    private static func sealed(_ body: [UInt8]) -> [UInt8] {
        let checksum = CRC32.checksum(body)
        return body + (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) }
    }

    @Test("Measures that were written are read back", arguments: 0..<60 as Range<UInt64>)
    func roundTrip(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let measures = Self.made(&generator)
        #expect(SoundMeasures(decoding: measures.encoded()) == measures)
    }

    @Test("Measures of another version are missing")
    func otherVersion() {
        var measures = SoundMeasures(soundHash: 5)
        #expect(SoundMeasures(decoding: measures.encoded(), version: measures.version + 1) == nil)
        measures.version += 1
        #expect(SoundMeasures(decoding: measures.encoded()) == nil)
        #expect(SoundMeasures(decoding: measures.encoded(), version: measures.version) == measures)
    }

    @Test("Measures of version 1 are read by that version, and have neither features nor a fingerprint")
    func formerVersion() {
        var generator = SeededGenerator(seed: 3)
        var measures = Self.made(&generator)
        let length = measures.encoded().count
        measures.version = 1
        let bytes = measures.encoded()
        #expect(bytes.count < length)
        #expect(SoundMeasures(decoding: bytes) == nil)
        (measures.features, measures.fingerprint) = (nil, AcousticFingerprint())
        #expect(SoundMeasures(decoding: bytes, version: 1) == measures)
    }

    @Test("Features are 64 finite numbers, or are none")
    func features() throws {
        let numbers = (0..<SoundFeatures.count).map { Float($0) - 0.5 }
        let features = try #require(SoundFeatures(numbers))
        #expect(features.bytes.count == SoundFeatures.storedBytes && SoundFeatures(bytes: features.bytes) == features)
        for wrong in [Array(numbers.dropLast()), numbers + [0], numbers.dropLast() + [.nan], numbers.dropLast() + [.infinity]] {
            #expect(SoundFeatures(Array(wrong)) == nil)
        }
        #expect(SoundFeatures(bytes: Array(features.bytes.dropLast())) == nil)
    }

    @Test("No changed byte, no cut and no byte more goes unnoticed")
    func corruption() {
        var generator = SeededGenerator(seed: 1)
        let bytes = Self.made(&generator).encoded()
        for position in bytes.indices {
            var changed = bytes
            changed[position] ^= UInt8.random(in: 1...255, using: &generator)
            #expect(SoundMeasures(decoding: changed) == nil)
            #expect(SoundMeasures(decoding: Array(bytes.prefix(position))) == nil)
        }
        #expect(SoundMeasures(decoding: bytes + [0]) == nil)
        #expect(SoundMeasures(decoding: Self.sealed(bytes.dropLast(4) + [0])) == nil)
    }

    @Test(
        "Measures that were changed under a right checksum are missing, or within all bounds", arguments: 0..<20 as Range<UInt64>)
    func forgery(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (accepted, refused) = (0, 0)
        for _ in 0..<200 {
            var body = Array(Self.made(&generator).encoded().dropLast(4))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let position = Int.random(in: 6..<body.count, using: &generator)
                body[position] = Bool.random(using: &generator) ? 0xFF : .random(in: 0...255, using: &generator)
            }
            guard let measures = SoundMeasures(decoding: Self.sealed(body)) else {
                refused += 1
                continue
            }
            accepted += 1
            #expect(measures.waveform.count <= SoundMeasures.waveformPoints)
            #expect(measures.warnings.count <= SoundMeasures.Limit.warnings)
            #expect(SoundMeasures(decoding: measures.encoded()) == measures)
        }
        #expect(accepted > 0 && refused > 0)
    }

    @Test("However much is measured, what is stored is bounded")
    func bounds() throws {
        let long = String(repeating: "é", count: 700)
        let measures = SoundMeasures(
            loudness: .init(integrated: -1, truePeak: -1, range: -1), waveform: [UInt8](repeating: 9, count: 5000),
            leadingSilence: 1 << 40, trailingSilence: 1 << 40, clippedSamples: 1 << 44, soundHash: .max,
            warnings: (0..<100).map { _ in "x" + long },
            features: SoundFeatures([Float](repeating: 1, count: SoundFeatures.count)),
            fingerprint: AcousticFingerprint(words: [UInt32](repeating: 7, count: 5000)))
        let bytes = measures.encoded()
        #expect(bytes.count <= SoundMeasures.Limit.stored)
        let stored = try #require(SoundMeasures(decoding: bytes))
        #expect(stored.waveform.count == 1000 && stored.warnings.count == 64)
        #expect(stored.features != nil && stored.fingerprint.words.count == AcousticFingerprint.mostWords)
        // Cut after a whole letter.
        #expect(stored.warnings[0] == "x" + String(long.prefix(511)))
        #expect(SoundMeasures(decoding: [UInt8](repeating: 0, count: SoundMeasures.Limit.stored + 1)) == nil)
    }
}
