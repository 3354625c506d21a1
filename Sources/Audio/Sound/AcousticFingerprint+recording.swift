/// When two fingerprints are of one recording. AcoustID's constants, and what was measured with them: see the decision
/// "Recordings" of Locker.
extension AcousticFingerprint {
    /// The most that the lengths of two encodes of one recording differ, in milliseconds.
    public static let lengthTolerance = 7_000
    /// The most bits that may differ, as a share of all that are compared.
    static let mostErrors = 0.15
    /// Words that have to be compared: 60 s.
    static let leastOverlap = 485
    /// Words by which one fingerprint may begin later than the other: 15 s.
    static let mostOffset = 120
    /// Different words, of 28 bits, that a fingerprint must have. Silence and drones have fewer, and are like each other.
    static let leastWords = 80
    /// The stretch that the index is made of, 10 to 25 s from the start.
    static let indexed = 80..<200

    /// The bits of a word that encodes change least: the lowest four are those of the weakest filters.
    private static func stable(_ word: UInt32) -> UInt32 { word >> 4 }

    /// Whether the fingerprint says enough to be compared at all.
    public var isComparable: Bool {
        words.count >= Self.leastOverlap && Set(words.lazy.map(Self.stable)).count >= Self.leastWords
    }

    /// The words by which fingerprints of one recording find each other, ascending: of the words of one stretch those
    /// whose hash ends in three zeros, about 15. Each is of 28 bits. Empty if the fingerprint is not comparable.
    public var indexWords: [Int] {
        guard isComparable else { return [] }
        let chosen = words[Self.indexed].lazy.map(Self.stable).filter { ($0 &* 0x9E37_79B1) >> 29 == 0 }
        return Set(chosen.map { Int($0) }).sorted()
    }

    /// Whether both are of one recording.
    ///
    /// - Parameter difference: between the tracks' lengths, in milliseconds.
    /// - Complexity: About 250,000 words of 32 bits are compared.
    public func isSameRecording(as other: AcousticFingerprint, lengthsDifferingBy difference: Int) -> Bool {
        guard difference.magnitude <= UInt(Self.lengthTolerance), isComparable, other.isComparable,
            let rate = errorRate(to: other)
        else { return false }
        return rate <= Self.mostErrors
    }

    /// The share of bits that differ at the offset where fewest do. Nil if no offset leaves ``leastOverlap``.
    func errorRate(to other: AcousticFingerprint) -> Double? {
        let (one, two) = (words.span, other.words.span)
        var least: Double?
        for offset in -Self.mostOffset...Self.mostOffset {
            // one[index] is compared with two[index - offset].
            let range = max(0, offset)..<max(max(0, offset), min(one.count, two.count + offset))
            guard range.count >= Self.leastOverlap else { continue }
            // At most 32 bits of 1024 words.
            var errors = 0
            for index in range { errors &+= (one[index] ^ two[index &- offset]).nonzeroBitCount }
            let rate = Double(errors) / Double(32 * range.count)
            least = min(least ?? rate, rate)
        }
        return least
    }
}
