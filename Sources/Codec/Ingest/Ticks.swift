/// The arithmetic of an MP4 file's clocks, whose numbers are untrusted.
enum Ticks {
    private static let maximum = 1 << 40

    /// `ticks` of a clock in samples, rounded to the nearest: at most 2^40 seconds; 0 if the clock's rate is 0.
    static func samples(_ ticks: Int, per timescale: Int, sampleRate: Int) -> Int {
        guard timescale > 0, timescale < maximum, sampleRate > 0, sampleRate < 1 << 20, ticks > 0 else { return 0 }
        let (seconds, rest) = ticks.quotientAndRemainder(dividingBy: timescale)
        return min(seconds, maximum) * sampleRate + (rest * sampleRate + timescale / 2) / timescale
    }

    /// Whether two positions, in samples, are less than one tick apart, so that the clock cannot tell them apart.
    static func areWithinOne(_ one: Int, _ other: Int, per timescale: Int, sampleRate: Int) -> Bool {
        let distance = abs(one - other)
        return distance == 0 || distance < maximum / max(1, timescale) && distance * timescale < sampleRate
    }
}
