import Glibc

/// Timbre, evenness of the spectrum, onsets and tempo of mono sound at ``SoundAnalysis/rate``: frames of 93 ms, twice as many.
struct TimbreMeter: ~Copyable {
    private static let frame = 1024
    private static let hop = 512
    /// Mean square, -70 dBFS: a frame below it is silent.
    static let silence: Float = 1e-7
    /// Audible frames, of 46 ms, that are enough to say anything: about a second.
    private static let leastFrames = 21
    /// Edges of seven octaves, as bins of 10.8 Hz: 43, 86, 172, 345, 689, 1,378, 2,756 and 5,512 Hz.
    private static let edges = [4, 8, 16, 32, 64, 128, 256, 512]
    private static let octaves = 7

    private var queue = FrameQueue(length: Self.frame, hop: Self.hop)
    private let spectrum = PowerSpectrum(length: Self.frame)
    private let cepstrum = MelCepstrum(bins: Self.frame / 2)
    private var rhythm = RhythmMeter(framesPerSecond: Double(SoundAnalysis.rate) / Double(Self.hop))
    /// Logarithms of the bins.
    private let logarithms: UnsafeMutablePointer<Float>
    /// Sums over the audible frames: coefficients, their squares, flatness, contrast.
    private let sums: UnsafeMutablePointer<Double>
    private var frames = 0
    private var power = 0.0

    init() {
        logarithms = .allocate(capacity: Self.frame / 2)
        sums = .allocate(capacity: 2 * MelCepstrum.coefficients + 2 * Self.octaves)
        sums.initialize(repeating: 0, count: 2 * MelCepstrum.coefficients + 2 * Self.octaves)
    }

    deinit {
        logarithms.deallocate()
        sums.deallocate()
    }

    mutating func add(_ block: UnsafeBufferPointer<Float>) {
        var rest = block
        while queue.fill(from: &rest) {
            measure()
            queue.advance()
        }
    }

    private mutating func measure() {
        let level = spectrum.measure(queue.frame)
        guard level > Self.silence else {
            rhythm.addSilence()
            return
        }
        frames += 1
        power += Double(level)
        let bins = Self.frame / 2
        // Encoders empty bins that are far below the others: what is 50 dB below the mean counts as that.
        let floor = level * 1e-5 * Float(Self.frame)
        for bin in 0..<bins {
            spectrum.power[bin] += floor
            logarithms[bin] = fastLog2(spectrum.power[bin])
        }
        measureOctaves()
        cepstrum.measure(spectrum.power)
        rhythm.add(cepstrum.bands, count: MelCepstrum.bandCount)
        for index in 0..<MelCepstrum.coefficients {
            let value = Double(cepstrum.values[index])
            sums[index] += value
            sums[MelCepstrum.coefficients + index] += value * value
        }
    }

    private func measureOctaves() {
        let sums = sums + 2 * MelCepstrum.coefficients
        for octave in 0..<Self.octaves {
            let (start, end) = (Self.edges[octave], Self.edges[octave + 1])
            var (sum, logarithm, highest) = (Float(0), Float(0), Float(0))
            for bin in start..<end {
                sum += spectrum.power[bin]
                logarithm += logarithms[bin]
                highest = max(highest, spectrum.power[bin])
            }
            let mean = fastLog2(sum / Float(end - start))
            sums[octave] += Double(logarithm / Float(end - start) - mean)
            sums[Self.octaves + octave] += Double(fastLog2(highest) - mean)
        }
    }

    /// What was found over the audible frames; nil if there are too few.
    ///
    /// - Returns: The first 56 of the ``SoundFeatures``, and the mean level in dBFS.
    func finish() -> (numbers: [Float], level: Double)? {
        guard frames >= Self.leastFrames else { return nil }
        let count = MelCepstrum.coefficients
        let all = (0..<(2 * count + 2 * Self.octaves)).map { sums[$0] / Double(frames) }
        let means = all[..<count]
        let deviations = zip(all[count..<(2 * count)], means).map { square, mean in max(0, square - mean * mean).squareRoot() }
        let numbers = means + deviations + all[(2 * count)...] + [rhythm.onsets, rhythm.tempo]
        return (numbers.map { Float($0) }, 10 * log10(power / Double(frames)))
    }
}
