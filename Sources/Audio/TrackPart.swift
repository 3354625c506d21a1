/// A stretch of a track in one format, decoded by a fresh decoder: a link of a chained Ogg, or the sound between two changes of
/// sample rate or channels.
public struct TrackPart: Sendable, Hashable {
    /// Parts a track may have: enough for a day of radio with a link for each song.
    public static let limit = 1024

    public var source: SourceFormat
    /// Packets of the track's table in this part; they follow those of the part before.
    public var packets: Int
    /// Decoded samples per channel before the part's first, at its own rate.
    public var leadIn: Int
    /// Length in samples per channel at its own rate. At least 1.
    public var samples: Int

    public init(source: SourceFormat, packets: Int, leadIn: Int, samples: Int) {
        self.source = source
        self.packets = packets
        self.leadIn = leadIn
        self.samples = samples
    }

    /// Whether the same resampler can continue with `next`, so that its sound joins this part's without a seam.
    func isContinued(by next: Self) -> Bool {
        let (one, other) = (source, next.source)
        return one.codec == other.codec && one.sampleRate == other.sampleRate && one.channels == other.channels
            && one.channelMask == other.channelMask && one.bitsPerSample == other.bitsPerSample
    }
}

extension TrackPart {
    /// Reads or writes all parts of a track; a format that several have is stored once.
    static func write(_ parts: [Self], to writer: inout ByteWriter) {
        var places: [SourceFormat: Int] = [:]
        var formats: [SourceFormat] = []
        for part in parts where places[part.source] == nil {
            places[part.source] = formats.count
            formats.append(part.source)
        }
        writer.writeVariable(formats.count)
        for format in formats { format.write(to: &writer) }
        writer.writeVariable(parts.count)
        for part in parts {
            for number in [places[part.source] ?? 0, part.packets, part.leadIn, part.samples] { writer.writeVariable(number) }
        }
    }

    static func read(from reader: inout ByteReader, samplesLimit: Int) throws(ByteReader.Malformed) -> [Self] {
        var formats: [SourceFormat] = []
        for _ in 0..<(try reader.readVariable(limit: limit)) { formats.append(try SourceFormat(from: &reader)) }
        let count = try reader.readVariable(limit: limit)
        guard count == 0 || !formats.isEmpty else { throw reader.malformed }
        var parts: [Self] = []
        for _ in 0..<count {
            let source = formats[try reader.readVariable(limit: formats.count - 1)]
            parts.append(
                Self(
                    source: source, packets: try reader.readVariable(limit: PacketTable.Limit.packets),
                    leadIn: try reader.readVariable(limit: samplesLimit), samples: try reader.readVariable(limit: samplesLimit)))
        }
        return parts
    }
}
