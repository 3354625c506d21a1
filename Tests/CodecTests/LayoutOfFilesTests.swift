import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Bytes between, before and behind the frames are no sound", .tags(.codec))
struct LayoutOfFilesTests {
    private static let tag = Array("ID3".utf8) + [4, 0, 0, 0, 0, 2, 0] + (0..<256).map { UInt8($0 % 2 == 0 ? 0xFF : 0xFB) }
    private static let trailer = Array("TAG".utf8) + [UInt8](repeating: 0x20, count: 125)

    private static func mp3(seconds: Double = 1, _ arguments: [String] = ["-write_xing", "0"]) throws -> [UInt8] {
        try Tools.ffmpeg(Music(seconds: seconds).wav, ["-id3v2_version", "0"] + arguments, to: "a.mp3")
    }

    @Test("An ID3 tag in the middle of an MP3, full of bytes that look like frames, is no sound")
    func tagInTheMiddle() throws {
        let bare = try Self.mp3()
        let whole = try Sound(ingesting: bare)
        let cut = whole.map.packets[20].offset
        let sound = try Sound(ingesting: Array(bare[..<cut]) + Self.tag + Array(bare[cut...]) + Self.trailer)
        #expect(sound.map.samples == whole.map.samples)
        #expect(!sound.map.usesPacketFile)
        #expect(sound.map.packets.count == whole.map.packets.count)
        #expect(sound.measures.soundHash == whole.measures.soundHash)
        #expect(sound.measures.warnings == [])
        let grid = try whole.grid("opus-64")
        #expect(try sound.render(grid) == whole.render(grid))
    }

    @Test("MP3 files one behind the other are one track, without the second's Info frame")
    func concatenated() throws {
        let one = try Self.mp3([])
        let two = try Self.mp3(seconds: 0.7, [])
        let frames = try Sound(ingesting: one).map.packets.count + Sound(ingesting: two).map.packets.count
        let (map, measures) = try Sound(ingesting: one + Self.trailer + Self.tag + two).found
        #expect(map.packets.count == frames)
        #expect(measures.warnings.contains { $0.contains("2 MP3 files") })
    }

    @Test("Junk between MP3 frames is no sound, with a warning")
    func junk() throws {
        let bare = try Self.mp3()
        let whole = try Sound(ingesting: bare).map
        let cut = whole.packets[10].offset
        let junk = (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let (map, measures) = try Sound(ingesting: Array(bare[..<cut]) + junk + Array(bare[cut...])).found
        #expect(map.samples == whole.samples)
        #expect(measures.warnings.contains { $0.contains("3000 bytes") })
    }

    @Test("Pictures, tags and links of a FLAC file are not shown to the demuxer")
    func flacMetadata() throws {
        let flac = try Tools.ffmpeg(Music(seconds: 1).wav, [], to: "a.flac")
        let plain = try Sound(ingesting: flac)
        let end = try FileViewTests.with(flac) { try #require(FLACHeader($0, at: 0)).frames }
        // A picture of 16 MiB that is none, before the frames and behind an ID3 tag.
        var head = Array(flac[..<42])
        head[4] &= 0x7F
        let picture = [0x86, 0xFF, 0xFF, 0xFF] + [UInt8](repeating: 0xFF, count: 0xFF_FFFF)
        let sound = try Sound(ingesting: Self.tag + head + picture + Array(flac[end...]) + Self.trailer)
        #expect(sound.map.samples == plain.map.samples)
        #expect(sound.measures.soundHash == plain.measures.soundHash)
        #expect(!sound.map.usesPacketFile)
    }

    @Test("iTunSMPB gives an MP4 track its exact ends")
    func gapless() throws {
        let value = " 00000000 00000400 00000123 0000000000001000 00000000 00000000"
        func box(_ name: String, _ body: [UInt8]) -> [UInt8] {
            let size = UInt32(body.count + 8)
            return (0..<4).map { UInt8(truncatingIfNeeded: size >> (24 - 8 * $0)) } + Array(name.utf8) + body
        }
        let zeros = [UInt8](repeating: 0, count: 4)
        let item = box(
            "----",
            box("mean", zeros + Array("com.apple.iTunes".utf8)) + box("name", zeros + Array("iTunSMPB".utf8))
                + box("data", [0, 0, 0, 1] + zeros + Array(value.utf8)))
        let user = box("udta", box("meta", zeros + box("hdlr", [UInt8](repeating: 0, count: 25)) + box("ilst", item)))
        try FileViewTests.with(box("ftyp", Array("M4A ".utf8)) + box("moov", user)) { file in
            let movie = MP4Movie(file, from: 0)
            #expect(movie.userDataNames == [12 + 8 + 4])
            let gapless = try #require(movie.gapless)
            let decoded = 1024 + 0x123 + 4096
            #expect(gapless.sound(of: decoded) == 1024..<(1024 + 4096))
            #expect(gapless.sound(of: 2 * decoded) == 2048..<(2048 + 8192))
            for other in [0, 1000, decoded - 1, decoded + 1, 2 * decoded - 1024, 3 * decoded] {
                #expect(gapless.sound(of: other) == nil, "\(other)")
            }
        }
    }

    @Test("A meta box of any size is walked, also one without a body", arguments: 0..<40)
    func metaOfAnySize(bytes: Int) throws {
        func box(_ name: String, _ body: [UInt8]) -> [UInt8] { [0, 0, 0, UInt8(body.count + 8)] + Array(name.utf8) + body }
        for filling in [0 as UInt8, 1, 0xFF] {
            let meta = box("meta", [UInt8](repeating: filling, count: bytes))
            for movie in [meta, box("udta", meta)] {
                try FileViewTests.with(box("moov", movie)) { file in
                    #expect(MP4Movie(file, from: 0).userDataNames == [12])
                }
            }
        }
    }

    @Test("Headers of hostile sizes end the walk and nothing else", arguments: 0..<200 as Range<UInt64>)
    func hostile(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> UInt8 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return UInt8(truncatingIfNeeded: state >> 32)
        }
        let noise = (0..<2000).map { _ in seed % 3 == 0 && next() < 40 ? 0xFF : next() }
        try FileViewTests.with(noise) { file in
            _ = FLACHeader(file, at: Int(seed % 50))
            _ = OggChain(file, from: 0)
            _ = MP4Movie(file, from: 0)
            let walk = FrameWalk(file, from: 0, to: file.size)
            #expect(walk.runs.allSatisfy { $0.upperBound <= file.size })
            #expect((0...file.size).contains(ID3Span.end(of: file, from: 0)))
        }
    }
}
