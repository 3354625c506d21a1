import Audio
import SeededRandom
import Testing

@Suite("A render job crosses the pipe unchanged")
struct RenderJobTests {
    private static func jobs() throws -> [RenderJob] {
        let map = MadeTrack.regular(
            .mp3, rate: 44_100, samples: 900_000, leadIn: 1105, packetSamples: 1152, packetBytes: 417, gapEvery: 7)
        return try ["mp3-48", "mp3-128", "opus-64"].flatMap { name in
            let rendition = try #require(Rendition(named: name))
            let grid = try #require(FrameGrid(rendition, source: map.source, samples: map.samples))
            return try (0..<grid.chunkCount).map { try #require(RenderPlan(map, grid: grid, chunk: $0)).job }
        }
    }

    @Test("What was written is read")
    func roundTrip() throws {
        for job in try Self.jobs() { #expect(try RenderJob(decoding: job.encoded()) == job) }
    }

    @Test("Cut or longer jobs are malformed, changed ones never trap")
    func noise() throws {
        var generator = SeededGenerator(seed: 2)
        let bytes = try #require(Self.jobs().first).encoded()
        for count in bytes.indices {
            #expect(throws: ByteReader.Malformed.self) { try RenderJob(decoding: Array(bytes.prefix(count))) }
        }
        #expect(throws: ByteReader.Malformed.self) { try RenderJob(decoding: bytes + [0]) }
        for _ in 0..<5000 {
            var changed = bytes
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let position = changed.indices.randomElement(using: &generator) ?? 0
                changed[position] = Bool.random(using: &generator) ? 0xFF : .random(in: 0...255, using: &generator)
            }
            if let job = try? RenderJob(decoding: changed) { #expect(try RenderJob(decoding: job.encoded()) == job) }
        }
    }
}
