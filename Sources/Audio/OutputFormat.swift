/// The sample rate, channels and depth that a rendition's encoder is fed for one source.
public struct OutputFormat: Sendable, Hashable {
    /// Hz.
    public let sampleRate: Int
    /// 1 or 2.
    public let channels: Int
    /// 16 or 24 for a lossless codec, 0 for the others.
    public let bitsPerSample: Int

    public init(sampleRate: Int, channels: Int, bitsPerSample: Int = 0) {
        self.sampleRate = sampleRate
        self.channels = channels
        self.bitsPerSample = bitsPerSample
    }
}

extension Rendition {
    /// The sample rates MP3 knows, highest first (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3, MPEG-2.5), in Hz.
    static let mp3SampleRates = [48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000]

    /// The sample rates of AAC by their index (ISO 14496-3 table 1.18), in Hz.
    public static let aacSampleRates = [
        96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350
    ]

    /// The rates to which a FLAC source is reduced if a frame header cannot state its own (RFC 9639 §9.1.2), in Hz.
    private static let flacSampleRates = [384_000, 352_800, 192_000, 176_400, 96_000, 88_200, 48_000, 44_100]

    /// The format this rung is encoded in for `source`; nil if the codec cannot carry the bitrate there.
    public func output(for source: SourceFormat) -> OutputFormat? {
        let channels = isMono ? 1 : min(2, source.channels)
        switch ladder {
        case .opus:
            return OutputFormat(sampleRate: 48_000, channels: channels)
        case .mp3:
            let rate = nearestRate(to: source.sampleRate, in: Self.mp3SampleRates)
            guard Self.mp3Bitrates(at: rate).contains(bitrate) else { return nil }
            return OutputFormat(sampleRate: rate, channels: channels)
        case .aac:
            let rate = nearestRate(to: source.sampleRate, in: Self.aacSampleRates)
            guard bitrate * 1000 * 1024 <= 8 * AACBudget.frameBytes(channels: channels) * rate else { return nil }
            return OutputFormat(sampleRate: rate, channels: channels)
        case .flac:
            let rate = source.sampleRate
            let fits = rate <= 65_535 || rate <= 655_350 && rate.isMultiple(of: 10)
            return OutputFormat(
                sampleRate: fits ? rate : nearestRate(to: rate, in: Self.flacSampleRates), channels: channels,
                bitsPerSample: (1...16).contains(source.bitsPerSample) ? 16 : 24)
        }
    }

    /// The rung's own rate if the source reaches it, else the source's if the codec takes it, else the nearest lower one of its
    /// family, which is the highest that divides it; an odd rate takes the nearest lower. `rates` are in Hz, the highest first.
    private func nearestRate(to sourceRate: Int, in rates: [Int]) -> Int {
        if let own = ownSampleRate, sourceRate >= own { return own }
        if rates.contains(sourceRate) { return sourceRate }
        return rates.first { $0 < sourceRate && sourceRate.isMultiple(of: $0) } ?? rates.first { $0 < sourceRate }
            ?? rates.last ?? sourceRate
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
