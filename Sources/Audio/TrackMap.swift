/// What ingest learnt about an Original and what decides bytes. With it, a byte range of the Original is packets, and serving needs
/// no demuxer.
///
/// The samples per packet are law: a decode that yields fewer is padded with silence, more is cut.
public struct TrackMap: Sendable, Hashable {
    /// Version of the rules that decide bytes; part of every ETag. See Decisions/Measures.md. New rules are a new ``form`` too.
    public static let version = 4
    /// Version of the stored form. Forms 3 and 4 decide the same bytes: 4 lacks some tags, and 3 holds the ``SoundMeasures``
    /// besides.
    static let form = 5
    /// A map of an earlier form is made again.
    static let firstReadable = 3

    /// The container's name as the track's JSON shows it: `flac`, `wav`, `mp3`, `mp4`, `ogg`, `adts`.
    public var container: String
    /// The format of the sound. A track of several parts has the format of one of them, and is counted at its rate.
    public var source: SourceFormat
    /// Size of the Original, in bytes.
    public var originalBytes: Int
    /// Decoded samples per channel that lie before the track's first: encoder delay, pre-skip, edit list.
    public var leadIn: Int
    /// Exact length of the track, in samples per channel at the source rate. At least 1.
    public var samples: Int
    public var packets: PacketTable
    /// The track's parts if its format changes or decoding restarts inside it; else empty.
    public var parts: [TrackPart]
    /// Whether the packets lie in the packet file beside the Original instead of in the Original itself.
    public var usesPacketFile: Bool
    public var tags: TrackTags
    /// The cover's description; its bytes are stored apart.
    public var art: Picture?
    public var randomAccess: RandomAccess
    /// Names and versions of the libraries that counted the samples. A map made with other libraries is made again.
    public var libraries: String

    public init(
        container: String, source: SourceFormat, originalBytes: Int, leadIn: Int, samples: Int, packets: PacketTable,
        parts: [TrackPart] = [], usesPacketFile: Bool, tags: TrackTags = TrackTags(), art: Picture? = nil,
        randomAccess: RandomAccess = RandomAccess(), libraries: String = ""
    ) {
        self.container = container
        self.source = source
        self.originalBytes = originalBytes
        self.leadIn = leadIn
        self.samples = samples
        self.packets = packets
        self.parts = parts
        self.usesPacketFile = usesPacketFile
        self.tags = tags
        self.art = art
        self.randomAccess = randomAccess
        self.libraries = libraries
    }

    /// Bytes the packet file of an Original may have. Demuxers put a few bytes before each packet that the file keeps elsewhere.
    public static func packetFileLimit(originalBytes: Int) -> Int { 2 * originalBytes + (1 << 20) }

    /// Length of the track in seconds.
    public var duration: Double { Double(samples) / Double(source.sampleRate) }

    /// The source's audio bitrate, rounded to whole kbit/s: all packets' bytes over all packets' samples, lead-in included. For
    /// free-format MP3 the frames' bytes count, because its packets leave out their padding.
    public var bitrate: Int {
        if source.codec == .mp3ADU, source.bitRate > 0 { return (source.bitRate + 500) / 1000 }
        guard packets.sampleCount > 0 else { return 0 }
        guard parts.isEmpty else { return Int((Double(packets.byteCount) * 8 / partsDuration / 1000).rounded()) }
        return Int((Double(packets.byteCount) * 8 * Double(source.sampleRate) / Double(packets.sampleCount) / 1000).rounded())
    }

    /// Seconds that all packets of all parts decode to, lead-ins included.
    private var partsDuration: Double {
        var (packet, sample, seconds) = (0, 0, 0.0)
        for part in parts {
            packet += part.packets
            let end = packet < packets.count ? packets[packet].firstSample : packets.sampleCount
            seconds += Double(end - sample) / Double(part.source.sampleRate)
            sample = end
        }
        return max(seconds, 1e-3)
    }
}

extension TrackMap {
    /// Why stored bytes are not a TrackMap that this version can use.
    public enum DecodingError: Error, Equatable {
        case notATrackMap
        case otherVersion(Int)
        case checksumMismatch
        case malformed(offset: Int)
    }

    private static let magic = Array("SSTM".utf8)
    /// A day and a bit at the highest rate, so that no product of samples and rates can overflow.
    static let maximumSamples = 1 << 40

