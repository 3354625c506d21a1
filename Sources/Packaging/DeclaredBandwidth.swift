import Audio

/// The bandwidths a playlist declares for a rendition before it is encoded, in bit/s (RFC 8216bis §4.4.6.2).
struct DeclaredBandwidth: Hashable {
    /// The highest rate of any run of segments between half and one and a half target durations.
    let peak: Int
    let average: Int

    /// - Parameter compressedBitrate: of the Original's audio in kbit/s, if the Original is a lossless encode of exactly the
    ///   samples that FLAC is made of. FLAC will not be much larger then.
    init(_ layout: SegmentLayout, compressedBitrate: Int?) {
        let grid = layout.grid
        let bound = Self.largest(layout)
        switch grid.rendition.ladder {
        case .opus, .mp3, .aac:
            peak = bound.peak
            average = bound.average
        case .flac:
            let pcm = grid.output.sampleRate * grid.output.bitsPerSample * grid.output.channels
            let most = max(pcm * 101 / 100, bound.peak)
            peak = most
            average = compressedBitrate.map { min(most, max(1, $0) * 1100) } ?? most
        }
    }

    /// The bit rates if every segment is as large as it may be: exact for Opus and AAC.
    private static func largest(_ layout: SegmentLayout) -> (peak: Int, average: Int) {
        let grid = layout.grid
        let last = layout.count - 1
        let rate = grid.output.sampleRate
        var bits: [Int: Int] = [:]
        func size(_ number: Int) -> Int {
            if let known = bits[number] { return known }
            let size = 8 * layout.largestLength(ofSegment: number)
            bits[number] = size
            return size
        }
        func rateOf(_ run: ClosedRange<Int>) -> Int {
            let samples = run.reduce(0) { $0 + layout.presentation(ofSegment: $1).count }
            return samples == 0 ? 0 : (run.reduce(0) { $0 + size($1) } * rate + samples - 1) / samples
        }
        // All segments but the first and the last are alike, so these runs are all there are.
        var peak = 0
        for run in [0...0, min(1, last)...min(1, last), last...last, max(0, last - 1)...last] {
            let twice = 2 * run.reduce(0) { $0 + layout.presentation(ofSegment: $1).count }
            guard twice >= layout.targetDuration * rate, twice <= 3 * layout.targetDuration * rate else { continue }
            peak = max(peak, rateOf(run))
        }
        var total = size(0)
        if last > 0 { total += size(last) + (last - 1) * size(1) }
        let average = (total * rate + grid.outputSamples - 1) / grid.outputSamples
        return (peak == 0 ? average : peak, average)
    }
}

extension SegmentLayout {
    /// The most bytes that a segment can have.
    fileprivate func largestLength(ofSegment number: Int) -> Int {
        if let known = MediaSegment(self, number: number) { return known.length }
        let samples = presentation(ofSegment: number).count
        return MediaSegment.headBytes(self, number: number) + frames(ofSegment: number).count * 24
            + samples * grid.output.channels * grid.output.bitsPerSample / 8
    }
}
