import Audio

/// Peaks of a signal of unknown length: a fixed number of samples a bin, doubled whenever there are too many bins.
struct PeakBins {
    private static let maximumBins = 1 << 14

    private var bins: [Float] = []
    /// Samples per channel in a bin.
    private var width = 16
    private var current: Float = 0
    /// Samples per channel in the current bin.
    private var filled = 0

    /// Adds interleaved samples, and returns their peak.
    mutating func add(_ samples: UnsafeBufferPointer<Float>, channels: Int) -> Float {
        var peak: Float = 0
        var start = 0
        while start < samples.count {
            let end = min(samples.count, start + (width - filled) * channels)
            let highest = UnsafeBufferPointer(rebasing: samples[start..<end]).peak
            current = max(current, highest)
            peak = max(peak, highest)
            filled += (end - start) / channels
            start = end
            if filled == width { close() }
        }
        return peak
    }

    private mutating func close() {
        bins.append(current)
        (current, filled) = (0, 0)
        guard bins.count == Self.maximumBins else { return }
        for index in 0..<(Self.maximumBins / 2) { bins[index] = max(bins[2 * index], bins[2 * index + 1]) }
        bins.removeLast(Self.maximumBins / 2)
        width *= 2
    }

    /// Ends the signal and merges bins while there are more than twice as many as a waveform has points.
    mutating func finish() {
        if filled > 0 { bins.append(current) }
        filled = 0
        while bins.count > 2 * SoundMeasures.waveformPoints {
            bins = stride(from: 0, to: bins.count, by: 2).map { max(bins[$0], bins[min($0 + 1, bins.count - 1)]) }
        }
    }

    /// The signal's peaks as `count` points of equal length; 255 is full scale.
    func points(_ count: Int) -> [UInt8] {
        let all = filled > 0 ? bins + [current] : bins
        guard !all.isEmpty else { return [UInt8](repeating: 0, count: count) }
        return (0..<count).map { point in
            let first = point * all.count / count
            let last = max(first + 1, (point + 1) * all.count / count)
            let peak = all[first..<last].reduce(0, max)
            return UInt8(min(255, max(0, peak * 255)).rounded())
        }
    }
}
