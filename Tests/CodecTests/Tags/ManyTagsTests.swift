import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

/// libavformat looks for each name among all it has, so that the time of a file's tags grows with the square of their number. None of
/// its demuxers gets to see them.
@Suite("Files of a few hundred kilobytes that are all tags", .tags(.codec)) struct ManyTagsTests {
    private static let count = Program.isLong ? 40_000 : 20_000
    /// Seconds of a processor. What each of these took before was 8 to 20 on a quiet machine, and a quarter of that with half as many
    /// tags; what a file without tags takes is 0.1.
    private static let most = Program.isLong ? 4.0 : 1.5

    private static let names = (0..<count).map { "NAME\($0)=x" }
    private static let comments = MadeTags.comments(["TITLE=Song"] + names)
    private static let commentsOfOneName = MadeTags.comments(
        ["TITLE=Song"] + Array(repeating: "NAME=xxxxxxxxxxxxxxxx", count: count))

    private func tone(_ arguments: [String], _ name: String) throws -> [UInt8] {
        try Tools.ffmpeg(Music(seconds: 0.5).wav, ["-map_metadata", "-1", "-fflags", "+bitexact"] + arguments, to: name)
    }

    /// That the file is the same sound as `plain`, taken in at once.
    private func expect(_ file: [UInt8], soundsAs plain: [UInt8], title: String? = nil) throws {
        let (known, knownMeasures) = try Sound(ingesting: plain).found
        let start = processorTime()
        let (map, measures) = try Sound(ingesting: file).found
        let seconds = processorTime() - start
        #expect(seconds < Self.most, "\(seconds) s")
        #expect(map.samples == known.samples && map.leadIn == known.leadIn && measures.soundHash == knownMeasures.soundHash)
        #expect(map.packets.count == known.packets.count && measures.warnings == knownMeasures.warnings)
        if let title { #expect(map.tags.title == title) }
    }

    // MARK: Ogg

    private enum OggKind: String, CaseIterable {
        case vorbis, opus, speex, flac

        var arguments: [String] {
            switch self {
            case .vorbis: ["-c:a", "libvorbis"]
            case .opus: ["-c:a", "libopus", "-ar", "48000"]
            case .speex: ["-c:a", "libspeex", "-ar", "16000", "-ac", "1"]
            case .flac: ["-c:a", "flac"]
            }
        }

        func packet(_ comments: [UInt8]) -> [UInt8] {
            switch self {
            case .vorbis: [3] + Array("vorbis".utf8) + comments + [1]
            case .opus: Array("OpusTags".utf8) + comments
            case .speex: comments
            case .flac: [0x84] + MadeTags.big(comments.count, 3) + comments
            }
        }

        var headers: Int { self == .vorbis ? 3 : 2 }
    }

    /// The stream of an Ogg file: its header packets, and its pages of sound.
    private struct OggParts {
        var serial = 0
        var headers: [[UInt8]] = []
        var pages: [UInt8] = []

        init(_ bytes: [UInt8], headers count: Int) throws {
            self = try FileViewTests.with(bytes) { file in
                var parts = OggParts()
                let input = TagInput(file, limit: .max)
                var (offset, packet) = (0, [UInt8]())
                while let page = OggPage(input, at: offset) {
                    parts.serial = page.serial
                    var place = page.body.lowerBound
                    if parts.headers.count == count { parts.pages += bytes[offset..<page.body.upperBound] }
                    for segment in page.lacing where parts.headers.count < count {
                        packet += bytes[place..<(place + Int(segment))]
                        place += Int(segment)
                        if segment < 255 {
                            parts.headers.append(packet)
                            packet = []
                        }
                    }
                    offset = page.body.upperBound
                }
                return parts
            }
        }

        private init() {}

        func file(_ headers: [[UInt8]], between: [UInt8] = []) -> [UInt8] {
            OggPage.pages(of: [headers[0]], serial: serial, begins: true) + between
                + OggPage.pages(of: Array(headers[1...]), serial: serial, begins: false) + pages
        }
    }

    @Test("Very many Ogg comments cost no more than their bytes, with one name or many", arguments: OggKind.allCases)
    private func oggComments(kind: OggKind) throws {
        let plain = try tone(kind.arguments, "a.ogg")
        let parts = try OggParts(plain, headers: kind.headers)
        for comments in [Self.comments, Self.commentsOfOneName] {
            var headers = parts.headers
            headers[1] = kind.packet(comments)
            try expect(parts.file(headers), soundsAs: plain, title: "Song")
        }
    }

    @Test("Ogg comments at unusual places cost no more: with the first header, in the sound, in another stream")
    func strayComments() throws {
        let plain = try tone(OggKind.vorbis.arguments, "a.ogg")
        let parts = try OggParts(plain, headers: 3)
        let comments = OggKind.vorbis.packet(Self.comments)
        var headers = parts.headers
        headers[1] = comments
        let crowded = OggPage.pages(of: headers, serial: parts.serial, begins: true) + parts.pages
        try expect(crowded, soundsAs: plain)
        let late = parts.file(parts.headers) + OggPage.pages(of: [comments], serial: parts.serial, begins: false)
        // Its end is no longer marked as such.
        let start = processorTime()
        #expect(try Sound(ingesting: late).measures.soundHash == Sound(ingesting: plain).measures.soundHash)
        #expect(processorTime() - start < Self.most)
        let theora = OggPage.pages(
            of: [[0x80] + Array("theora".utf8) + [3, 2, 1] + [UInt8](repeating: 1, count: 32)], serial: 9, begins: true)
        let video = OggPage.pages(of: [[0x81] + Array("theora".utf8) + Self.comments], serial: 9, begins: false)
        try expect(parts.file(parts.headers, between: theora + video), soundsAs: plain)
    }

    @Test("The sound may begin on the page on which the headers end")
    func sharedPage() throws {
        let plain = try tone(OggKind.opus.arguments + ["-b:a", "24k"], "a.opus")
        let parts = try OggParts(plain, headers: 2)
        // The comments and all of the sound on pages of one run.
        let sound = try FileViewTests.with(parts.pages) { file in
            var packets: [[UInt8]] = []
            var granule = 0
            var offset = 0
            while let page = OggPage(TagInput(file, limit: .max), at: offset) {
                var place = page.body.lowerBound
                for segment in page.lacing {
                    packets.append(Array(parts.pages[place..<(place + Int(segment))]))
                    place += Int(segment)
                }
                (offset, granule) = (page.body.upperBound, page.granule)
            }
            return (packets, granule)
        }
        try #require(sound.0.allSatisfy { $0.count < 255 } && sound.0.count < 200)
        let all = [OggKind.opus.packet(MadeTags.comments(["TITLE=Song"]))] + sound.0
        let page = OggPage.bytes(
            flags: 4, granule: sound.1, serial: parts.serial, lacing: all.map { UInt8($0.count) }, body: all.flatMap(\.self))
        let file = OggPage.pages(of: [parts.headers[0]], serial: parts.serial, begins: true) + page
        try expect(file, soundsAs: plain, title: "Song")
    }

    @Test("An Ogg file whose headers do not end is refused")
    func endlessHeaders() throws {
        let plain = try tone(OggKind.vorbis.arguments, "a.ogg")
        let parts = try OggParts(plain, headers: 3)
        var headers = parts.headers
        headers[2] += [UInt8](repeating: 0, count: 2 << 20)
        for file in [parts.file(headers), Array(plain[..<200]), Array(plain[..<60])] {
            #expect(throws: Refusal.self) { try Sound(ingesting: file) }
        }
    }

    // MARK: The others

    private static let id3: [UInt8] = {
        let frames = (0..<count).flatMap { MadeTags.latin(3, "TXXX", Array("N\($0)\0x".utf8)) }
        return MadeTags.id3(3, MadeTags.text(3, "TIT2", "Song") + frames)
    }()

    @Test("Very many ID3 frames cost no more in a chunk of WAV or AIFF, or between the frames of ADTS")
    func id3() throws {
        let tag = Self.id3
        let wav = Music(seconds: 0.5).wav
        for name in ["id3 ", "ID3 "] {
            try expect(MadeTags.wav(MadeTags.chunk(name, tag) + wav[12...]), soundsAs: wav, title: "Song")
            try expect(MadeTags.wav(wav[12...] + MadeTags.chunk(name, tag)), soundsAs: wav, title: "Song")
        }
        let aiff = try tone([], "a.aiff")
        try expect(MadeTags.aiff(MadeTags.chunk("ID3 ", tag, big: true) + aiff[12...]), soundsAs: aiff, title: "Song")
        let adts = try tone(["-c:a", "aac"], "a.aac")
        let cut = try Sound(ingesting: adts).map.packets[10].offset
        // A packet of ADTS is the whole frame.
        try #require(adts[cut] == 0xFF)
        try expect(Array(adts[..<cut]) + tag + adts[cut...], soundsAs: adts)
    }

    @Test("A very long list of information in a WAV costs no more, before the sound or behind it")
    func information() throws {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        let items = (0..<Self.count).flatMap { number in
            let name = [17576, 676, 26, 1].map { letters[number / $0 % 26] }
            return name + MadeTags.little(2, 4) + [0x78, 0]
        }
        let list = MadeTags.chunk("LIST", Array("INFO".utf8) + MadeTags.chunk("INAM", Array("Song\0".utf8)) + items)
        let wav = Music(seconds: 0.5).wav
        try expect(MadeTags.wav(list + wav[12...]), soundsAs: wav, title: "Song")
        try expect(MadeTags.wav(wav[12...] + list), soundsAs: wav)
    }

    @Test("Very many items of an MP4 cost no more, wherever they are", arguments: ["moov", "trak", "mdia", "behind"])
    func items(place: String) throws {
        // Behind the sound, so that nothing moves.
        let file = try tone(["-c:a", "aac"], "a.m4a")
        let list = MadeTags.box("ilst", (0..<(Self.count / 3)).flatMap { MadeTags.freeform("N\($0)", "x") })
        let meta = MadeTags.box("meta", MadeTags.big(0, 4) + MadeTags.box("hdlr", MadeTags.big(0, 25)) + list)
        let user = MadeTags.box("udta", meta)
        let made = place == "behind" ? file + user + meta : try Self.inserting(user, into: place, of: file)
        try expect(made, soundsAs: file)
    }

    /// `box` at the end of the first box of that name, and the boxes around it grown by as much.
    private static func inserting(_ box: [UInt8], into name: String, of file: [UInt8]) throws -> [UInt8] {
        var bytes = file
        var range = 0..<file.count
        var sizes: [Int] = []
        for step in ["moov", "trak", "mdia"] {
            var offset = range.lowerBound
            while offset + 8 <= range.upperBound, bytes[(offset + 4)..<(offset + 8)] != Array(step.utf8)[...] {
                offset += try #require(bytes.number(at: offset, 4, .big))
            }
            sizes.append(offset)
            range = (offset + 8)..<(offset + (try #require(bytes.number(at: offset, 4, .big))))
            if step == name { break }
        }
        for offset in sizes {
            let size = try #require(bytes.number(at: offset, 4, .big)) + box.count
            bytes.replaceSubrange(offset..<(offset + 4), with: MadeTags.big(size, 4))
        }
        bytes.insert(contentsOf: box, at: range.upperBound)
        return bytes
    }

    /// An element with a size of 8 bytes.
    private static func element(_ identifier: [UInt8], _ body: [UInt8]) -> [UInt8] {
        identifier + [1] + MadeTags.big(body.count, 7) + body
    }

    @Test("Very many tags, chapters and attachments of Matroska cost no more, and a few tags are read")
    func matroska() throws {
        let plain = try tone(["-c:a", "flac", "-metadata", "title=Song"], "a.mka")
        let segment = try #require(plain.indices.first { plain[$0...].starts(with: [0x18, 0x53, 0x80, 0x67]) })
        let size = try #require(plain[segment + 4] == 1 ? 8 : nil)
        let start = segment + 4 + size
        let tag = (0..<(Self.count / 2)).flatMap { number in
            Self.element([0x67, 0xC8], Self.element([0x45, 0xA3], Array("N\(number)".utf8)) + Self.element([0x44, 0x87], [0x78]))
        }
        let tags = Self.element([0x12, 0x54, 0xC3, 0x67], Self.element([0x73, 0x73], Self.element([0x63, 0xC0], []) + tag))
        let chapters = (0..<20_000).flatMap { number in
            Self.element([0xB6], Self.element([0x73, 0xC4], MadeTags.big(20_000 - number, 4)) + Self.element([0x91], [0]))
        }
        let chapter = Self.element([0x10, 0x43, 0xA7, 0x70], Self.element([0x45, 0xB9], chapters))
        func seek(to place: Int) -> [UInt8] {
            let entry = Self.element([0x53, 0xAB], [0x12, 0x54, 0xC3, 0x67]) + Self.element([0x53, 0xAC], MadeTags.big(place, 4))
            return Self.element([0x11, 0x4D, 0x9B, 0x74], Self.element([0x4D, 0xBB], entry))
        }
        // The segment's size is open.
        let head = Array(plain[..<(segment + 4)]) + [1] + [UInt8](repeating: 0xFF, count: 7)
        let rest = Array(plain[start...])
        try expect(head + tags + chapter + rest, soundsAs: plain)
        let behind = seek(to: seek(to: 0).count + rest.count) + rest + tags
        try expect(head + behind, soundsAs: plain)
        #expect(try Sound(ingesting: plain).map.tags.title == "Song")
    }

    @Test("Very many tags that no demuxer sees cost no more: comments of FLAC, items of APE, ID3 in front")
    func others() throws {
        let flac = try tone([], "a.flac")
        let end = try FileViewTests.with(flac) { try #require(FLACHeader($0, at: 0)).frames }
        var head = Array(flac[..<42])
        head[4] &= 0x7F
        let block = [0x84] + MadeTags.big(Self.comments.count, 3) + Self.comments
        try expect(head + block + flac[end...], soundsAs: flac, title: "Song")
        let mp3 = try tone(["-id3v2_version", "0", "-write_xing", "0"], "a.mp3")
        let items = MadeTags.ape((0..<Self.count).map { ("N\($0)", [0x78], false) })
        try expect(mp3 + items, soundsAs: mp3)
        try expect(Self.id3 + mp3, soundsAs: mp3, title: "Song")
    }
}
