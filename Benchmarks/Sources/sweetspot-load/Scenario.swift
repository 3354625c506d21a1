import Foundation

/// What all phones of a run have in common.
struct Scenario: Sendable {
    var library: Library
    var songs: [Song]
    /// A rendition's name, `hls/LADDER`, or `auto`.
    var play: String
    /// Profiles a phone may have; hand-overs go from one to another.
    var networks: [NetworkProfile]
    /// Mean seconds between these; 0 for never.
    var skip = 0.0
    var seek = 0.0
    var pause = 0.0
    var drop = 0.0
    var handOver = 0.0
    /// Seconds of sound beyond which a phone reads no more; 0 reads on.
    var buffer = 0.0
    /// Every phone at a place of its own, so that no two share a chunk.
    var isCold = false
    var isDownload = false
    var clients: Int
    var start: Double
    var end: Double
    var measurements: Measurements
    /// Whole seconds since the start.
    var second: Int { Int(now() - start) }
    var ledger: ByteLedger?
    /// What phones that speak Subsonic were given; nil if all speak the server's own protocol.
    var files: ReceivedFiles?
}

struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Exponentially distributed; infinite where `mean` is 0.
    mutating func wait(_ mean: Double) -> Double { mean > 0 ? -mean * log(Double.random(in: 1e-9..<1, using: &self)) : .infinity }
}

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
