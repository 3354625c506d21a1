import Audio

/// The measures of a track over one sample rate and number of channels.
struct SoundSection {
    /// Hz.
    let sampleRate: Int
    let channels: Int
    var waveform = PeakBins()
    /// Samples per channel.
    var measured = 0
    /// Positions of the first sample that is not silent and of the last, in samples per channel.
    var firstLoud: Int?
    var lastLoud = -1
}

extension [SoundSection] {
    /// Samples per channel at `rate` of all sections.
    private func length(at rate: Int) -> Double {
        reduce(0) { $0 + Double($1.measured) * Double(rate) / Double($1.sampleRate) }
    }

    /// Samples per channel at `rate` before the first that is not silent.
    func leadingSilence(at rate: Int) -> Int {
        let silent = prefix { $0.firstLoud == nil }
        return Int(Array(silent).length(at: rate) + dropFirst(silent.count).first.silence(at: rate) { $0.firstLoud ?? 0 })
    }

    /// Samples per channel at `rate` behind the last that is not silent; 0 if all are silent.
    func trailingSilence(at rate: Int) -> Int {
        guard let last = lastIndex(where: { $0.firstLoud != nil }) else { return 0 }
        let silent = Array(self[(last + 1)...]).length(at: rate)
        return Int(silent + Optional(self[last]).silence(at: rate) { $0.measured - 1 - $0.lastLoud })
    }

    /// The peaks as `count` points of equal time; 255 is full scale.
    func waveform(_ count: Int) -> [UInt8] {
        if self.count == 1 { return self[0].waveform.points(count) }
        var points = [UInt8](repeating: 0, count: count)
        let whole = Swift.max(1e-9, length(at: 1))
        var start = 0.0
        for section in self where section.measured > 0 {
            let end = start + Double(section.measured) / Double(section.sampleRate)
            let (first, last) = (start / whole * Double(count), end / whole * Double(count))
            // Points that the section shares with its neighbours show the louder one.
            let covered = Swift.min(count - 1, Int(first))..<Swift.min(count, Swift.max(Int(first) + 1, Int(last.rounded(.up))))
            for (index, value) in zip(covered, section.waveform.points(covered.count)) {
                points[index] = Swift.max(points[index], value)
            }
            start = end
        }
        return points
    }
}

extension SoundSection? {
    fileprivate func silence(at rate: Int, _ samples: (SoundSection) -> Int) -> Double {
        guard let self else { return 0 }
        return Double(samples(self)) * Double(rate) / Double(self.sampleRate)
    }
}
