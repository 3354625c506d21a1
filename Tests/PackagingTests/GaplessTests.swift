import Audio
import Packaging
import TestSupport
import Testing

@Suite("Parts for Media Source Extensions trim nothing", .tags(.packaging))
struct GaplessTests {
    private static func layout(_ name: String, rate: Int, samples: Int) throws -> SegmentLayout? {
        let rendition = try #require(Rendition(named: name))
        let source = SourceFormat(
            codec: .flac, sampleRate: rate, channels: rendition.isMono ? 1 : 2, bitsPerSample: rate > 48_000 ? 24 : 16)
        return FrameGrid(rendition, source: source, samples: samples).flatMap { SegmentLayout(grid: $0) }
    }

    /// The boxes that contain no others, in order, by their paths.
    private static func leaves(_ reader: BoxReader, in path: String = "") throws -> [(path: String, bytes: [UInt8])] {
        let containers: Set = ["moov", "trak", "mdia", "minf", "dinf", "stbl", "mvex", "edts", "moof", "traf"]
        return try #require(reader.boxes).flatMap { box -> [(path: String, bytes: [UInt8])] in
            let place = path + box.type
            switch box.type {
            case "stsd":
                // Version, flags and a count, then one entry: 28 bytes of AudioSampleEntry and the decoder's set-up.
                return try leaves(BoxReader(box.content.bytes.dropFirst(8)), in: place + "/")
            case "Opus", "mp4a", "fLaC":
                let entry = (path: place, bytes: Array(box.content.bytes.prefix(28)))
                return [entry] + (try leaves(BoxReader(box.content.bytes.dropFirst(28)), in: place + "/"))
            case _ where containers.contains(box.type): return try leaves(box.content, in: place + "/")
            default: return [(place, Array(box.content.bytes))]
            }
        }
    }

    @Test(
        "An init section differs in two places: it has no edit list, and Opus has another pre-skip and gain",
        arguments: SegmentTests.rungs, SegmentTests.rates)
    func initSection(_ name: String, _ rate: Int) throws {
        for samples in [1, rate * 13 + 77] {
            guard let layout = try Self.layout(name, rate: rate, samples: samples) else { continue }
            let gain = try #require(OutputGain(decibels: "-6.2"))
            let usual = try Self.leaves(BoxReader(InitSection.bytes(layout)))
            let bytes = InitSection.bytes(layout, trimming: .byPage, gain: gain)
            let gapless = try Self.leaves(BoxReader(bytes))
            #expect(usual.map(\.path).filter { !$0.contains("/edts/") } == gapless.map(\.path))
            #expect(usual.count == gapless.count + 1)
            for box in gapless {
                let other = try #require(usual.first { $0.path == box.path })
                guard box.path.hasSuffix("/dOps") else {
                    #expect(box.bytes == other.bytes, "\(box.path)")
                    continue
                }
                var expected = other.bytes
                expected.replaceSubrange(2..<4, with: [0, 0])
                // -6.2 dB is -1587.2 steps of 1/256.
                expected.replaceSubrange(8..<10, with: [0xF9, 0xCD])
                #expect(box.bytes == expected && Array(other.bytes[2..<4]) == [1, 56] && Array(other.bytes[8..<10]) == [0, 0])
            }
            #expect(gapless.contains { $0.path.hasSuffix("/dOps") } == name.hasPrefix("opus"))
        }
    }

    /// The durations of all samples of a segment.
    private static func durations(_ segment: [UInt8], _ grid: FrameGrid) throws -> [Int] {
        try #require(BoxReader(segment).boxes).filter { $0.type == "moof" }.flatMap { box in
            durations(try #require(box.content.box("traf/trun")), default: grid.samplesPerFrame)
        }
    }

    private static func durations(_ trun: BoxReader, default duration: Int) -> [Int] {
        let flags = trun.number(at: 1, bytes: 3)
        let size = (flags & 0x100 != 0 ? 4 : 0) + (flags & 0x200 != 0 ? 4 : 0)
        return (0..<trun.number(at: 4)).map { flags & 0x100 != 0 ? trun.number(at: 12 + size * $0) : duration }
    }

    @Test(
        "The last sample lasts as long as its frame, and nothing else differs", arguments: SegmentTests.rungs, SegmentTests.rates)
    func lastSample(_ name: String, _ rate: Int) throws {
        for samples in [1, 311, 1024, rate * 6, rate * 13 + 77] {
            guard let layout = try Self.layout(name, rate: rate, samples: samples) else { continue }
            let grid = layout.grid
            for number in 0..<layout.count {
                let usual = try SegmentTests.segment(layout, number).bytes
                let gapless = try SegmentTests.segment(layout, number, .byPage).bytes
                let (whole, trimmed) = (try Self.durations(gapless, grid), try Self.durations(usual, grid))
                #expect(whole.dropLast() == trimmed.dropLast())
                let isLast = number == layout.count - 1
                if isLast, grid.rendition.ladder == .flac {
                    // As many samples as the frame has.
                    #expect(gapless == usual && whole.reduce(0, +) % grid.samplesPerFrame == samples % grid.samplesPerFrame)
                } else {
                    #expect(whole.allSatisfy { $0 == grid.samplesPerFrame })
                }
                if !isLast { #expect(gapless == usual) }
                let others = (try Self.leaves(BoxReader(usual)), try Self.leaves(BoxReader(gapless)))
                #expect(others.0.map(\.path) == others.1.map(\.path))
                for (one, other) in zip(others.0, others.1) where !one.path.hasSuffix("/trun") {
                    #expect(one.bytes == other.bytes)
                }
            }
            #expect(MediaSegment(layout, number: layout.count, trimming: .byPage) == nil)
        }
    }

    @Test("A page's frames cover the track, with priming before it and padding after it", arguments: SegmentTests.rungs)
    func grid(_ name: String) throws {
        let layout = try #require(try Self.layout(name, rate: 44_100, samples: 44_100 * 31 + 5))
        let grid = layout.grid
        #expect(layout.count == (grid.frameCount + layout.framesPerSegment - 1) / layout.framesPerSegment)
        let end = grid.frameCount * grid.samplesPerFrame - grid.encoderDelay
        #expect(end >= grid.outputSamples && end - grid.outputSamples < grid.samplesPerFrame)
    }

    @Test(
        "A gain is dB with a sign and decimals, between -60 and 12",
        arguments: [
            ("0", 0), ("-0", 0), ("-6", -1536), ("-6.2", -1587), ("6.25", 1600), ("12", 3072), ("-60", -15360), ("12.0000", 3072),
            ("0.002", 1), ("-0.0019", 0), ("05.5", 1408)
        ])
    func gain(_ text: String, _ value: Int) throws {
        #expect(OutputGain(decibels: text)?.value == Int16(value))
    }

    @Test(
        "Any other text is no gain",
        arguments: [
            "", "-", ".5", "5.", "+5", " 5", "5 ", "12.0001", "-60.0001", "13", "-61", "100", "1e1", "nan", "inf", "0x5", "--5",
            "5.12345", "٥", "5\u{301}", "5,5", "99999999999999999999"
        ])
    func noGain(_ text: String) {
        #expect(OutputGain(decibels: text) == nil)
    }
}

