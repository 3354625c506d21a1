public import Audio
import Configuration

extension IngestLimits {
    /// The limits for a person's own files on the command line: every format, and what the environment sets
    /// (`SWEETSPOT_LIMITS_DURATION=48h`).
    ///
    /// - Throws: ``ServerConfiguration/Invalid`` with the key and what it should be.
    public static func ofCommandLine() async throws -> IngestLimits {
        var limits = IngestLimits()
        limits.takesExtraFormats = true
        try limits.read(try await configurationReader(file: nil))
        return limits
    }

    /// Reads the documented keys; what `reader` does not have stays as it is.
    mutating func read(_ reader: ConfigReader) throws(ServerConfiguration.Invalid) {
        typealias Server = ServerConfiguration
        takesExtraFormats = try Server.flag(reader, "ingest.extra") ?? takesExtraFormats
        seconds = try Self.duration(reader, "limits.duration", in: 1...(48 * 3600)) ?? seconds
        channels = try Server.number(reader, "limits.channels", in: 1...SourceFormat.Limit.channels.upperBound) ?? channels
        let rates = SourceFormat.Limit.sampleRates
        sampleRate = try Server.number(reader, "limits.sampleRate", in: max(1, rates.lowerBound)...rates.upperBound) ?? sampleRate
        packets = try Server.number(reader, "limits.packets", in: 1...PacketTable.Limit.packets) ?? packets
        tagBytes = try Server.size(reader, "limits.tags").map { max(1, $0.bytes) } ?? tagBytes
        expansion = try Server.number(reader, "limits.expansion", in: 1...1_000_000_000) ?? expansion
    }

    /// Seconds, from a number with an optional unit: `24h`, `90 min`, `3600`.
    private static func duration(
        _ reader: ConfigReader, _ key: String, in bounds: ClosedRange<Int>
    ) throws(ServerConfiguration.Invalid) -> Int? {
        guard let text = try ServerConfiguration.text(reader, key) else { return nil }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let factors = ["": 1, "s": 1, "m": 60, "min": 60, "h": 3600]
        guard let count = Int(digits), let factor = factors[text.dropFirst(digits.count).drop { $0 == " " }.lowercased()] else {
            throw ServerConfiguration.Invalid(description: "\(key): \(text) is no duration such as 24h, 90min or 3600")
        }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: factor)
        guard !overflow, bounds.contains(seconds) else {
            throw ServerConfiguration.Invalid(
                description: "\(key): \(text) is not from \(bounds.lowerBound) s to \(bounds.upperBound / 3600) h")
        }
        return seconds
    }
}
