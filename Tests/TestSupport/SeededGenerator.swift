import Foundation

/// SplitMix64: the same numbers in every run, so that a failure repeats.
public struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// The generator of a test, which prints its seed: `SWEETSPOT_SEED`, or the same in every run.
    public init(for test: String, seed: UInt64 = 1) {
        let named = ProcessInfo.processInfo.environment["SWEETSPOT_SEED"].flatMap { UInt64($0) }
        state = named ?? seed
        print("\(test): SWEETSPOT_SEED=\(state)")
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
