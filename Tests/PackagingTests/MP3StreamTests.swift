import Audio
import Packaging
import Testing

@Suite("An MP3 Stream is what players expect")
struct MP3StreamTests {
    static let cases: [StreamCase] = [
        StreamCase(name: "mp3-128", rate: 44_100, channels: 2, samples: 1),
        StreamCase(name: "mp3-128", rate: 44_100, channels: 2, samples: 1152),
        StreamCase(name: "mp3-128", rate: 44_100, channels: 2, samples: 1153),
        StreamCase(name: "mp3-128", rate: 44_100, channels: 2, samples: 98 * 1152 - 1152),
        StreamCase(name: "mp3-192", rate: 44_100, channels: 2, samples: 98 * 1152 - 1151),
        StreamCase(name: "mp3-320", rate: 48_000, channels: 1, samples: 100 * 1152 * 3 + 5),
        StreamCase(name: "mp3-48", rate: 44_100, channels: 2, samples: 500_000),
        StreamCase(name: "mp3-48", rate: 8_000, channels: 1, samples: 30_000),
        StreamCase(name: "mp3-64", rate: 11_025, channels: 2, samples: 98 * 576),
        StreamCase(name: "mp3-64", rate: 12_000, channels: 1, samples: 33_333),
        StreamCase(name: "mp3-96", rate: 16_000, channels: 2, samples: 16_001),
        StreamCase(name: "mp3-160", rate: 22_050, channels: 2, samples: 250_000),
        StreamCase(name: "mp3-160", rate: 24_000, channels: 1, samples: 99_999),
        StreamCase(name: "mp3-96", rate: 96_000, channels: 6, samples: 1_000_003),
        StreamCase(name: "mp3-256", rate: 192_000, channels: 2, samples: 777_777)
    ]

    @Test(
        "ffprobe has no complaint and ffmpeg decodes exactly the track's samples",
        .enabled(if: Tool.areInstalled("ffmpeg", "ffprobe"), "needs ffmpeg"), arguments: cases)
    func decodes(_ made: StreamCase) throws {
        let stream = try made.stream(tags: TrackTags(title: "Tune"))
        let bytes = stream.bytes
        #expect(Self.serious(try Tool.complaints(about: bytes, extension: "mp3"), in: stream) == "")
        let decoded = try Tool.decodedSamples(of: bytes, extension: "mp3", channels: stream.grid.output.channels)
        #expect(Self.serious(decoded.complaints, in: stream) == "")
        #expect(decoded.count == stream.grid.outputSamples)
    }

    /// ffmpeg says of any MP3 file of a few frames, its own too, that it recognises it with a low score.
    private static func serious(_ complaints: String, in stream: MadeStream) -> String {
        guard stream.grid.frameCount < 8 else { return complaints }
        return complaints.split(separator: "\n").filter { !$0.contains("detected only with low score") }.joined(separator: "\n")
    }

    @Test("The Info frame says frames, bytes, places and trims as they are", arguments: cases)
    func infoFrame(_ made: StreamCase) throws {
        let stream = try made.stream()
        let (grid, frame) = (stream.grid, Array(stream.layout.header[1024...]))
        let isMono = grid.output.channels == 1
        let side = grid.output.sampleRate >= 32_000 ? (isMono ? 17 : 32) : (isMono ? 9 : 17)
        let tag = Array(frame[(4 + side)...])
        func integer(_ range: Range<Int>) -> Int { tag[range].reduce(0) { $0 << 8 | Int($1) } }

        #expect(String(decoding: tag[0..<4], as: UTF8.self) == "Info")
        #expect(integer(4..<8) == 15)
        #expect(integer(8..<12) == grid.frameCount)
        let total = stream.layout.length - 1024
        #expect(integer(12..<16) == total)
        #expect(frame[4..<(4 + side)].allSatisfy { $0 == 0 })

        // The table leads into the frame at that share of the time, to within a 256th of the file.
        for percent in 0..<100 {
            let target = grid.frameCount * percent / 100
            let (chunk, rest) = target.quotientAndRemainder(dividingBy: grid.framesPerChunk)
            let place = stream.layout.byteRange(ofChunk: chunk).lowerBound + grid.byteCount(ofFrames: rest, inChunk: chunk)
            let position = place - 1024
            let led = Double(tag[16 + percent]) / 256 * Double(total)
            #expect(led <= Double(position) && Double(position) - led <= Double(total) / 256)
        }

        #expect(String(decoding: tag[120..<129], as: UTF8.self) == "LAME3.100")
        let trims = integer(141..<144)
        #expect(trims >> 12 == 576)
        #expect(grid.frameCount * grid.samplesPerFrame == 576 + grid.outputSamples + trims & 0xFFF)
        #expect(integer(148..<152) == total)
        #expect(integer(154..<156) == Int(Self.checksum(frame[..<(4 + side + 154)])))
    }

    @Test(
        "The Info frame is the smallest that holds its tag, with the stream's version and mode",
        arguments: [
            ("mp3-128", 44_100, 2, [0xFF, 0xFB, 0x50, 0x44], 208), ("mp3-128", 44_100, 1, [0xFF, 0xFB, 0x40, 0xC4], 182),
            ("mp3-320", 48_000, 2, [0xFF, 0xFB, 0x54, 0x44], 192), ("mp3-96", 44_100, 2, [0xFF, 0xFB, 0x38, 0x44], 216),
            ("mp3-48", 44_100, 2, [0xFF, 0xF3, 0x84, 0xC4], 192), ("mp3-64", 44_100, 2, [0xFF, 0xF3, 0x84, 0x44], 192),
            ("mp3-160", 22_050, 2, [0xFF, 0xF3, 0x70, 0x44], 182), ("mp3-48", 16_000, 1, [0xFF, 0xF3, 0x58, 0xC4], 180),
            ("mp3-64", 11_025, 2, [0xFF, 0xE3, 0x40, 0x44], 208), ("mp3-64", 8_000, 1, [0xFF, 0xE3, 0x38, 0xC4], 216)
        ] as [(String, Int, Int, [UInt8], Int)])
    func infoFrameHeader(name: String, rate: Int, channels: Int, header: [UInt8], size: Int) throws {
        let stream = try MadeStream(name, rate: rate, channels: channels, samples: 44_100)
        let frame = stream.layout.header[1024...]
        #expect(Array(frame.prefix(4)) == header)
        #expect(frame.count == size)
    }

    /// CRC-16/ARC bit by bit; its check value is that of the catalogue.
    private static func checksum(_ bytes: some Sequence<UInt8>) -> UInt16 {
        var value: UInt16 = 0
        for byte in bytes {
            for bit in 0..<8 {
                let mixed = (value ^ UInt16(byte >> bit)) & 1
                value = value >> 1 ^ (mixed == 1 ? 0xA001 : 0)
            }
        }
        return value
    }

    @Test("The test's own checksum gives CRC-16/ARC's check value")
    func checksumOracle() {
        #expect(Self.checksum("123456789".utf8) == 0xBB3D)
    }
}
