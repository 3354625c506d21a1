import Audio
import TestSupport
import Testing

@Suite("A packet table answers as a plain list would")
struct PacketTableTests {
    @Test("Packets and samples are found where they are", arguments: 0..<40 as Range<UInt64>)
    func lookups(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let (table, model) = MadeTrack.packets(count: Int.random(in: 0...400, using: &generator), using: &generator)
        #expect(table.count == model.count)
        #expect(table.byteCount == model.reduce(0) { $0 + $1.bytes.count })
        #expect(table.sampleCount == model.reduce(0) { $0 + $1.samples.count })
        #expect(table.endOffset == model.last.map(\.bytes.upperBound) ?? 0)
        #expect(
            model.indices.allSatisfy { index in
                let packet = table[index]
                return model[index].bytes == packet.byteRange
                    && model[index].samples == packet.firstSample..<(packet.firstSample + packet.samples)
            })

        let edges = model.flatMap { [$0.samples.lowerBound - 1, $0.samples.lowerBound, $0.samples.upperBound - 1] }
        let some = (0..<50).map { _ in Int.random(in: -10...(table.sampleCount + 10), using: &generator) }
        for sample in edges + some + [.min, .max] {
            let expected = model.firstIndex { $0.samples.contains(sample) }
            #expect(table.index(ofSample: sample) == expected)
        }
    }

    @Test("A packet before the end of the last, or beyond a bound, is not added")
    func refusals() {
        var table = PacketTable()
        #expect(Self.append(10, 5, 1, to: &table))
        let before = table
        for (offset, size, samples) in [
            (14, 1, 1), (0, 1, 1), (-1, 1, 1), (.min + 1000, 1, 1), (15, -1, 1), (15, 1, -1), (.max, 1, 1),
            (PacketTable.Limit.offset + 1, 1, 1), (15, PacketTable.Limit.packetBytes + 1, 1),
            (15, 1, PacketTable.Limit.packetSamples + 1)
        ] {
            #expect(!Self.append(offset, size, samples, to: &table))
        }
        #expect(table == before)
        #expect(Self.append(15, 0, 0, to: &table))
    }

    /// `#expect` cannot call a mutating function.
    private static func append(_ offset: Int, _ size: Int, _ samples: Int, to table: inout PacketTable) -> Bool {
        table.append(offset: offset, size: size, samples: samples)
    }

    @Test("Stored, a packet of a plain file costs under four bytes")
    func storedSize() {
        let map = MadeTrack.regular(.mp3, rate: 44_100, samples: 1152 * 20_000, packetSamples: 1152, packetBytes: 417)
        #expect(map.encoded().count < 4 * 20_000)
    }
}
