import Audio
import TestSupport
import Testing

@Suite("A plan brings the worker every sample its chunk needs, and one span that holds every packet")
struct RenderPlanTests {
    struct Source: CustomTestStringConvertible {
        let codec: SourceCodec
        let rate: Int
        let leadIn: Int
        let packetSamples: Int
        let packetBytes: Int

        var testDescription: String { "\(codec.rawValue) at \(rate) Hz" }
    }

    static let sources = [
        Source(codec: .flac, rate: 44_100, leadIn: 0, packetSamples: 4096, packetBytes: 9000),
        Source(codec: .pcmS16LE, rate: 48_000, leadIn: 0, packetSamples: 1024, packetBytes: 4096),
        Source(codec: .flac, rate: 96_000, leadIn: 0, packetSamples: 4608, packetBytes: 20_000),
        Source(codec: .pcmS24LE, rate: 192_000, leadIn: 0, packetSamples: 4096, packetBytes: 24_576),
        Source(codec: .mp3, rate: 44_100, leadIn: 1105, packetSamples: 1152, packetBytes: 417),
        Source(codec: .mp3, rate: 44_100, leadIn: 1105, packetSamples: 1152, packetBytes: 104),
        Source(codec: .mp3, rate: 22_050, leadIn: 0, packetSamples: 576, packetBytes: 52),
        Source(codec: .aac, rate: 44_100, leadIn: 2112, packetSamples: 1024, packetBytes: 371),
        Source(codec: .opus, rate: 48_000, leadIn: 312, packetSamples: 960, packetBytes: 160),
        Source(codec: .opus, rate: 48_000, leadIn: 312, packetSamples: 120, packetBytes: 40),
        Source(codec: .vorbis, rate: 11_025, leadIn: 0, packetSamples: 512, packetBytes: 200),
        Source(codec: .pcmU8, rate: 8_000, leadIn: 0, packetSamples: 1000, packetBytes: 1000),
        Source(codec: .flac, rate: 37_811, leadIn: 0, packetSamples: 4096, packetBytes: 8000),
        Source(codec: .pcmS16LE, rate: 767_999, leadIn: 0, packetSamples: 65_536, packetBytes: 262_144)
    ]

    @Test("A plan covers every chunk of every rung", arguments: sources)
    func coverage(made: Source) throws {
        for samples in [1, 2, 100, made.rate / 2, made.rate * 3 + 1, made.rate * 8 + 77] {
            let map = MadeTrack.regular(
                made.codec, rate: made.rate, samples: samples, leadIn: made.leadIn, packetSamples: made.packetSamples,
                packetBytes: made.packetBytes, gapEvery: 11)
            for rendition in Rendition.all {
                guard let grid = FrameGrid(rendition, source: map.source, samples: samples) else { continue }
                for chunk in 0..<grid.chunkCount {
                    let plan = try #require(RenderPlan(map, grid: grid, chunk: chunk))
                    Self.check(plan, map: map, grid: grid, chunk: chunk)
                }
                #expect(RenderPlan(map, grid: grid, chunk: grid.chunkCount) == nil)
                #expect(RenderPlan(map, grid: grid, chunk: -1) == nil)
            }
        }
    }