@Suite(
    "Parts for Media Source Extensions in foreign hands", .tags(.packaging, .oracle),
    .enabled(if: areInstalled("ffmpeg", "ffprobe")))
struct GaplessOracleTests {
    /// The parts of a rendition, joined.
    private static func joined(_ made: MadeStream, _ trimming: Trimming) throws -> [UInt8] {
        let layout = try #require(SegmentLayout(grid: made.grid))
        var bytes = InitSection.bytes(layout, trimming: trimming)
        for number in 0..<layout.count {
            let segment = try #require(MediaSegment(layout, number: number, trimming: trimming))
            bytes += segment.head + layout.chunks(ofSegment: number).flatMap { made.chunks[$0] }
            #expect(
                segment.length == segment.head.count + layout.chunks(ofSegment: number).map { made.chunks[$0].count }.reduce(0, +)
            )
        }
        return bytes
    }

    private static func decoded(_ bytes: [UInt8], _ options: String...) throws -> [UInt8] {
        let output = try Tool.run(
            "ffmpeg", ["-v", "warning"] + options + ["-i", "FILE", "-f", "s16le", "-c:a", "pcm_s16le", "-"], on: bytes,
            extension: "mp4")
        #expect(output.errors == "")
        return output.bytes
    }

    @Test("ffmpeg decodes the frames of the usual parts, priming and padding with them", arguments: [1, 480, 100_000, 700_001])
    func frames(_ samples: Int) throws {
        let made = try MadeStream("opus-64", samples: samples)
        let (usual, gapless) = (try Self.joined(made, .byBoxes), try Self.joined(made, .byPage))
        let all = try Self.decoded(gapless)
        let grid = made.grid
        #expect(all.count == 4 * grid.frameCount * grid.samplesPerFrame)
        // Told to trim nothing, it gives the same of the usual parts.
        #expect(try Self.decoded(usual, "-flags2", "+skip_manual", "-ignore_editlist", "1") == all)
        #expect(try Tool.complaints(about: gapless, extension: "mp4") == "")
    }
}
