import Audio
import Packaging
import TestSupport
import Testing

@Suite("An MP3 Stream is what players expect", .tags(.packaging, .oracle))
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
        "Ffprobe has no complaint and ffmpeg decodes exactly the track's samples",
        .enabled(if: areInstalled("ffmpeg", "ffprobe"), "needs ffmpeg"), arguments: cases)
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
        // 48 kbit/s at 24 and 22.05 kHz leave too few bytes for a table of contents.
        let hasContents = frame.count >= 4 + side + 156
        #expect(hasContents || grid.rendition.name == "mp3-48")
        #expect(integer(4..<8) == (hasContents ? 15 : 11))
        #expect(integer(8..<12) == grid.frameCount)
        let total = stream.layout.length - 1024
        #expect(integer(12..<16) == total)
        #expect(frame[4..<(4 + side)].allSatisfy { $0 == 0 })

        // The table leads into the frame at that share of the time, to within a 256th of the file.
        for percent in 0..<(hasContents ? 100 : 0) {
            let target = grid.frameCount * percent / 100
            let (chunk, rest) = target.quotientAndRemainder(dividingBy: grid.framesPerChunk)
            let place = stream.layout.byteRange(ofChunk: chunk).lowerBound + grid.byteCount(ofFrames: rest, inChunk: chunk)
            let position = place - 1024
            let led = Double(tag[16 + percent]) / 256 * Double(total)
            #expect(led <= Double(position) && Double(position) - led <= Double(total) / 256)
        }

        let lame = hasContents ? 120 : 20
        #expect(String(decoding: tag[lame..<(lame + 9)], as: UTF8.self) == "LAME3.100")
        let trims = integer((lame + 21)..<(lame + 24))
        #expect(trims >> 12 == 576)
        #expect(grid.frameCount * grid.samplesPerFrame == 576 + grid.outputSamples + trims & 0xFFF)
        #expect(integer((lame + 28)..<(lame + 32)) == total)
        #expect(integer((lame + 34)..<(lame + 36)) == Int(Self.checksum(frame[..<(4 + side + lame + 34)])))
        #expect(tag[(lame + 36)...].allSatisfy { $0 == 0 })
    }

    /// mediainfo, mp3check and players of little memory know the whole file by its first header.
    @Test(
        "The first header alone tells the rung's bit rate, and with the size of the file its length", arguments: cases,
        [0, 2_000_003])
    func constantBitrate(_ made: StreamCase, _ more: Int) throws {
        let stream = try MadeStream(made.name, rate: made.rate, channels: made.channels, samples: made.samples + more)
        let (grid, bytes) = (stream.grid, stream.bytes)
        let first = try #require(Self.header(bytes, at: 1024))
        #expect(first.bitrate == grid.rendition.bitrate * 1000)
        #expect(first.sampleRate == grid.output.sampleRate)
        // The Info frame counts as one more, and a file may end in the middle of the pattern of padding.
        let seconds = Double((bytes.count - 1024) * 8) / Double(first.bitrate)
        let frame = Double(grid.samplesPerFrame) / Double(grid.output.sampleRate)
        #expect(abs(seconds - Double(grid.frameCount + 1) * frame) < frame / 50)

        var offset = 1024
        var count = 0
        while offset < bytes.count {
            let header = try #require(Self.header(bytes, at: offset))
            #expect(header.bitrate == first.bitrate && header.sampleRate == first.sampleRate)
            #expect(count > 0 || !header.isPadded)
            offset += header.size
            count += 1
        }
        #expect(offset == bytes.count && count == grid.frameCount + 1)
    }

    /// A frame header of layer III (ISO 11172-3 §2.4.2.3, ISO 13818-3 §2.4.2.3): bit/s, Hz, and the frame's size in bytes.
    private static func header(
        _ bytes: [UInt8], at offset: Int
    ) -> (bitrate: Int, sampleRate: Int, isPadded: Bool, size: Int)? {
        guard offset + 4 <= bytes.count, bytes[offset] == 0xFF, bytes[offset + 1] & 0xE6 == 0xE2 else { return nil }
        let version = bytes[offset + 1] >> 3 & 3
        let first = [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 0]
        let second = [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160, 0]
        let bitrate = (version == 3 ? first : second)[Int(bytes[offset + 2] >> 4)] * 1000
        let rate = [44_100, 48_000, 32_000, 0][Int(bytes[offset + 2] >> 2 & 3)] / [3: 1, 2: 2, 0: 4][version, default: 1]
        guard bitrate > 0, rate > 0 else { return nil }
        let isPadded = bytes[offset + 2] & 2 != 0
        return (bitrate, rate, isPadded, (version == 3 ? 144 : 72) * bitrate / rate + (isPadded ? 1 : 0))
    }

    @Test(
        "The Info frame has the rung's bit rate, the stream's version and mode",
        arguments: [
            ("mp3-128", 44_100, 2, [0xFF, 0xFB, 0x90, 0x44], 417), ("mp3-128", 44_100, 1, [0xFF, 0xFB, 0x90, 0xC4], 417),
            ("mp3-320", 48_000, 2, [0xFF, 0xFB, 0xE4, 0x44], 960), ("mp3-96", 44_100, 2, [0xFF, 0xFB, 0x78, 0x44], 432),
            ("mp3-48", 44_100, 2, [0xFF, 0xF3, 0x64, 0xC4], 144), ("mp3-64", 44_100, 2, [0xFF, 0xF3, 0x84, 0x44], 192),
            ("mp3-160", 22_050, 2, [0xFF, 0xF3, 0xE0, 0x44], 522), ("mp3-48", 16_000, 1, [0xFF, 0xF3, 0x68, 0xC4], 216),
            ("mp3-64", 11_025, 2, [0xFF, 0xE3, 0x80, 0x44], 417), ("mp3-64", 8_000, 1, [0xFF, 0xE3, 0x88, 0xC4], 576)
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
