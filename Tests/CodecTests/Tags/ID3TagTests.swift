import Audio
import Testing

@testable import Codec

@Suite("ID3 tags are read in every version")
struct ID3TagTests {
    private typealias Made = MadeTags

    @Test("ID3 2.2, 2.3 and 2.4 give the same fields", arguments: [2, 3, 4] as [UInt8])
    func versions(_ version: UInt8) throws {
        let names =
            version == 2
            ? ["TT2", "TP1", "TP2", "TAL", "TRK", "TPA", "TCO", "TCM", "TRC", "TCP", "TST", "TSP", "TSA", "TS2", "TBP"]
            : [
                "TIT2", "TPE1", "TPE2", "TALB", "TRCK", "TPOS", "TCON", "TCOM", "TSRC", "TCMP", "TSOT", "TSOP", "TSOA", "TSO2",
                "TBPM"
            ]
        let texts = [
            "Tītle", "Artist", "Band", "Album", "3/12", "1/2", "Folk", "Composer", "USABC0412345", "1", "t", "a", "b", "d",
            "121"
        ]
        var body = zip(names, texts).flatMap { Made.text(version, $0, $1) }
        body += version == 4 ? Made.text(4, "TDRC", "2004-05-01T10:00") : []
        body += version == 4 ? Made.text(4, "TMOO", "Calm") + Made.text(4, "TSST", "Night") : []
        body += version == 3 ? Made.text(3, "TYER", "2004") + Made.text(3, "TDAT", "0105") : []
        body += version == 2 ? Made.text(2, "TYE", "2004") + Made.text(2, "TDA", "0105") : []
        let user = version == 2 ? "TXX" : "TXXX"
        let gain = Array("REPLAYGAIN_TRACK_GAIN".utf8) + [0] + Array("-6.54 dB".utf8)
        body += Made.frame(version, user, [0] + gain)
        body += Made.frame(
            version, user, [1] + Made.utf16("MusicBrainz Album Id") + [0, 0] + Made.utf16("25322466-A29B-417B-B560-399687B91DDD"))
        body += Made.frame(
            version, version == 2 ? "UFI" : "UFID",
            Array("http://musicbrainz.org\0cf639964-eabb-4c40-9673-c2117e456ea5".utf8))
        body += Made.frame(version, version == 2 ? "COM" : "COMM", Array("\0engiTunNORM\0 0000".utf8))
        body += Made.frame(version, version == 2 ? "COM" : "COMM", Array("\0eng\0A comment".utf8))
        body += Made.frame(version, version == 2 ? "ULT" : "USLT", Array("\0eng\0One\r\nTwo".utf8))
        let picture = version == 2 ? Array("\0PNG".utf8) : Array("\0image/png\0".utf8)
        body += Made.frame(version, version == 2 ? "PIC" : "APIC", picture + [0, 0] + Made.png(9, 9))
        body += Made.frame(version, version == 2 ? "PIC" : "APIC", picture + [3, 0x78, 0] + Made.png())
        let found = try TagFile(Made.id3(version, body) + [0, 1, 2]).read(.id3)
        var expected = TrackTags(
            title: "Tītle", artist: "Artist", albumArtist: "Band", album: "Album", track: 3, disc: 1, year: 2004, genres: ["Folk"]
        )
        expected.artists = ["Artist"]
        expected.albumArtists = ["Band"]
        expected.composers = ["Composer"]
        (expected.tempo, expected.moods, expected.discTitle) = (121, version == 4 ? ["Calm"] : [], version == 4 ? "Night" : "")
        (expected.trackTotal, expected.discTotal, expected.date) = (12, 2, "2004-05-01")
        (expected.isCompilation, expected.comment, expected.isrc) = (true, "A comment", "USABC0412345")
        (expected.titleSort, expected.artistSort, expected.albumSort, expected.albumArtistSort) = ("t", "a", "b", "d")
        expected.musicBrainz.release = "25322466-a29b-417b-b560-399687b91ddd"
        expected.musicBrainz.recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
        expected.replayGain.trackGain = -6.54
        expected.lyrics = TrackTags.Lyrics(text: "One\nTwo", isSynchronised: false)
        #expect(found.tags == expected)
        #expect(found.art?.picture == Picture(format: .png, width: 3, height: 2, bytes: Made.png().count))
        #expect(found.art?.bytes == Made.png())
    }

