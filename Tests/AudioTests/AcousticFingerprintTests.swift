import TestSupport
import Testing

@testable import Audio

@Suite("Fingerprints of one recording are told from all others")
struct AcousticFingerprintTests {
    private var generator = SeededGenerator(seed: 7)

    private mutating func random(_ count: Int = 948) -> [UInt32] {
        (0..<count).map { _ in .random(in: 0 ... .max, using: &generator) }
    }

    /// The words with that share of all bits changed.
    private mutating func changed(_ words: [UInt32], _ share: Double) -> [UInt32] {
        words.map { word in
            (0..<32).reduce(word) { $0 ^ (Double.random(in: 0..<1, using: &generator) < share ? 1 << UInt32($1) : 0) }
        }
    }

    private func isSame(_ one: [UInt32], _ other: [UInt32], _ difference: Int = 0) -> Bool {
        let (one, other) = (AcousticFingerprint(words: one), AcousticFingerprint(words: other))
        let result = one.isSameRecording(as: other, lengthsDifferingBy: difference)
        #expect(other.isSameRecording(as: one, lengthsDifferingBy: -difference) == result)
        return result
    }

    @Test("Up to 15 % of the bits may differ, as in no two recordings")
    mutating func errors() throws {
        let words = random()
        #expect(isSame(words, words))
        let near = changed(words, 0.13)
        #expect(isSame(words, near))
        let far = changed(words, 0.17)
        #expect(!isSame(words, far))
        for _ in 0..<20 {
            let other = random()
            #expect(!isSame(words, other))
        }
        let rate = try #require(AcousticFingerprint(words: words).errorRate(to: AcousticFingerprint(words: near)))
        #expect(abs(rate - 0.13) < 0.01)
    }

    @Test("One may begin up to 15 s later, and be up to 7 s longer")
    mutating func offsets() {
        let words = random()
        #expect(isSame(words, Array(words.dropFirst(120))))
        #expect(!isSame(words, Array(words.dropFirst(121))))
        #expect(isSame(words, words, 7_000))
        #expect(!isSame(words, words, 7_001))
        #expect(!isSame(words, words, -7_001))
        #expect(!isSame(words, words, .max))
    }

    @Test("Less than 60 s in common, and fewer than 80 different words, say nothing")
    mutating func tooLittle() {
        let words = random(485)
        #expect(isSame(words, words))
        let shorter = Array(words.dropLast())
        #expect(!isSame(shorter, shorter) && AcousticFingerprint(words: shorter).indexWords.isEmpty)
        let few = (0..<948).map { words[$0 % 79] }
        #expect(!isSame(few, few) && AcousticFingerprint(words: few).indexWords.isEmpty)
        // The four lowest bits do not make words differ.
        let alike = (0..<948).map { words[$0 % 79] ^ UInt32($0 % 16) }
        #expect(!AcousticFingerprint(words: alike).isComparable)
        let enough = (0..<948).map { words[$0 % 80] }
        #expect(isSame(enough, enough))
        #expect(!AcousticFingerprint().isComparable)
    }

    @Test("Encodes share words of the index, and recordings do not")
    mutating func index() {
        var counts = 0
        for _ in 0..<50 {
            let words = random()
            let index = AcousticFingerprint(words: words).indexWords
            counts += index.count
            #expect(index == index.sorted() && index.allSatisfy { (0..<(1 << 28)).contains($0) })
            // An mp3 of 48 kbit/s has .009 of its bits wrong.
            let encode = changed(words, 0.009)
            #expect(!Set(index).isDisjoint(with: AcousticFingerprint(words: encode).indexWords))
            let other = random()
            #expect(Set(index).isDisjoint(with: AcousticFingerprint(words: other).indexWords))
        }
        #expect((600...900).contains(counts))
    }
}
