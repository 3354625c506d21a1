import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("No tag makes ingest trap, wait or swell", .tags(.slow))
struct HostileTagTests {
    private typealias Made = MadeTags

    struct Sample: Sendable, CustomTestStringConvertible {
        let layout: TagLayout
        let bytes: [UInt8]
        var testDescription: String { "\(layout)" }
    }

    static let samples: [Sample] = {
        let picture = Made.frame(4, "APIC", [0] + Array("image/png\0".utf8) + [3, 0] + Made.png())
        let id3 = Made.id3(
            4,
            Made.text(4, "TIT2", "Title") + Made.text(4, "TCON", "(17)") + picture
                + Made.frame(4, "SYLT", [3, 0, 0, 0, 2, 1, 0, 65, 0, 0, 0, 0, 9])
                + Made.frame(4, "COMM", [1, 0, 0, 0] + Made.utf16("") + [0, 0] + Made.utf16("x")))
        let old = Made.id3v1(title: Array("Title".utf8))
        let ape = Made.ape([("Title", Array("A".utf8), false), ("Cover Art (Front)", Array("\0".utf8) + Made.jpeg(1, 1), true)])
        let comments = Made.comments(["TITLE=A", "METADATA_BLOCK_PICTURE=" + Base64Text.encoded(Made.pictureBlock(3, Made.png()))]
        )
        return [
            Sample(layout: .id3, bytes: id3 + [0xFF, 0xFB] + ape + old),
            Sample(layout: .id3, bytes: Made.id3(3, flags: 0xC0, Made.big(6, 10) + Made.text(3, "TIT2", "ÿ"))),
            Sample(layout: .ape, bytes: ape + [1, 2, 3]),
            Sample(
                layout: .flac,
                bytes: id3 + Made.flac([(4, comments), (6, Made.pictureBlock(3, Made.png())), (5, Made.big(1, 500))])),
            Sample(layout: .ogg, bytes: Made.ogg([Array("OpusHead".utf8), Array("OpusTags".utf8) + comments], segments: 1)),
            Sample(
                layout: .mp4,
                bytes: Made.mp4(
                    Made.item("©nam", [65]) + Made.freeform("ISRC", "x") + Made.item("covr", Made.png())
                        + Made.item("trkn", Made.big(1, 8)))),
            Sample(
                layout: .asf,
                bytes: ASFObject.header + Made.little(100, 8) + Made.big(0, 6) + ASFObject.contentDescription + Made.little(40, 8)
                    + Made.little(2, 2) + Made.big(0, 8) + [65, 0] + ASFObject.extendedContentDescription + Made.little(60, 8)
                    + Made.big(1, 34)),
            Sample(
                layout: .wav,
                bytes: Made.wav(Made.chunk("LIST", Array("INFO".utf8) + Made.chunk("INAM", [65])) + Made.chunk("id3 ", id3))),
            Sample(layout: .aiff, bytes: Made.aiff(Made.chunk("NAME", [65], big: true) + Made.chunk("ID3 ", id3, big: true)))
        ]
    }()

    @Test("A tag cut after any byte is read within bounds", arguments: samples)
    func cuts(_ sample: Sample) throws {
        for count in 0...sample.bytes.count { check(try TagFile(Array(sample.bytes.prefix(count))).read(sample.layout)) }
    }

    private static let mutationCount = ProcessInfo.processInfo.environment["SWEETSPOT_LONG"] == nil ? 300 : 5000

