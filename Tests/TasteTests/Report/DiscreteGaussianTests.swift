import Foundation
import TestSupport
import Testing

@testable import Taste

struct DiscreteGaussianTests {
    @Test(arguments: [1, 3, 10])
    func `samples have the probabilities of the definition`(deviation: Int) {
        let gaussian = DiscreteGaussian(deviation: deviation)
        var generator = SeededGenerator(seed: UInt64(deviation))
        let count = Program.isLong ? 2_000_000 : 200_000
        var seen: [Int: Int] = [:]
        for _ in 0..<count { seen[gaussian.sample(using: &generator), default: 0] += 1 }
        let variance = Double(deviation * deviation)
        let weight = { (value: Int) in exp(-Double(value * value) / (2 * variance)) }
        let whole = (-60 * deviation...60 * deviation).reduce(0) { $0 + weight($1) }
        // Pearson's χ², over the values that come at least ten times.
        let values = (-10 * deviation...10 * deviation).filter { weight($0) / whole * Double(count) >= 10 }
        let statistic = values.reduce(0.0) { sum, value in
            let expected = weight(value) / whole * Double(count)
            return sum + (Double(seen[value] ?? 0) - expected) * (Double(seen[value] ?? 0) - expected) / expected
        }
        let freedom = Double(values.count - 1)
        #expect(abs(statistic - freedom) < 5 * (2 * freedom).squareRoot(), "\(statistic) of \(freedom)")
        #expect(seen.keys.allSatisfy { abs($0) < 8 * deviation })
    }

    @Test func `the same numbers give the same sample`() {
        let gaussian = DiscreteGaussian(deviation: 10)
        let samples = (0..<2).map { _ in
            var generator = SeededGenerator(seed: 3)
            return (0..<100).map { _ in gaussian.sample(using: &generator) }
        }
        #expect(samples[0] == samples[1] && Set(samples[0]).count > 10)
    }

    @Test(arguments: [Int.min, -1, 0, 1_001, .max]) func `any deviation gives a sample`(deviation: Int) {
        var generator = SeededGenerator(seed: 3)
        #expect(abs(DiscreteGaussian(deviation: deviation).sample(using: &generator)) < 10_000)
    }
}
