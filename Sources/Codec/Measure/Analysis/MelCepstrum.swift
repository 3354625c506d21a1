import Glibc

/// Cepstral coefficients of a power spectrum over mel bands. The coefficient 0, the level, is left out.
struct MelCepstrum: ~Copyable {
    static let bandCount = 32
    static let coefficients = 20
    private static let lowest = 60.0
    private static let highest = 5_000.0

    /// Binary logarithms of the bands' powers.
    let bands: UnsafeMutablePointer<Float>
    /// ``coefficients`` of the last spectrum.
    let values: UnsafeMutablePointer<Float>
    /// Bins that have a part in a band.
    private let used: Range<Int>
    /// The band below whose middle a bin lies, from 0, and its share of that band; the rest is the band's before.
    private let upper: UnsafeMutablePointer<Int>
    private let share: UnsafeMutablePointer<Float>
    private let sums: UnsafeMutablePointer<Float>
    private let cosines: UnsafeMutablePointer<Float>

    init(bins: Int) {
        bands = .allocate(capacity: Self.bandCount)
        bands.initialize(repeating: 0, count: Self.bandCount)
        values = .allocate(capacity: Self.coefficients)
        values.initialize(repeating: 0, count: Self.coefficients)
        upper = .allocate(capacity: bins)
        share = .allocate(capacity: bins)
        sums = .allocate(capacity: Self.bandCount + 2)
        cosines = .allocate(capacity: Self.coefficients * Self.bandCount)
        let (low, high) = (Self.mel(Self.lowest), Self.mel(Self.highest))
        let step = (high - low) / Double(Self.bandCount + 1)
        var (first, end) = (bins, 0)
        for bin in 0..<bins {
            let frequency = Double(bin) * Double(SoundAnalysis.rate) / Double(2 * bins)
            let place = (Self.mel(frequency) - low) / step
            let isUsed = place >= 0 && place < Double(Self.bandCount + 1)
            if isUsed { (first, end) = (min(first, bin), bin + 1) }
            upper[bin] = isUsed ? Int(place) + 1 : 0
            share[bin] = isUsed ? Float(place - place.rounded(.down)) : 0
        }
        used = min(first, end)..<end
        for coefficient in 0..<Self.coefficients {
            for band in 0..<Self.bandCount {
                let angle = Double.pi * Double(coefficient + 1) * (Double(band) + 0.5) / Double(Self.bandCount)
                cosines[coefficient * Self.bandCount + band] = Float(cos(angle) / Double(Self.bandCount))
            }
        }
    }

    private static func mel(_ frequency: Double) -> Double { 1127 * log(1 + frequency / 700) }

    deinit {
        bands.deallocate()
        values.deallocate()
        upper.deallocate()
        share.deallocate()
        sums.deallocate()
        cosines.deallocate()
    }

    /// Sets ``bands`` and ``values``. The power of every bin must be a normal number above 0.
    func measure(_ power: UnsafePointer<Float>) {
        sums.update(repeating: 0, count: Self.bandCount + 2)
        for bin in used {
            let part = share[bin] * power[bin]
            sums[upper[bin]] += part
            sums[upper[bin] - 1] += power[bin] - part
        }
        // The outer halves of the first and last triangle are at the ends of the sums.
        for band in 0..<Self.bandCount { bands[band] = fastLog2(max(sums[band + 1], .leastNormalMagnitude)) }
        for coefficient in 0..<Self.coefficients {
            let row = cosines + coefficient * Self.bandCount
            var sum = SIMD8<Float>.zero
            for start in stride(from: 0, to: Self.bandCount, by: 8) {
                for lane in 0..<8 { sum[lane] += row[start + lane] * bands[start + lane] }
            }
            values[coefficient] = sum.sum()
        }
    }
}
