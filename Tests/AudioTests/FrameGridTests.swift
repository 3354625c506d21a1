import Audio
import TestSupport
import Testing

@Suite("The frame grid is arithmetic on the sample count")
struct FrameGridTests {
    private static func grid(_ name: String, rate: Int, channels: Int = 2, samples: Int) throws -> FrameGrid {
        let source = SourceFormat(codec: .flac, sampleRate: rate, channels: channels)
        let rendition = try #require(Rendition(named: name))
        return try #require(FrameGrid(rendition, source: source, samples: samples))
    }

    static let rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000, 37_811]

    @Test("Frames are the fewest that hold the track and its tail, and chunks share them out", arguments: rates)
    func frames(rate: Int) throws {
        var generator = SeededGenerator(seed: UInt64(rate))
        for rendition in Rendition.all {
            let source = SourceFormat(codec: .flac, sampleRate: rate, channels: 2)
            for samples in [1, 575, 576, 577, 1152] + (0..<30).map({ _ in Int.random(in: 1...20_000_000, using: &generator) }) {
                guard let grid = FrameGrid(rendition, source: source, samples: samples) else { continue }
                #expect((grid.outputSamples - 1) * rate < samples * grid.output.sampleRate)
                #expect(grid.outputSamples * rate >= samples * grid.output.sampleRate)
                let tail: [Ladder: Int] = [.mp3: 1152, .opus: 312, .aac: 1024, .flac: 0]
                let needed = grid.outputSamples + (tail[rendition.ladder] ?? 0)
                #expect(grid.frameCount * grid.samplesPerFrame >= needed)
                #expect((grid.frameCount - 1) * grid.samplesPerFrame < needed)
                let sizes = (0..<grid.chunkCount).map { grid.frames(ofChunk: $0).count }
                #expect(sizes.dropLast().allSatisfy { $0 == grid.framesPerChunk } && sizes.reduce(0, +) == grid.frameCount)
                #expect((1...grid.framesPerChunk).contains(sizes.last ?? 0))
            }
        }
    }

    @Test(
        "Chunks last about 3 s, longer at low rates, in milliseconds",
        arguments: [
            ("mp3-128", 44_100, 2560), ("mp3-128", 48_000, 2400), ("mp3-64", 22_050, 2560), ("mp3-48", 11_025, 5120),
            ("mp3-96", 44_100, 3600), ("mp3-48", 44_100, 2400), ("opus-64", 44_100, 3000), ("opus-24", 8_000, 3000),
            ("aac-64", 44_100, 2925), ("aac-64", 48_000, 2880), ("aac-64", 32_000, 3008), ("aac-64", 96_000, 2997),
            ("flac", 44_100, 2925), ("flac", 48_000, 2880), ("flac", 22_050, 2925), ("flac", 192_000, 2880), ("flac", 8_000, 2880)
        ])
    func chunkDuration(name: String, rate: Int, milliseconds: Int) throws {
        let grid = try Self.grid(name, rate: rate, samples: rate)
        #expect(grid.framesPerChunk * grid.samplesPerFrame * 1000 / grid.output.sampleRate == milliseconds)
    }

    @Test("Opus packets have the measured sizes", arguments: [24: 60, 32: 80, 48: 120, 64: 160, 96: 240, 128: 320, 160: 400])
    func opusPackets(bitrate: Int, bytes: Int) throws {
        let grid = try Self.grid("opus-\(bitrate)", rate: 48_000, samples: 48_000 * 60)
        #expect(grid.opusPacketBytes == bytes)
        #expect(grid.byteCount(ofChunk: 0) == 150 * bytes)
    }

    @Test("MP3 frames are padded as an encoder that starts afresh before every chunk pads them", arguments: rates)
    func mp3Padding(rate: Int) throws {
        for rendition in Ladder.mp3.rungs {
            let source = SourceFormat(codec: .flac, sampleRate: rate, channels: 2)
            guard let grid = FrameGrid(rendition, source: source, samples: rate * 60) else { continue }
            let slots = grid.samplesPerFrame / 8 * rendition.bitrate * 1000
            let (whole, fraction) = slots.quotientAndRemainder(dividingBy: grid.output.sampleRate)
            for (chunk, preRoll) in [(0, 0), (1, 5), (2, 5)] {
                // LAME's running remainder: every frame takes its fraction, and pads when that is more than there is.
                var remainder = fraction
                var bytes = 0
                for frame in -preRoll..<grid.framesPerChunk {
                    remainder -= fraction
                    let padding = remainder < 0 ? 1 : 0
                    remainder += padding * grid.output.sampleRate
                    if frame >= 0 { bytes += whole + padding }
                    #expect(grid.byteCount(ofFrames: max(0, frame + 1), inChunk: chunk) == bytes)
                }
                // Over a whole chunk the padding evens out: exactly the bitrate, in every chunk.
                #expect(bytes * grid.output.sampleRate == slots * grid.framesPerChunk)
            }
        }
    }

    @Test("Encoder input runs from the pre-roll to the look-ahead")
    func encoderInput() throws {
        let mp3 = try Self.grid("mp3-128", rate: 44_100, samples: 1_000_000)
        #expect(mp3.encoderInput(ofChunk: 0) == 0..<99 * 1152)
        #expect(mp3.encoderInput(ofChunk: 1) == 93 * 1152..<197 * 1152)
        let opus = try Self.grid("opus-64", rate: 44_100, samples: 1_000_000)
        #expect(opus.encoderInput(ofChunk: 0) == 0..<150 * 960)
        #expect(opus.encoderInput(ofChunk: 2) == 292 * 960..<450 * 960)
        let aac = try Self.grid("aac-96", rate: 44_100, samples: 1_000_000)
        #expect(aac.encoderInput(ofChunk: 0) == -12 * 1024..<127 * 1024)
    }

    @Test("Opus alone stands alone, where a segment begins and has something before it")
    func standingAlone() throws {
        let opus = try Self.grid("opus-64", rate: 44_100, samples: 1_000_000)
        #expect((0..<opus.chunkCount).map(opus.standsAlone) == [false, false, true, false, true, false, true, false])
        for name in ["mp3-128", "aac-96", "flac"] {
            let grid = try Self.grid(name, rate: 44_100, samples: 1_000_000)
            #expect(!(0..<grid.chunkCount).contains(where: grid.standsAlone))
        }
    }
}
