import Audio
import Testing

@testable import Codec

@Suite("Tags of the other formats are read")
struct TagFormatTests {
    private typealias Made = MadeTags
    private static let texts = [
        "TITLE=Title", "artist=A", "ARTIST=B", "ARTISTS=A1", "ALBUMARTIST=Band", "ALBUM=Album", "TRACKNUMBER=03",
        "TOTALTRACKS=12",
        "DISCNUMBER=1/2", "DATE=2004-05-01", "GENRE=Rock", "GENRE=Folk;Pop", "COMPILATION=1", "DESCRIPTION=Not this",
        "COMMENT=This",
        "LYRICS=[00:01.00]One\n[00:02.00]Two", "MUSICBRAINZ_TRACKID=cf639964-eabb-4c40-9673-c2117e456ea5",
        "MUSICBRAINZ_ARTISTID=not one", "REPLAYGAIN_ALBUM_PEAK=0.988", "R128_TRACK_GAIN=-1280", "CUESHEET=FILE x\n  TRACK 01",
        "X",
        "BPM=120.6", "MOOD=Calm", "mood=Happy", "DISCSUBTITLE=Night"
    ]

    private func check(_ tags: TrackTags) {
        var expected = TrackTags(
            title: "Title", artist: "A, B", albumArtist: "Band", album: "Album", track: 3, disc: 1, year: 2004,
            genres: ["Rock", "Folk", "Pop"])
        (expected.artists, expected.albumArtists) = (["A1"], ["Band"])
        (expected.trackTotal, expected.discTotal, expected.date) = (12, 2, "2004-05-01")
        (expected.isCompilation, expected.comment) = (true, "This")
        (expected.tempo, expected.moods, expected.discTitle) = (121, ["Calm", "Happy"], "Night")
        expected.lyrics = TrackTags.Lyrics(text: "[00:01.00]One\n[00:02.00]Two", isSynchronised: true)
        expected.musicBrainz.recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
        (expected.replayGain.albumPeak, expected.replayGain.trackGain) = (0.988, 0)
        expected.cueSheet = "FILE x\n  TRACK 01"
        #expect(tags == expected)
    }

