import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("A chunk depends on nothing but its job", .tags(.codec))
struct ChunkPurityTests {
    static let rungs = ["mp3-48", "mp3-128", "mp3-320", "opus-24", "opus-64"]

    @Test("A chunk is the same from a fresh renderer, from a used one, and in any order", arguments: [44_100, 48_000])
    func order(_ rate: Int) throws {
        let sound = Music(seconds: 8, sampleRate: rate).sound
        var fresh: [String: [UInt8]] = [:]
        for name in Self.rungs {
            let grid = try sound.grid(name)
            for chunk in 0..<grid.chunkCount {
                var renderer = Renderer()
                fresh["\(name)/\(chunk)"] = try sound.render(grid, chunk, with: &renderer)
            }
        }
        var used = Renderer()
        for (key, expected) in fresh {
            let parts = key.split(separator: "/")
            let grid = try sound.grid(String(parts[0]))
            let bytes = try sound.render(grid, try #require(Int(parts[1])), with: &used)
            #expect(bytes == expected, "\(key)")
        }
        #expect(fresh.count >= 15)
    }

    @Test("A chunk is the same after a job that failed")
    func afterFailure() throws {
        let sound = Music(seconds: 4).sound
        var renderer = Renderer()
        for name in Self.rungs {
            let grid = try sound.grid(name)
            let expected = try sound.render(grid, 0, with: &renderer)
            var job = try sound.plan(grid, 0).job
            job.byteCount += 1
            #expect(throws: RenderError.self) {
                var failing = Renderer()
                try failing.render(job, packets: sound.store.span.bytes) { _ in }
            }
            #expect(throws: RenderError.self) { try renderer.render(job, packets: sound.store.span.bytes) { _ in } }
            #expect(try sound.render(grid, 0, with: &renderer) == expected, "\(name)")
        }
    }

    @Test("A chunk's pieces come early and add up", arguments: ["mp3-128", "opus-64"])
    func pieces(_ name: String) throws {
        let sound = Music(seconds: 4).sound
        let grid = try sound.grid(name)
        let plan = try sound.plan(grid, 0)
        var renderer = Renderer()
        var sizes: [Int] = []
        try renderer.render(plan.job, packets: sound.store.span.bytes.extracting(plan.byteRange)) { sizes.append($0.byteCount) }
        #expect(sizes.reduce(0, +) == plan.job.byteCount)
        #expect(sizes.count > 5)
        #expect(sizes.allSatisfy { $0 < 8192 })
        if name == "opus-64" { #expect(sizes.dropLast().allSatisfy { $0 == 25 * 160 }) }
    }

    @Test("A job that does not add up is refused, whatever its numbers")
    func hostileJobs() throws {
        let sound = Music(seconds: 3).sound
        let plan = try sound.plan(try sound.grid("mp3-128"), 0)
        let changes: [@Sendable (inout RenderJob) -> Void] = [
            { $0.packets[0].size = .max },
            { $0.packets[0].skip = .max },
            { $0.packets[0].samples = -1 },
            { $0.packets[0].samples = .max },
            { $0.firstPacketSample = .min },
            { $0.firstPacketSample = $0.sourceRange.lowerBound + 1 },
            { $0.sourceRange = .min ..< .max },
            { $0.resampledStart = .max },
            { $0.encoderStart = .min },
            { $0.outputSamples = .max },
            { $0.samplesPerFrame = 0 },
            { $0.samplesPerFrame = .max },
            { $0.frames = .max },
            { $0.frames = 0 },
            { $0.source.channels = 0 },
            { $0.source.sampleRate = .max },
            { $0.bitrate = .max },
            { $0.byteCount = 0 },
            { $0.following[0].packets[0].size = .max },
            { $0.following[0].packets[0].samples = .max },
            { $0.following[0].sourceRange = .min ..< .max },
            { $0.following[0].sourceRange = 0..<1 },
            { $0.following[0].firstPacketSample = .max },
            { $0.following[0].source.channels = 1 },
            { $0.following[0].source.sampleRate = 0 },
            { $0.following[0].resampledStart = .max }
        ]
        for (index, change) in changes.enumerated() {
            var job = plan.job
            // What goes on where the job's own packets end, with a packet of no bytes.
            let end = job.sourceRange.upperBound
            job.following = [
                RenderJob.Span(
                    source: job.source, firstPacketSample: end, packets: [RenderJob.Packet(skip: 0, size: 0, samples: 1)],
                    sourceRange: end..<(end + 1), endsPart: true, resampledStart: nil)
            ]
            change(&job)
            var renderer = Renderer()
            #expect(throws: RenderError.self, "change \(index)") {
                try renderer.render(job, packets: sound.store.span.bytes) { _ in }
            }
        }
    }
}
