/// What a rendition's encoder is fed for one source: sample rate and channels.
public struct OutputFormat: Sendable, Hashable {
    /// Hz.
    public let sampleRate: Int
    /// 1 or 2.
    public let channels: Int

    public init(sampleRate: Int, channels: Int) {
        self.sampleRate = sampleRate
        self.channels = channels
    }
}

extension Rendition {
    /// The sample rates MP3 knows, highest first (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3, MPEG-2.5), in Hz.
    static let mp3SampleRates = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000]

    /// The format this rung is encoded in for `source`, or nil where the codec cannot carry the bitrate there.
    public func output(for source: SourceFormat) -> OutputFormat? {
        let channels = isMono ? 1 : min(2, source.channels)
        switch ladder {
        case .opus:
            return OutputFormat(sampleRate: 48_000, channels: channels)
        case .mp3:
            let rate = mp3SampleRate(for: source.sampleRate)
            guard Self.mp3Bitrates(at: rate).contains(bitrate) else { return nil }
            return OutputFormat(sampleRate: rate, channels: channels)
        }
    }

    private func mp3SampleRate(for sourceRate: Int) -> Int {
        if let own = ownSampleRate, sourceRate >= own { return own }
        let rates = Self.mp3SampleRates
        if rates.contains(sourceRate) { return sourceRate }
        // The nearest lower rate of the source's family is the highest one that divides it; an odd rate takes the nearest lower.
        return rates.first { $0 < sourceRate && sourceRate.isMultiple(of: $0) } ?? rates.first { $0 < sourceRate } ?? 8_000
    }

    /// The standard MP3 bitrates at a sample rate, in kbit/s (ISO 11172-3 table B.1, ISO 13818-3; MPEG-2.5 stops at 64).
    public static func mp3Bitrates(at sampleRate: Int) -> [Int] {
        switch sampleRate {
        case 32_000...: [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
        case 16_000...: [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
        default: [8, 16, 24, 32, 40, 48, 56, 64]
        }
    }
}