    @Test("A tag with bytes changed at random is read within bounds", arguments: samples)
    func mutations(_ sample: Sample) throws {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<Self.mutationCount {
            var bytes = sample.bytes
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                let place = Int.random(in: bytes.indices, using: &random)
                let extremes: [UInt8] = [0, 0xFF, 0x7F, 0x80, UInt8.random(in: 0...255, using: &random)]
                bytes[place] = extremes[Int.random(in: extremes.indices, using: &random)]
            }
            check(try TagFile(bytes).read(sample.layout))
        }
    }

    private func check(_ found: FileTags) {
        let tags = found.tags
        #expect(tags.title.count <= TrackTags.maximumCharacters && tags.genres.count <= TrackTags.maximumValues)
        if let art = found.art { #expect(art.bytes.count == art.picture.bytes && art.picture.bytes <= Picture.Limit.bytes) }
    }

    @Test("Sizes at the edge of what fits a number are read within bounds")
    func sizes() throws {
        let huge: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        let most: [UInt8] = [0x7F] + huge.dropFirst()
        for size in [huge, most, most.reversed()] {
            check(try TagFile(Made.big(1, 4) + Array("ftyp".utf8) + size + Made.mp4([])).read(.mp4))
            check(try TagFile(Made.box("ftyp", []) + Made.big(1, 4) + Array("moov".utf8) + size + Made.big(0, 64)).read(.mp4))
            check(try TagFile(ASFObject.header + size + Made.big(0, 6) + ASFObject.contentDescription + size + [1]).read(.asf))
            let sizes = Made.chunk("ds64", size + size + size)
            let data = Array("data".utf8) + Made.little(0xFFFF_FFFF, 4)
            check(try TagFile(Made.wav(sizes + data)).read(.wav))
            check(try TagFile(Array("APETAGEX".utf8) + size + size + size).read(.ape))
            let sheet = Made.big(0, 395) + [9] + size + [1] + Made.big(0, 26) + [9] + size + [1, 0, 0, 0]
            check(try TagFile(Made.flac([(5, sheet)])).read(.flac))
        }
    }

    @Test("A picture over the limit of bytes or pixels is passed over, and the next is taken")
    func pictures() throws {
        let large = Made.png(padding: Picture.Limit.bytes)
        let wide = Made.png(25_000, 1_001)
        func frame(_ picture: [UInt8], _ type: UInt8) -> [UInt8] { Made.frame(4, "APIC", [0, 0, type, 0] + picture) }
        let found = try TagFile(Made.id3(4, frame(large, 3) + frame(wide, 3) + frame(Made.jpeg(7, 8), 0) + frame(Made.png(), 0)))
            .read(.id3)
        #expect(found.art?.picture == Picture(format: .jpeg, width: 7, height: 8, bytes: Made.jpeg(7, 8).count))
        let front = try TagFile(Made.id3(4, frame(Made.png(), 0) + frame([1, 2, 3], 3) + frame(Made.jpeg(7, 8), 3))).read(.id3)
        #expect(front.art?.picture.format == .jpeg)
    }

    @Test(
        "The size of every kind of picture is read from its header",
        arguments: [
            (MadeTags.png(3, 2), 3, 2), (MadeTags.jpeg(640, 480), 640, 480),
            (Array("GIF89a".utf8) + [5, 0, 6, 1, 0, 0, 0], 5, 262),
            (Array("RIFF\0\0\0\0WEBPVP8X".utf8) + [10, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 19, 0, 0], 10, 20),
            (Array("RIFF\0\0\0\0WEBPVP8 ".utf8) + [0, 0, 0, 0, 0, 0, 0, 0x9D, 1, 0x2A, 9, 0, 8, 0], 9, 8),
            (Array("RIFF\0\0\0\0WEBPVP8L".utf8) + [0, 0, 0, 0, 0x2F, 4, 0xC0, 1, 0, 0, 0, 0, 0, 0], 5, 8)
        ])
    func pictureSizes(_ bytes: [UInt8], _ width: Int, _ height: Int) {
        let picture = Picture(header: bytes)
        #expect(picture?.width == width && picture?.height == height && picture?.bytes == bytes.count)
        for count in 0..<bytes.count { #expect((Picture(header: Array(bytes.prefix(count)))?.bytes ?? count) == count) }
    }

    @Test("Tags beyond the limit are not read")
    func limit() throws {
        let title = Made.text(4, "TIT2", "Title")
        let file = Made.id3(4, title + Made.frame(4, "PRIV", Made.big(0, 100_000)) + Made.text(4, "TALB", "Album"))
        #expect(try TagFile(file).read(.id3).tags.album == "Album")
        let cut = try TagFile(file).read(.id3, limit: 20_000).tags
        #expect(cut.album == "" && cut.title == "Title")
    }

    @Test("A zip bomb of frames takes no time")
    func bomb() throws {
        // 250,000 zeros, compressed 1,000 times over by a repeated length code of a fixed block.
        var bits: [UInt8] = [1, 1, 0] + [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<4000 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0]
        let packed = stride(from: 0, to: bits.count, by: 8).map { start in
            bits[start..<min(start + 8, bits.count)].reversed().reduce(0) { $0 << 1 | $1 }
        }
        let frame = Made.frame(3, "TIT2", flags: 0x80, Made.big(0, 4) + [0x78, 0x9C] + packed)
        let file = Made.id3(3, (0..<500).flatMap { _ in frame } + Made.text(3, "TALB", "Album"))
        let start = processorTime()
        #expect(try TagFile(file).read(.id3).tags.album == "Album")
        #expect(processorTime() - start < 20)
    }
}
