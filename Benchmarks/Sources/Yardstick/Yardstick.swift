public import Benchmark
import Foundation

/// What a piece of work costs, in thousandths of what the yardstick costs at the same moment.
///
/// Times here differ by tens of percent from run to run and from machine to machine, and virtual machines count no instructions; a ratio to
/// plain arithmetic in the same breath holds within a few percent, and only ratios have thresholds.
public let relativeCost = BenchmarkMetric.custom("per mille of the yardstick", polarity: .prefersSmaller, useScalingFactor: false)

/// Processor seconds of this process, all threads together.
public func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// Processor seconds of FNV-1a over 32 KiB a hundred times: about 3 ms.
private func yardstick() -> Double {
    let start = processorSeconds()
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for round in 0..<100 {
        for position in 0..<32_768 { hash = (hash ^ UInt64(truncatingIfNeeded: position &+ round)) &* 0x100_0000_01b3 }
    }
    blackHole(hash)
    return processorSeconds() - start
}

extension Benchmark {
    /// Measures `work`, and the yardstick right after it.
    ///
    /// - Parameter share: of the cost that is noted: what is exported beyond 9,999 is rounded to thousands.
    public func compare(share: Double = 1, _ work: () throws -> Void) rethrows {
        let before = processorSeconds()
        startMeasurement()
        try work()
        stopMeasurement()
        let cost = (processorSeconds() - before) * share
        measurement(relativeCost, Int(1000 * cost / yardstick()))
    }

    /// The same for work that waits.
    public func compare(_ work: () async throws -> Void) async rethrows {
        let before = processorSeconds()
        startMeasurement()
        try await work()
        stopMeasurement()
        let cost = processorSeconds() - before
        measurement(relativeCost, Int(1000 * cost / yardstick()))
    }
}
