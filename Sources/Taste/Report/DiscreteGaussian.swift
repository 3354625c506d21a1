/// Exact samples of the discrete Gaussian of mean 0: whole numbers x with probabilities in proportion to exp(−x²/2σ²).
///
/// Canonne, Kamath and Steinke, "The Discrete Gaussian for Differential Privacy" (2020), algorithms 1 to 3. Only whole numbers are
/// computed with: noise made of floating-point numbers tells what it was added to (Mironov 2012).
struct DiscreteGaussian {
    /// 1 to 1,000.
    let deviation: UInt64

    init(deviation: Int) { self.deviation = UInt64(min(max(1, deviation), 1_000)) }

    func sample(using generator: inout some RandomNumberGenerator) -> Int {
        let scale = deviation + 1
        let variance = deviation * deviation
        while true {
            let candidate = Self.laplace(scale: scale, &generator)
            let magnitude = UInt64(candidate.magnitude)
            // Beyond, exp is less than any probability that can be told from 0.
            guard magnitude < 1 << 20 else { continue }
            let (scaled, denominator) = (magnitude * scale, 2 * variance * scale * scale)
            let distance = max(scaled, variance) - min(scaled, variance)
            if Self.bernoulliOfExponential(distance * distance, over: denominator, &generator) { return candidate }
        }
    }

    /// Algorithm 2, for a whole scale: probabilities in proportion to exp(−|x| / scale).
    private static func laplace(scale: UInt64, _ generator: inout some RandomNumberGenerator) -> Int {
        while true {
            let remainder = UInt64.random(in: 0..<scale, using: &generator)
            guard bernoulliOfExponential(remainder, over: scale, &generator) else { continue }
            var wholes: UInt64 = 0
            while wholes < 1 << 20, bernoulliOfExponential(1, over: 1, &generator) { wholes += 1 }
            let magnitude = Int(remainder + scale * wholes)
            let isNegative = Bool.random(using: &generator)
            // Zero would come twice as often.
            if isNegative, magnitude == 0 { continue }
            return isNegative ? -magnitude : magnitude
        }
    }

    /// Algorithm 1: true with probability exp(−numerator / denominator).
    private static func bernoulliOfExponential(
        _ numerator: UInt64, over denominator: UInt64, _ generator: inout some RandomNumberGenerator
    ) -> Bool {
        var rest = numerator
        while rest > denominator {
            guard bernoulliOfSmallExponential(1, over: 1, &generator) else { return false }
            rest -= denominator
        }
        return bernoulliOfSmallExponential(rest, over: denominator, &generator)
    }

    /// The same for a fraction of at most 1.
    private static func bernoulliOfSmallExponential(
        _ numerator: UInt64, over denominator: UInt64, _ generator: inout some RandomNumberGenerator
    ) -> Bool {
        var count: UInt64 = 1
        // Two draws for numerator / (denominator · count): the product of the denominators could overflow.
        while UInt64.random(in: 0..<denominator, using: &generator) < numerator,
            UInt64.random(in: 0..<count, using: &generator) == 0
        { count += 1 }
        return count % 2 == 1
    }
}