    @Test("FLAC's tags are read, behind an ID3 tag too, with its pictures and cue sheet")
    func flac() throws {
        let front = Made.pictureBlock(3, Made.png())
        let file = Made.flac([(6, Made.pictureBlock(4, Made.jpeg(5, 6))), (4, Made.comments(Self.texts)), (6, front)])
        var found = try TagFile(file).read(.flac)
        check(found.tags)
        #expect(found.art?.bytes == Made.png())
        found = try TagFile(Made.id3(4, Made.text(4, "TIT2", "Other") + Made.text(4, "TSRC", "X")) + file).read(.flac)
        #expect(found.tags.title == "Title" && found.tags.isrc == "X")
        let track =
            Made.big(588, 8) + [1] + Array("USABC0412345".utf8) + Made.big(0, 14) + [1] + Made.big(44_100, 8) + [1]
            + Made.big(0, 3)
        let leadOut = Made.big(0, 8) + [170] + Made.big(0, 27)
        let sheet = Array("123".utf8) + Made.big(0, 125 + 8 + 259) + [2] + track + leadOut
        let text = try TagFile(Made.flac([(5, sheet)])).read(.flac).tags.cueSheet
        #expect(
            text == "CATALOG 123\nFILE \"\" WAVE\n  TRACK 01 AUDIO\n    ISRC USABC0412345\n    INDEX 01 00:01:01")
    }

    @Test("The tags of Ogg's formats are read from a comment packet over pages of any size", arguments: [1, 2, 255])
    func ogg(_ segments: Int) throws {
        let art = Base64Text.encoded(Made.pictureBlock(3, Made.png(padding: 3000)))
        let comments = Made.comments(Self.texts + ["METADATA_BLOCK_PICTURE=\(art)"])
        let streams: [[[UInt8]]] = [
            [Array("\u{1}vorbis".utf8) + Made.big(0, 23), Array("\u{3}vorbis".utf8) + comments + [1]],
            [Array("OpusHead".utf8) + Made.big(0, 11), Array("OpusTags".utf8) + comments],
            [Array("Speex   ".utf8) + Made.big(0, 72), comments],
            [
                [0x7F] + Array("FLAC".utf8) + Made.big(0, 46), [4] + Made.big(comments.count, 3) + comments,
                [0x86] + Made.big(0, 3), [0xFF, 0xF8]
            ]
        ]
        for packets in streams {
            let found = try TagFile(Made.ogg(packets + [Made.big(0, 700)], segments: segments)).read(.ogg)
            check(found.tags)
            #expect(found.art?.bytes == Made.png(padding: 3000))
        }
        let old = Made.comments(["COVERART=\(Base64Text.encoded(Made.jpeg(5, 6)))", "COVERARTMIME=image/jpeg"])
        let found = try TagFile(Made.ogg([Array("OpusHead".utf8), Array("OpusTags".utf8) + old])).read(.ogg)
        #expect(found.art?.picture == Picture(format: .jpeg, width: 5, height: 6, bytes: Made.jpeg(5, 6).count))
    }

    @Test("APEv2 is read at the end, before ID3v1, and at the start")
    func ape() throws {
        let items: [(String, [UInt8], binary: Bool)] = [
            ("Title", Array("Title".utf8), false), ("Artist", Array("A\0B".utf8), false), ("Track", Array("3/12".utf8), false),
            ("Year", Array("2004".utf8), false), ("Album Artist", Array("Band".utf8), false),
            ("Cover Art (Front)", Array("x.png\0".utf8) + Made.png(), true), ("Cover Art (Back)", [1, 2, 3], true)
        ]
        let old = Made.id3v1(title: Array("Old".utf8))
        for header in [true, false] {
            let tag = Made.ape(items, header: header)
            for file in [[1, 2, 3] + tag, [1, 2, 3] + tag + old] + (header ? [tag + [1, 2, 3]] : []) {
                let found = try TagFile(file).read(.ape)
                #expect(found.tags.title == "Title" && found.tags.artists == ["A", "B"] && found.tags.albumArtist == "Band")
                #expect(found.tags.track == 3 && found.tags.trackTotal == 12 && found.tags.year == 2004)
                #expect(found.art?.bytes == Made.png())
            }
        }
    }

    @Test("The tags of MP4 are read, with its movie box anywhere and of any kind", arguments: [false, true], [false, true])
    func mp4(_ isLong: Bool, _ isFull: Bool) throws {
        func text(_ name: String, _ text: String) -> [UInt8] { Made.item(name, Array(text.utf8)) }
        let items =
            text("©nam", "Tïtle") + text("©ART", "A") + text("aART", "Band") + text("©alb", "Album")
            + text("©day", "2004-05-01T07:00:00Z")
            + Made.item("trkn", type: 0, Made.big(3, 4) + Made.big(12, 2) + [0, 0])
            + Made.item("disk", type: 0, Made.big(1, 4) + Made.big(2, 2))
            + Made.item("gnre", type: 0, [0, 18]) + Made.item("cpil", type: 21, [1]) + text("soal", "sort")
            + Made.item("tmpo", type: 21, [0, 121]) + Made.freeform("MOOD", "Calm") + Made.freeform("DISCSUBTITLE", "Night")
            + text("©lyr", "One\rTwo")
            + Made.freeform("MusicBrainz Track Id", "cf639964-eabb-4c40-9673-c2117e456ea5") + Made.freeform("ARTISTS", "A1")
            + Made.item("covr", type: 14, Made.png())
        let found = try TagFile(Made.mp4(items, full: isFull, long: isLong, movieLast: isLong)).read(.mp4)
        let tags = found.tags
        #expect(tags.title == "Tïtle" && tags.artist == "A" && tags.artists == ["A1"] && tags.albumArtist == "Band")
        #expect(tags.album == "Album" && tags.date == "2004-05-01" && tags.year == 2004 && tags.albumSort == "sort")
        #expect(tags.track == 3 && tags.trackTotal == 12 && tags.disc == 1 && tags.discTotal == 2 && tags.isCompilation)
        #expect(tags.genres == ["Rock"] && tags.lyrics?.text == "One\nTwo")
        #expect(tags.tempo == 121 && tags.moods == ["Calm"] && tags.discTitle == "Night")
        #expect(tags.musicBrainz.recording == "cf639964-eabb-4c40-9673-c2117e456ea5")
        #expect(found.art?.bytes == Made.png())
    }

    @Test("ASF's three kinds of description are read")
    func asf() throws {
        func object(_ guid: [UInt8], _ body: [UInt8]) -> [UInt8] { guid + Made.little(body.count + 24, 8) + body }
        func wide(_ text: String) -> [UInt8] { Made.utf16(text + "\0", mark: false) }
        func attribute(_ name: String, _ type: Int, _ value: [UInt8]) -> [UInt8] {
            Made.little(wide(name).count, 2) + wide(name) + Made.little(type, 2) + Made.little(value.count, 2) + value
        }
        func long(_ name: String, _ type: Int, _ value: [UInt8]) -> [UInt8] {
            Made.big(0, 4) + Made.little(wide(name).count, 2) + Made.little(type, 2) + Made.little(value.count, 4) + wide(name)
                + value
        }
        let plain = ["Title", "A", "", "Comment", ""].map(wide)
        let picture = [3] + Made.little(Made.png().count, 4) + wide("image/png") + wide("") + Made.png()
        let extended =
            Made.little(5, 2) + attribute("WM/BeatsPerMinute", 0, wide("121")) + attribute("WM/AlbumTitle", 0, wide("Album"))
            + attribute("WM/TrackNumber", 3, Made.little(3, 4))
            + attribute("WM/IsCompilation", 2, Made.little(1, 4)) + attribute("WM/Year", 0, wide("2004"))
        let library = Made.little(2, 2) + long("Author", 0, wide("B")) + long("WM/Picture", 1, picture)
        let objects =
            object(ASFObject.headerExtension, Made.big(0, 22) + object(ASFObject.descriptions[3], library))
            + object(ASFObject.extendedContentDescription, extended)
            + object(ASFObject.contentDescription, plain.flatMap { Made.little($0.count, 2) } + plain.flatMap { $0 })
        let file = ASFObject.header + Made.little(objects.count + 30, 8) + Made.little(3, 4) + [1, 2] + objects
        let found = try TagFile(file).read(.asf)
        #expect(found.tags.title == "Title" && found.tags.artists == ["A", "B"] && found.tags.comment == "Comment")
        #expect(found.tags.tempo == 121)
        #expect(found.tags.album == "Album" && found.tags.track == 3 && found.tags.isCompilation && found.tags.year == 2004)
        #expect(found.art?.bytes == Made.png())
    }

    @Test("The own chunks of WAV and AIFF are read behind an ID3 tag in one")
    func chunks() throws {
        let id3 = Made.id3(3, Made.text(3, "TIT2", "ID3 title"))
        let info = Made.chunk(
            "LIST",
            Array("INFO".utf8) + Made.chunk("INAM", Array("Title\0".utf8)) + Made.chunk("IART", Array("Artist\0".utf8))
                + Made.chunk("IPRD", Array("Album\0".utf8)) + Made.chunk("ITRK", Array("3\0".utf8))
                + Made.chunk("ICRD", Array("2004\0".utf8)))
        let sound = Made.chunk("data", Made.big(0, 33))
        var tags = try TagFile(Made.wav(sound + info)).read(.wav).tags
        #expect(tags.title == "Title" && tags.artist == "Artist" && tags.album == "Album" && tags.track == 3 && tags.year == 2004)
        tags = try TagFile(Made.wav(info + sound + Made.chunk("id3 ", id3))).read(.wav).tags
        #expect(tags.title == "ID3 title" && tags.artist == "Artist")
        let long = Array("RF64".utf8) + Made.big(0xFFFF_FFFF, 4) + Array("WAVE".utf8)
        let sizes = Made.chunk("ds64", Made.little(0, 8) + Made.little(34, 8) + Made.little(0, 12))
        let data = Array("data".utf8) + Made.little(0xFFFF_FFFF, 4) + Made.big(0, 34)
        #expect(try TagFile(long + sizes + data + info).read(.wav).tags.title == "Title")
        let names = Made.chunk("NAME", Array("Title".utf8), big: true) + Made.chunk("AUTH", Array("Artist".utf8), big: true)
        tags = try TagFile(Made.aiff(names + Made.chunk("ANNO", Array("Note".utf8), big: true))).read(.aiff).tags
        #expect(tags.title == "Title" && tags.artist == "Artist" && tags.comment == "Note")
        tags = try TagFile(Made.aiff(names + Made.chunk("ID3 ", id3, big: true))).read(.aiff).tags
        #expect(tags.title == "ID3 title" && tags.artist == "Artist")
    }
}