    /// `comma.mp3`, `space.mp3`.
    @Test(
        "ReplayGain is read with the decimal sign of any country, and nothing else",
        arguments: [
            ("-7,03 dB", -7.03), ("-7.03 dB", -7.03), (" -7.03dB", -7.03), ("+3,2", 3.2), ("0,98", 0.98), (",98", 0.98),
            ("-7 dB", -7), ("-7, dB", -7), ("9.8e-1", 0.98), ("9,8E-1", 0.98), ("5 extra", 5), ("5e", 5), ("0,5.", 0.5),
            ("1,234.5", nil), ("1,234,567", nil), ("1.2,3", 1.2), ("nan", nil), ("inf", nil), ("1e999", nil), ("-1e999", nil),
            (",", nil),
            ("--1", nil), ("1.2.3", nil), ("", nil), (" ", nil), ("0x10", 0), (String(repeating: "9", count: 5000), 1e32)
        ] as [(String, Double?)])
    func gains(_ text: String, _ value: Double?) throws {
        for version in [3, 4] as [UInt8] {
            let gain = Array("replaygain_track_gain\0".utf8) + Array(text.utf8)
            let tags = try TagFile(Made.id3(version, Made.frame(version, "TXXX", [0] + gain))).read(.id3).tags
            #expect(tags.replayGain.trackGain == value, "\(text)")
        }
    }

    @Test("Several values of one frame are all read")
    func values() throws {
        let body =
            Made.text(4, "TPE1", "A\0B\0A\0\0") + Made.text(4, "TCON", "17\0Own\0RX") + Made.text(4, "TCOM", "C/D")
        let tags = try TagFile(Made.id3(4, body)).read(.id3).tags
        #expect(tags.artists == ["A", "B"])
        #expect(tags.artist == "A, B")
        #expect(tags.genres == ["Rock", "Own", "Remix"])
        #expect(tags.composers == ["C/D"])
    }

    @Test(
        "Genres are read as numbers, as names and as both",
        arguments: [
            ("17", ["Rock"]), ("(17)", ["Rock"]), ("(51)(39)", ["Techno-Industrial", "Noise"]),
            ("(4)Eurodisco", ["Disco", "Eurodisco"]),
            ("(RX)", ["Remix"]), ("CR", ["Cover"]), ("((Foo)", ["(Foo)"]), ("(17)Rock", ["Rock"]), ("255", [""]),
            ("Folk; Rock", ["Folk; Rock"]), ("191", ["Psybient"]), ("2008", ["2008"])
        ])
    func genres(_ text: String, _ genres: [String]) {
        #expect(ID3Genre.genres(in: text) == genres)
    }

    @Test("Unsynchronisation, an extended header, a footer and a data length are understood")
    func flags() throws {
        // 0xFF 0xFE of the byte order mark, and 0xFF before a zero, are what it is for.
        let plain = Made.frame(3, "TIT2", [1] + Made.utf16("aÿ\u{FF}00")) + Made.text(3, "TPE1", "Artist")
        let stuffed = plain.reduce(into: [UInt8]()) { bytes, byte in
            if bytes.last == 0xFF, byte >= 0xE0 || byte == 0 { bytes.append(0) }
            bytes.append(byte)
        }
        for (flags, body) in [(0x80, stuffed), (0, plain), (0x80, plain)] as [(UInt8, [UInt8])] {
            let tags = try TagFile(Made.id3(3, flags: flags, body)).read(.id3).tags
            #expect(tags.title == "aÿÿ00" && tags.artist == "Artist", "\(flags)")
        }
        let extended3 = Made.big(6, 4) + Made.big(0, 6)
        #expect(try TagFile(Made.id3(3, flags: 0x40, extended3 + plain)).read(.id3).tags.artist == "Artist")
        let extended4 = Made.synchsafe(6) + [1, 0]
        let content = [1] + [0xFF, 0, 0xFE] + Made.utf16("Title", mark: false)
        let frames =
            Made.frame(4, "TIT2", flags: 0x03, Made.synchsafe(content.count - 1) + content) + Made.text(4, "TPE1", "Artist")
        let footed = Made.id3(4, flags: 0x50, extended4 + frames)
        let footer = Array("3DI".utf8) + footed[3..<10]
        let second = Made.id3(3, Made.text(3, "TALB", "Album") + Made.text(3, "TPE1", "Other"))
        let tags = try TagFile(footed + footer + second).read(.id3).tags
        #expect(tags.title == "Title" && tags.artist == "Artist" && tags.album == "Album")
        #expect(try TagFile([0xFF, 0xFB] + footed + footer).read(.id3).tags.title == "Title")
    }

