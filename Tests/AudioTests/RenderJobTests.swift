import Audio
import TestSupport
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

    @Test("A job that was written is read back")
    func roundTrip() throws {
        for job in try Self.jobs() + Self.jobsOfParts() { #expect(try RenderJob(decoding: job.encoded()) == job) }
    }

    private static func jobsOfParts() throws -> [RenderJob] {
        var generator = SeededGenerator(seed: 3)
        let map = MadeTrack.chained(40, using: &generator)
        let rendition = try #require(Rendition(named: "opus-64"))
        let grid = try #require(FrameGrid(rendition, source: map.source, samples: map.samples))
        return try (0..<grid.chunkCount).map { try #require(RenderPlan(map, grid: grid, chunk: $0)).job }
    }

    @Test("Cut or longer jobs are malformed, changed ones never trap")
    func noise() throws {
        var generator = SeededGenerator(seed: 2)
        let several = try #require(Self.jobsOfParts().first { !$0.following.isEmpty })
        for bytes in try [#require(Self.jobs().first).encoded(), several.encoded()] { try Self.damage(bytes, &generator) }
    }

    private static func damage(_ bytes: [UInt8], _ generator: inout SeededGenerator) throws {
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
