/// Where every packet of an Original lies and which samples it decodes to.
///
/// Packets lie in ascending order, with gaps between them if the container keeps other data there. In memory a packet costs four
/// bytes plus its share of the sparse gap, run and checkpoint lists; stored, two to three bytes.
public struct PacketTable: Sendable, Hashable {
    /// One packet: its bytes in the file and its samples (per channel) in the decoded signal, lead-in included.
    public struct Packet: Sendable, Hashable {
        public let offset: Int
        public let size: Int
        public let firstSample: Int
        public let samples: Int

        public var byteRange: Range<Int> { offset..<(offset + size) }
    }

    /// Bounds on untrusted tables.
    public enum Limit {
        public static let packets = 50_000_000
        public static let packetBytes = 1 << 26
        public static let packetSamples = 1 << 24
        public static let offset = 1 << 50
    }

    /// `samples` each, from packet `firstPacket` on, whose first sample is `firstSample`.
    struct Run: Sendable, Hashable {
        let firstPacket: Int
        let firstSample: Int
        let samples: Int
    }

    /// Bytes skipped before packet `packet`, all gaps up to and including this one added up.
    struct Gap: Sendable, Hashable {
        let packet: Int
        let total: Int
    }

    private static let checkpointStride = 64

    private(set) var sizes: [UInt32] = []
    private(set) var runs: [Run] = []
    private(set) var gaps: [Gap] = []
    /// Sum of the sizes of the packets before every 64th.
    private var checkpoints: [Int] = []
    /// Sum of all packets' sizes, in bytes.
    public private(set) var byteCount = 0
    /// Sum of all packets' samples per channel.
    public private(set) var sampleCount = 0

    public init() {}

    public var count: Int { sizes.count }

    /// The first byte after the last packet.
    public var endOffset: Int { byteCount + (gaps.last?.total ?? 0) }

    /// Bytes the table takes in memory.
    var memoryFootprint: Int { sizes.count * 4 + runs.count * 24 + gaps.count * 16 + checkpoints.count * 8 }

    /// Adds the next packet. Returns false if it lies before the end of the one before it, or exceeds a bound.
    public mutating func append(offset: Int, size: Int, samples: Int) -> Bool {
        let gap = offset - endOffset
        guard gap >= 0, offset <= Limit.offset, (0...Limit.packetBytes).contains(size),
            (0...Limit.packetSamples).contains(samples), count < Limit.packets
        else { return false }
        if gap > 0 { gaps.append(Gap(packet: count, total: offset - byteCount)) }
        if runs.last?.samples != samples {
            runs.append(Run(firstPacket: count, firstSample: sampleCount, samples: samples))
        }
        if count.isMultiple(of: Self.checkpointStride) { checkpoints.append(byteCount) }
        sizes.append(UInt32(size))
        byteCount += size
        sampleCount += samples
        return true
    }

    public subscript(index: Int) -> Packet {
        let checkpoint = index / Self.checkpointStride
        var before = checkpoints[checkpoint]
        for earlier in (checkpoint * Self.checkpointStride)..<index { before += Int(sizes[earlier]) }
        let gap = Self.lastIndex(of: gaps) { $0.packet <= index }.map { gaps[$0].total } ?? 0
        let run = runs[Self.lastIndex(of: runs) { $0.firstPacket <= index } ?? 0]
        return Packet(
            offset: before + gap, size: Int(sizes[index]),
            firstSample: run.firstSample + (index - run.firstPacket) * run.samples, samples: run.samples)
    }

    /// Whether no other data lies between the packets from this one on.
    public func isContiguous(from index: Int) -> Bool { gaps.last.map { $0.packet <= index } ?? true }

    /// The packet that decodes to `sample`, counted with the lead-in; nil outside the signal.
    public func index(ofSample sample: Int) -> Int? {
        guard sample >= 0, sample < sampleCount else { return nil }
        guard var position = Self.lastIndex(of: runs, where: { $0.firstSample <= sample }) else { return nil }
        // Packets without samples share their successor's first sample.
        while runs[position].samples == 0 { position -= 1 }
        return runs[position].firstPacket + (sample - runs[position].firstSample) / runs[position].samples
    }

    /// Index of the last element for which `holds` is true, in a list where it holds for a prefix.
    private static func lastIndex<Element>(of list: [Element], where holds: (Element) -> Bool) -> Int? {
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if holds(list[middle]) { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }
}

extension PacketTable {
    func write(to writer: inout ByteWriter) {
        writer.writeVariable(count)
        writer.writeVariable(gaps.count)
        var packet = 0
        var total = 0
        for gap in gaps {
            writer.writeVariable(gap.packet - packet)
            writer.writeVariable(gap.total - total)
            (packet, total) = (gap.packet, gap.total)
        }
        writer.writeVariable(runs.count)
        packet = 0
        for run in runs {
            writer.writeVariable(run.firstPacket - packet)
            writer.writeVariable(run.samples)
            packet = run.firstPacket
        }
        for size in sizes { writer.writeVariable(Int(size)) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        let count = try reader.readVariable(limit: Limit.packets)
        // Every packet costs at least one byte, so a count beyond the rest of the file is a lie.
        guard count <= reader.remaining else { throw reader.malformed }
        let gaps = try Self.readPairs(from: &reader, packets: count, valueLimit: Limit.offset)
        let runs = try Self.readPairs(from: &reader, packets: count, valueLimit: Limit.packetSamples)
        self.init()
        sizes.reserveCapacity(count)
        var (nextGap, nextRun, offset, samples) = (0, 0, 0, 0)
        for packet in 0..<count {
            if nextGap < gaps.count, gaps[nextGap].packet == packet {
                offset += gaps[nextGap].value
                nextGap += 1
            }
            if nextRun < runs.count, runs[nextRun].packet == packet {
                samples = runs[nextRun].value
                nextRun += 1
            }
            let size = try reader.readVariable(limit: Limit.packetBytes)
            guard append(offset: offset, size: size, samples: samples) else { throw reader.malformed }
            offset += size
        }
        guard nextGap == gaps.count, nextRun == runs.count else { throw reader.malformed }
    }

    private static func readPairs(
        from reader: inout ByteReader, packets: Int, valueLimit: Int
    ) throws(ByteReader.Malformed) -> [(packet: Int, value: Int)] {
        let count = try reader.readVariable(limit: packets)
        guard count <= reader.remaining else { throw reader.malformed }
        var pairs: [(packet: Int, value: Int)] = []
        pairs.reserveCapacity(count)
        var packet = 0
        for _ in 0..<count {
            packet += try reader.readVariable(limit: packets)
            guard packet < packets else { throw reader.malformed }
            pairs.append((packet, try reader.readVariable(limit: valueLimit)))
        }
        return pairs
    }
}
