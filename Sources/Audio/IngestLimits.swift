/// The formats and sizes that ingest accepts: configured for the server, obeyed by the ingest process.
public struct IngestLimits: Sendable, Hashable {
    /// Whether the formats beside the core ones are accepted: WavPack, Monkey's Audio, TTA, Musepack, ASF, Matroska, CAF, Speex.
    public var takesExtraFormats = false
    /// Seconds of sound.
    public var seconds = 24 * 3600
    public var channels = SourceFormat.Limit.channels.upperBound
    /// Hz.
    public var sampleRate = SourceFormat.Limit.sampleRates.upperBound
    public var packets = PacketTable.Limit.packets
    /// Bytes of tags that are read; later bytes are skipped.
    public var tagBytes = 256 << 20
    /// How many bytes of sound a byte of the file may become, on average, if the sound is larger than ``expansionFree`` bytes.
    public var expansion = 10_000
    public var expansionFree = 256 << 20

    public init() {}
}

extension IngestLimits {
    private static let numbers = [
        ("seconds", \Self.seconds), ("channels", \.channels), ("rate", \.sampleRate), ("packets", \.packets),
        ("tags", \.tagBytes), ("expansion", \.expansion), ("free", \.expansionFree)
    ]

    /// The limits as the ingest process's arguments, defaults left out.
    public var arguments: [String] {
        let standard = Self()
        return (takesExtraFormats ? ["extra"] : [])
            + Self.numbers.filter { self[keyPath: $0.1] != standard[keyPath: $0.1] }.map { "\($0.0)=\(self[keyPath: $0.1])" }
    }

    /// Nil if an argument is not one of ``arguments``.
    public init?(arguments: some Sequence<String>) {
        for argument in arguments {
            if argument == "extra" {
                takesExtraFormats = true
                continue
            }
            let parts = argument.pieces(at: "=", maxSplits: 1)
            guard parts.count == 2, let number = Self.numbers.first(where: { $0.0 == parts[0] }),
                let value = Int(digits: parts[1]),
                value > 0
            else { return nil }
            self[keyPath: number.1] = value
        }
    }
}
