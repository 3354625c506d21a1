import TestSupport

/// Damages files, in the same way in every run.
struct Mutator {
    private var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// `file` with one to four injuries, half of them where the headers are.
    mutating func mutant(of file: [UInt8]) -> [UInt8] {
        var bytes = file
        for _ in 0..<Int.random(in: 1...4, using: &random) { injure(&bytes) }
        return bytes
    }

    private mutating func injure(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        let reach = Bool.random(using: &random) ? min(bytes.count, 512) : bytes.count
        let place = Int.random(in: 0..<reach, using: &random)
        let length = min(bytes.count - place, 1 << Int.random(in: 0...12, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
        case 1: bytes[place] = [0, 1, 0x7F, 0x80, 0xFF].randomElement(using: &random) ?? 0
        case 2: bytes.removeSubrange(place..<(place + length))
        case 3: bytes.insert(contentsOf: (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }, at: place)
        case 4: bytes.replaceSubrange(place..<(place + length), with: repeatElement(0, count: length))
        default: swap(&bytes, place, length)
        }
    }

    /// Exchanges two stretches of the same length.
    private mutating func swap(_ bytes: inout [UInt8], _ place: Int, _ length: Int) {
        let other = Int.random(in: 0...(bytes.count - length), using: &random)
        guard abs(other - place) >= length else { return }
        for step in 0..<length { bytes.swapAt(place + step, other + step) }
    }
}