    @Test("A plan of a track of parts has every part's sound where it belongs", arguments: 0..<40 as Range<UInt64>)
    func parts(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let map = MadeTrack.chained(Int.random(in: 2...60, using: &generator), using: &generator)
        for rendition in Rendition.all {
            guard let grid = FrameGrid(rendition, source: map.source, samples: map.samples) else { continue }
            // Tests with deadlines wait for the same few threads.
            await Task.yield()
            for chunk in 0..<grid.chunkCount {
                try Self.checkSpans(try #require(RenderPlan(map, grid: grid, chunk: chunk)), map, grid, chunk)
            }
        }
    }

    private static func checkSpans(_ plan: RenderPlan, _ map: TrackMap, _ grid: FrameGrid, _ chunk: Int) throws {
        let input = grid.encoderInput(ofChunk: chunk)
        let wanted = max(0, input.lowerBound)..<min(grid.outputSamples, input.upperBound)
        var (offset, reached, inRate) = (plan.byteRange.lowerBound, Int?.none, 0)
        for span in [plan.job.first] + plan.job.following {
            let decoded = span.firstPacketSample..<(span.firstPacketSample + span.packets.reduce(0) { $0 + $1.samples })
            #expect(decoded.lowerBound <= span.sourceRange.lowerBound && span.sourceRange.upperBound <= decoded.upperBound)
            offset += span.packets.reduce(0) { $0 + $1.skip + $1.size }
            if let start = span.resampledStart {
                // The span before reaches this one, but for what its last sample lasts.
                if let reached { #expect(reached >= start - 2 * (grid.output.sampleRate / min(inRate, grid.sourceRate) + 2)) }
                if reached == nil { #expect(start <= wanted.lowerBound) }
                reached = start + span.sourceRange.count * grid.output.sampleRate / span.source.sampleRate
            } else {
                reached = (reached ?? 0) + span.sourceRange.count * grid.output.sampleRate / span.source.sampleRate
            }
            inRate = span.source.sampleRate
        }
        #expect(offset == plan.byteRange.upperBound)
        #expect(try #require(reached) >= wanted.upperBound - 2 * (grid.output.sampleRate / min(inRate, grid.sourceRate) + 2))
    }

    private static func check(_ plan: RenderPlan, map: TrackMap, grid: FrameGrid, chunk: Int) {
        let job = plan.job
        let (inRate, outRate) = (grid.sourceRate, grid.output.sampleRate)

        // Output samples the encoder is fed, cut to the signal.
        let input = grid.encoderInput(ofChunk: chunk)
        let wanted = max(0, input.lowerBound)..<min(grid.outputSamples, input.upperBound)
        #expect(!wanted.isEmpty || job.frames > 0)

        // The source range reaches what the resampler needs around them, and starts where its phase is zero.
        let reach = inRate == outRate ? 0 : 16 * max(1, inRate / outRate)
        let first = max(0, wanted.lowerBound * inRate / outRate - reach)
        let end = min(map.samples, (wanted.upperBound * inRate + outRate - 1) / outRate + reach)
        #expect(job.sourceRange.lowerBound <= first && end <= job.sourceRange.upperBound)
        #expect(job.sourceRange.lowerBound >= 0 && job.sourceRange.upperBound <= map.samples)
        #expect(job.sourceRange.lowerBound * outRate == job.resampledStart * inRate)
        #expect(job.resampledStart <= wanted.lowerBound)
        #expect(job.endsTrack == (job.sourceRange.upperBound == map.samples))

        // The packets decode to the source range, and begin early enough for their decoder.
        let decoded = job.firstPacketSample..<(job.firstPacketSample + job.packets.reduce(0) { $0 + $1.samples })
        #expect(decoded.lowerBound <= job.sourceRange.lowerBound && job.sourceRange.upperBound <= decoded.upperBound)
        let preRoll = job.sourceRange.lowerBound - decoded.lowerBound
        #expect(preRoll >= min(Self.leastPreRoll(map), job.sourceRange.lowerBound + map.leadIn))

        // The byte range holds exactly the packets, wherever gaps lie.
        var offset = plan.byteRange.lowerBound
        var index = map.packets.index(ofSample: decoded.lowerBound + map.leadIn) ?? -1
        var placed = true
        for packet in job.packets {
            offset += packet.skip
            let original = map.packets[index]
            placed = placed && original.byteRange == offset..<(offset + packet.size) && original.samples == packet.samples
            offset += packet.size
            index += 1
        }
        #expect(placed)
        #expect(offset == plan.byteRange.upperBound)
        #expect(job.byteCount == grid.byteCount(ofChunk: chunk) && job.frames == grid.frames(ofChunk: chunk).count)
        #expect(job.outputSamples == grid.outputSamples && job.encoderStart == input.lowerBound)
    }

    /// Samples a decoder must be given before the first that counts.
    private static func leastPreRoll(_ map: TrackMap) -> Int {
        switch map.source.codec {
        case .mp3:
            let (reservoir, overhead) = map.source.sampleRate >= 32_000 ? (511, 38) : (255, 23)
            let packets = (reservoir + map.packets[0].size - overhead - 1) / (map.packets[0].size - overhead)
            return (packets + 1) * map.packets[0].samples
        case .aac: return 2048
        case .opus: return 3840
        case .vorbis: return map.packets[0].samples
        default: return 0
        }
    }
}
