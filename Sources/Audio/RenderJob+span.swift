extension RenderJob {
    /// Packets of one part of the track, and which of their samples are the chunk's.
    ///
    /// Positions are samples per channel at the part's rate, counted from the first of the parts that share a resampler.
    public struct Span: Sendable, Hashable {
        public var source: SourceFormat
        /// Position of the first packet's first decoded sample.
        public var firstPacketSample: Int
        public var packets: [Packet]
        /// The samples fed to the resampler.
        public var sourceRange: Range<Int>
        /// Whether `sourceRange` ends where the part does.
        public var endsPart: Bool
        /// Output position of the first sample of a new resampler; nil if the previous span's resampler continues.
        public var resampledStart: Int?

        public init(
            source: SourceFormat, firstPacketSample: Int, packets: [Packet], sourceRange: Range<Int>, endsPart: Bool,
            resampledStart: Int?
        ) {
            self.source = source
            self.firstPacketSample = firstPacketSample
            self.packets = packets
            self.sourceRange = sourceRange
            self.endsPart = endsPart
            self.resampledStart = resampledStart
        }
    }

    /// The job's first packets as a span like those in ``following``.
    public var first: Span {
        Span(
            source: source, firstPacketSample: firstPacketSample, packets: packets, sourceRange: sourceRange, endsPart: endsTrack,
            resampledStart: resampledStart)
    }
}

extension RenderJob.Span {
    func write(to writer: inout ByteWriter) {
        source.write(to: &writer)
        writer.writeSigned(firstPacketSample)
        RenderJob.Packet.write(packets, to: &writer)
        writer.writeSigned(sourceRange.lowerBound)
        writer.writeVariable(sourceRange.count)
        writer.write(UInt8(endsPart ? 1 : 0))
        writer.write(UInt8(resampledStart == nil ? 0 : 1))
        if let resampledStart { writer.writeSigned(resampledStart) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        source = try SourceFormat(from: &reader)
        firstPacketSample = try reader.readSigned()
        packets = try RenderJob.Packet.read(from: &reader)
        sourceRange = try RenderJob.readRange(from: &reader)
        endsPart = try reader.read(UInt8.self) != 0
        resampledStart = try reader.read(UInt8.self) != 0 ? try reader.readSigned() : nil
    }
}

extension RenderJob.Packet {
    static func write(_ packets: [Self], to writer: inout ByteWriter) {
        writer.writeVariable(packets.count)
        for packet in packets {
            writer.writeVariable(packet.skip)
            writer.writeVariable(packet.size)
            writer.writeVariable(packet.samples)
        }
    }

    static func read(from reader: inout ByteReader) throws(ByteReader.Malformed) -> [Self] {
        let count = try reader.readVariable(limit: reader.remaining)
        var packets: [Self] = []
        packets.reserveCapacity(count)
        for _ in 0..<count {
            packets.append(
                Self(
                    skip: try reader.readVariable(limit: PacketTable.Limit.offset),
                    size: try reader.readVariable(limit: PacketTable.Limit.packetBytes),
                    samples: try reader.readVariable(limit: PacketTable.Limit.packetSamples)))
        }
        return packets
    }
}

extension RenderJob {
    /// Where it starts and how many samples it has.
    static func readRange(from reader: inout ByteReader) throws(ByteReader.Malformed) -> Range<Int> {
        let start = try reader.readSigned()
        let (end, overflow) = start.addingReportingOverflow(try reader.readVariable(limit: 1 << 40))
        guard !overflow else { throw reader.malformed }
        return start..<end
    }
}
