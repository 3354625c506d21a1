/// Everything a worker needs besides the packets' bytes to render one chunk: a pure value, so that a chunk is a pure function.
///
/// Positions on the source side are samples per channel at the source rate, counted from the track's first sample; positions on
/// the output side are samples per channel at the output rate, counted from the rendition's first.
public struct RenderJob: Sendable, Hashable {
    /// One packet: bytes to skip before it in the job's bytes, its size, and the samples it must decode to.
    public struct Packet: Sendable, Hashable {
        public var skip: Int
        public var size: Int
        public var samples: Int

        public init(skip: Int, size: Int, samples: Int) {
            self.skip = skip
            self.size = size
            self.samples = samples
        }
    }

    public var source: SourceFormat
    /// Position of the first packet's first decoded sample; negative inside the lead-in.
    public var firstPacketSample: Int
    public var packets: [Packet]
    /// The source samples fed to the resampler. Begins at a sample where the resampler's phase is zero.
    public var sourceRange: Range<Int>
    /// Whether `sourceRange` ends at the end of the track or of the packets' part, so that decoder and resampler are flushed.
    public var endsTrack: Bool
    /// Spans of later parts of the track in this chunk: nearly always empty.
    public var following: [Span] = []

    public var ladder: Ladder
    /// kbit/s; 0 for FLAC.
    public var bitrate: Int
    /// ``Rendition/effort`` of the rung.
    public var effort: Int
    public var output: OutputFormat
    /// Output position of the resampler's first sample.
    public var resampledStart: Int
    /// Output position of the first sample fed to the encoder; before 0 the signal is silence.
    public var encoderStart: Int
    /// Length of the rendition: from here on the signal is silence.
    public var outputSamples: Int
    public var samplesPerFrame: Int
    public var preRollFrames: Int
    public var frames: Int
    public var lookAheadFrames: Int
    /// Whether the chunk's first frame has to be encoded without those before it.
    public var standsAlone: Bool
    /// Bytes the chunk must have, or may have at most if its ladder has no known sizes. If they differ, the worker fails the job.
    public var byteCount: Int
}

extension RenderJob {
    public func encoded() -> [UInt8] {
        var writer = ByteWriter(reservingCapacity: 256 + source.extradata.count + packets.count * 5)
        source.write(to: &writer)
        writer.writeSigned(firstPacketSample)
        Packet.write(packets, to: &writer)
        writer.writeSigned(sourceRange.lowerBound)
        writer.writeVariable(sourceRange.count)
        writer.write(UInt8(endsTrack ? 1 : 0))
        writer.writeVariable(following.count)
        for span in following { span.write(to: &writer) }
        writer.writeField(ladder.rawValue)
        for number in [bitrate, effort, output.sampleRate, output.channels, output.bitsPerSample] { writer.writeVariable(number) }
        writer.writeSigned(resampledStart)
        writer.writeSigned(encoderStart)
        for number in [outputSamples, samplesPerFrame, preRollFrames, frames, lookAheadFrames, byteCount] {
            writer.writeVariable(number)
        }
        writer.write(UInt8(standsAlone ? 1 : 0))
        return writer.bytes
    }

    public init(decoding bytes: [UInt8]) throws(ByteReader.Malformed) {
        var reader = ByteReader(bytes)
        source = try SourceFormat(from: &reader)
        firstPacketSample = try reader.readSigned()
        packets = try Packet.read(from: &reader)
        sourceRange = try Self.readRange(from: &reader)
        endsTrack = try reader.read(UInt8.self) != 0
        following = []
        for _ in 0..<(try reader.readVariable(limit: TrackPart.limit)) { following.append(try Span(from: &reader)) }
        guard let ladder = Ladder(rawValue: try reader.readText(limit: 16)) else { throw reader.malformed }
        self.ladder = ladder
        bitrate = try reader.readVariable(limit: 1024)
        effort = try reader.readVariable(limit: 10)
        output = OutputFormat(
            sampleRate: try reader.readVariable(limit: 655_350), channels: try reader.readVariable(limit: 2),
            bitsPerSample: try reader.readVariable(limit: 24))
        guard output.sampleRate > 0, output.channels > 0 else { throw reader.malformed }
        resampledStart = try reader.readSigned()
        encoderStart = try reader.readSigned()
        outputSamples = try reader.readVariable(limit: 1 << 44)
        samplesPerFrame = try reader.readVariable(limit: 1 << 13)
        preRollFrames = try reader.readVariable(limit: 256)
        frames = try reader.readVariable(limit: 4096)
        lookAheadFrames = try reader.readVariable(limit: 16)
        byteCount = try reader.readVariable(limit: 1 << 24)
        standsAlone = try reader.read(UInt8.self) != 0
        guard reader.remaining == 0 else { throw reader.malformed }
    }
}
