import Audio
import TestSupport
import Testing

@testable import Codec

@Suite("An encoder works as hard as its job says", .tags(.codec))
struct EffortTests {
    @Test(
        "A chunk at another effort has other bytes and the same size",
        arguments: [("opus-32", 0...10), ("opus-128", 0...10), ("mp3-128", 2...7), ("aac-96", 0...1)])
    func bytes(_ rung: String, _ efforts: ClosedRange<Int>) throws {
        let sound = Music(seconds: 4).sound
        let plan = try sound.plan(try sound.grid(rung), 1)
        var renderer = Renderer()
        var chunks: Set<[UInt8]> = []
        for effort in [efforts.lowerBound, efforts.upperBound, efforts.lowerBound] {
            var job = plan.job
            job.effort = effort
            var bytes: [UInt8] = []
            try renderer.render(job, packets: sound.store.span.bytes.extracting(plan.byteRange)) { piece in
                piece.withUnsafeBytes { bytes.append(contentsOf: $0) }
            }
            #expect(bytes.count == job.byteCount)
            chunks.insert(bytes)
        }
        #expect(chunks.count == 2)
    }

    @Test("A job has its rung's effort", arguments: Rendition.all.map(\.name))
    func jobs(_ rung: String) throws {
        let sound = Music(seconds: 1).sound
        let rendition = try #require(Rendition(named: rung))
        #expect(try sound.plan(try sound.grid(rung), 0).job.effort == rendition.effort)
    }
}