    @Test("Frame sizes are read as iTunes wrote them into 2.4")
    func plainSizes() throws {
        let long = [3] + [UInt8](repeating: 0x61, count: 300)
        let frames = Made.frame(3, "TIT2", long) + Made.frame(3, "TPE1", Array("\u{3}Artist".utf8))
        #expect(try TagFile(Made.id3(4, frames)).read(.id3).tags.artist == "Artist")
    }

    @Test("Synchronised lyrics become lines of an .lrc file")
    func timedLyrics() throws {
        let head: [UInt8] = [3] + Array("eng".utf8) + [2, 1, 0]
        func piece(_ text: String, _ time: Int) -> [UInt8] { Array(text.utf8) + [0] + Made.big(time, 4) }
        let lines = Made.frame(4, "SYLT", head + piece("One", 1_340) + piece("Two", 62_500) + piece("", 70_000))
        var lyrics = try #require(try TagFile(Made.id3(4, lines)).read(.id3).tags.lyrics)
        #expect(lyrics.text == "[00:01.34]One\n[01:02.50]Two\n[01:10.00]" && lyrics.isSynchronised)
        let syllables = Made.frame(4, "SYLT", head + piece("Strang", 0) + piece("ers", 500) + piece("\nin", 6_000_000))
        lyrics = try #require(try TagFile(Made.id3(4, syllables)).read(.id3).tags.lyrics)
        #expect(lyrics.text == "[00:00.00]Strangers\n[100:00.00]in")
        #expect(
            TimedLyrics.areTimed("[ar:X]\n\n[1:02]a") && !TimedLyrics.areTimed("[Chorus]\nla")
                && !TimedLyrics.areTimed("a\n[00:01]b"))
    }

    @Test("A compressed frame is read")
    func compressed() throws {
        // Python's zlib.compress(b"\0Title of the song, the song, the song", 9)
        let zlib: [UInt8] = [
            0x78, 0xDA, 0x63, 0x08, 0xC9, 0x2C, 0xC9, 0x49, 0x55, 0xC8, 0x4F, 0x53, 0x28, 0xC9, 0x48, 0x55, 0x28, 0xCE, 0xCF,
            0x4B,
            0xD7, 0xC1, 0xC2, 0x02, 0x00, 0xF6, 0x3A, 0x0C, 0xF8
        ]
        let frame = Made.frame(3, "TIT2", flags: 0x80, Made.big(38, 4) + zlib)
        #expect(try TagFile(Made.id3(3, frame)).read(.id3).tags.title == "Title of the song, the song, the song")
    }

    @Test("ID3v1 fills what better tags leave empty")
    func oldest() throws {
        let old = Made.id3v1(
            title: Array("Old title".utf8), artist: Array("Old artist".utf8), album: Array("Old album".utf8), year: "1999",
            comment: "Old", track: 7, genre: 148)
        var tags = try TagFile(old).read(.id3).tags
        #expect(tags.title == "Old title" && tags.track == 7 && tags.year == 1999 && tags.comment == "Old")
        #expect(tags.genres == ["Abstract"])
        let ape = Made.ape([("Album", Array("APE album".utf8), false), ("Title", Array("APE title".utf8), false)])
        let new = Made.id3(4, Made.text(4, "TIT2", "New title"))
        tags = try TagFile(new + [0xFF, 0xFB, 0, 0] + ape + old).read(.id3).tags
        #expect(tags.title == "New title" && tags.album == "APE album" && tags.artist == "Old artist")
        tags = try TagFile(new + [0xFF, 0xFB, 0, 0] + ape + old).read(.ape).tags
        #expect(tags.title == "APE title")
    }
}
