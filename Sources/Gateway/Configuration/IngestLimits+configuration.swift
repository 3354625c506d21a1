public import Audio
import Configuration

extension IngestLimits {
    /// The limits for files named on the command line: every format, and the values of the environment
    /// (`SWEETSPOT_LIMITS_DURATION=48h`).
    ///
    /// - Throws: ``ServerConfiguration/Invalid`` with the key and its valid values.
    public static func ofCommandLine() async throws -> IngestLimits {
        var limits = IngestLimits()
        limits.takesExtraFormats = true
        try limits.read(try await configurationReader(file: nil))
        return limits
    }

    /// Reads the documented keys; values that `reader` lacks are unchanged.
    mutating func read(_ reader: ConfigReader) throws(ServerConfiguration.Invalid) {
        typealias Server = ServerConfiguration
        takesExtraFormats = try Server.flag(reader, "ingest.extra") ?? takesExtraFormats
        seconds = try Server.duration(reader, "limits.duration", in: 1...(48 * 3600)) ?? seconds
        channels = try Server.number(reader, "limits.channels", in: 1...SourceFormat.Limit.channels.upperBound) ?? channels
        let rates = SourceFormat.Limit.sampleRates
        sampleRate = try Server.number(reader, "limits.sampleRate", in: max(1, rates.lowerBound)...rates.upperBound) ?? sampleRate
        packets = try Server.number(reader, "limits.packets", in: 1...PacketTable.Limit.packets) ?? packets
        tagBytes = try Server.size(reader, "limits.tags").map { max(1, $0.bytes) } ?? tagBytes
        expansion = try Server.number(reader, "limits.expansion", in: 1...1_000_000_000) ?? expansion
    }
}
