import Glibc

/// A second's first `positions` of a tone in noise, interleaved, in 16 bits of the little end first; its own for each seed.
public func toneInNoise(positions: Int, channels: Int, rate: Int, seed: UInt64) -> [UInt8] {
    var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
    var bytes: [UInt8] = []
    bytes.reserveCapacity(positions * channels * 2)
    for position in 0..<positions {
        let tone = Int16(8000 * sin(2 * .pi * 440 * Double(position) / Double(rate)))
        for _ in 0..<channels {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            let sample = tone + Int16(truncatingIfNeeded: state) / 16
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
    }
    return bytes
}
