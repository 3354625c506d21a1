/// Where a resampler may start afresh and still give the samples of one continuous conversion.
///
/// libswresample's output phase is zero at every input sample that is a multiple of `inRate / gcd`; started there with enough
/// input before and after the wanted samples, a fresh context is bit-identical to a continuous one (measured).
struct Resampling {
    private let period: Int
    private let outputPeriod: Int
    /// Input samples on either side that the filter can reach: 32 taps at the lower of both rates, twice over.
    private let reach: Int

    init(from inputRate: Int, to outputRate: Int) {
        var (a, b) = (inputRate, outputRate)
        while b != 0 { (a, b) = (b, a % b) }
        period = inputRate / a
        outputPeriod = outputRate / a
        reach = inputRate == outputRate ? 0 : 32 * ((inputRate + outputRate - 1) / outputRate) + 32
    }

    /// The input samples to feed for `output`, starting at phase zero. At least one, also for output that lies behind the last.
    func input(for output: Range<Int>, trackSamples: Int) -> Range<Int> {
        let start = min(trackSamples - 1, output.lowerBound * period / outputPeriod)
        let first = max(0, start - reach) / period * period
        let last = (output.upperBound * period + outputPeriod - 1) / outputPeriod + reach
        return first..<max(first + 1, min(trackSamples, last))
    }

    /// The output position of an input sample at phase zero.
    func output(at input: Int) -> Int { input / period * outputPeriod }
}