    /// The stored form: magic, version, body, CRC-32 of everything before it.
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: packets.count * 3 + 1024)
        for byte in Self.magic { writer.write(byte) }
        writer.write(UInt16(Self.form))
        writer.writeField(container)
        source.write(to: &writer)
        writer.writeVariable(originalBytes)
        writer.writeVariable(leadIn)
        writer.writeVariable(samples)
        writer.write(UInt8(usesPacketFile ? 1 : 0))
        tags.write(to: &writer)
        writer.write(UInt8(art == nil ? 0 : 1))
        art?.write(to: &writer)
        randomAccess.write(to: &writer)
        writer.writeField(libraries)
        TrackPart.write(parts, to: &writer)
        packets.write(to: &writer)
        writer.write(CRC32.checksum(writer.bytes))
        return writer.bytes
    }

    /// Forms that have the tags in the same place as the present one.
    private static let taggedAlike = 2...form

    public init(decoding bytes: [UInt8]) throws(DecodingError) {
        self = try Self.decode(bytes, ofForms: Self.firstReadable...Self.form) {
            reader, form throws(ByteReader.Malformed) in
            try Self.read(from: &reader, form).map
        }
    }

    /// The measures that a stored map of form 3 holds: those of ``SoundMeasures`` version 1. Nil for any other map.
    public static func measures(decoding bytes: [UInt8]) -> SoundMeasures? {
        try? decode(bytes, ofForms: 3...3) { reader, form throws(ByteReader.Malformed) in
            try read(from: &reader, form).measures
        }
    }

    /// Reads only the tags of a stored map, which may be of an earlier form.
    public static func tags(decoding bytes: [UInt8]) throws(DecodingError) -> TrackTags {
        try decode(bytes, ofForms: taggedAlike) { reader, form throws(ByteReader.Malformed) in
            try Head(from: &reader, form).tags
        }
    }

    private static func decode<Value>(
        _ bytes: [UInt8], ofForms forms: ClosedRange<Int>,
        _ read: (inout ByteReader, _ form: Int) throws(ByteReader.Malformed) -> Value
    ) throws(DecodingError) -> Value {
        guard bytes.count > 10, Array(bytes[0..<4]) == magic else { throw .notATrackMap }
        var reader = ByteReader(bytes, from: 4, to: bytes.count - 4)
        do {
            let form = Int(try reader.read(UInt16.self))
            guard forms.contains(form) else { throw DecodingError.otherVersion(form) }
            var trailer = ByteReader(bytes, from: bytes.count - 4)
            guard try trailer.read(UInt32.self) == CRC32.checksum(bytes[..<(bytes.count - 4)]) else {
                throw DecodingError.checksumMismatch
            }
            return try read(&reader, form)
        } catch let error as DecodingError {
            throw error
        } catch {
            throw .malformed(offset: reader.offset)
        }
    }

    /// The beginning of the stored form, up to the tags.
    private struct Head {
        let container: String
        let source: SourceFormat
        let originalBytes: Int
        let leadIn: Int
        let samples: Int
        let usesPacketFile: Bool
        let tags: TrackTags

        init(from reader: inout ByteReader, _ form: Int) throws(ByteReader.Malformed) {
            container = try reader.readText(limit: 64)
            source = try SourceFormat(from: &reader)
            originalBytes = try reader.readVariable(limit: PacketTable.Limit.offset)
            leadIn = try reader.readVariable(limit: maximumSamples)
            samples = try reader.readVariable(limit: maximumSamples)
            usesPacketFile = try reader.read(UInt8.self) != 0
            tags = try TrackTags(from: &reader, hasAll: form >= 5)
        }
    }

    private static func read(
        from reader: inout ByteReader, _ form: Int
    ) throws(ByteReader.Malformed) -> (map: TrackMap, measures: SoundMeasures) {
        let head = try Head(from: &reader, form)
        let art = try reader.read(UInt8.self) != 0 ? try Picture(from: &reader) : nil
        let isFormer = form == 3
        var measures = isFormer ? try SoundMeasures(numbersFrom: &reader) : SoundMeasures()
        measures.version = 1
        let randomAccess = try RandomAccess(from: &reader)
        if isFormer { measures.soundHash = try reader.read() }
        let libraries = try reader.readText(limit: 4096)
        if isFormer { measures.warnings = try SoundMeasures.readFormerWarnings(from: &reader) }
        let parts = try TrackPart.read(from: &reader, samplesLimit: maximumSamples)
        let packets = try PacketTable(from: &reader)
        let map = TrackMap(
            container: head.container, source: head.source, originalBytes: head.originalBytes, leadIn: head.leadIn,
            samples: head.samples, packets: packets, parts: parts, usesPacketFile: head.usesPacketFile, tags: head.tags, art: art,
            randomAccess: randomAccess, libraries: libraries)
        guard map.isConsistent, reader.remaining == 0 else { throw reader.malformed }
        return (map, measures)
    }

    /// Whether the lengths that are stored twice agree.
    private var isConsistent: Bool {
        guard samples >= 1, leadIn <= packets.sampleCount else { return false }
        guard !parts.isEmpty else { return leadIn + samples <= packets.sampleCount }
        return samples == Self.samples(of: parts, in: packets, at: source.sampleRate)
    }
}

extension TrackMap {
    /// Bytes the map takes in memory, near enough for a cache's budget.
    public var memoryFootprint: Int {
        packets.memoryFootprint + source.extradata.count + parts.reduce(0) { $0 + 128 + $1.source.extradata.count }
            + tags.cueSheet.utf8.count + (tags.lyrics?.text.utf8.count ?? 0) + 8192
    }
}
