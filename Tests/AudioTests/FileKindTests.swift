import Testing

@testable import Audio

@Suite("Kinds of files in a music folder") struct FileKindTests {
    @Test(
        "A file's name tells its kind, or leaves it to the first bytes",
        arguments: [
            ("a.mp3", .sound), ("A.FLAC", .sound), ("a.webm", .unknown), ("a.weba", .unknown), ("a.mkv", .unknown),
            ("a.mov", .unknown),
            ("a", .unknown), ("a.xyz", .unknown), ("a.", .unknown), ("01. Song", .unknown), ("cover.JPG", .picture),
            ("a.m3u8", .playlist),
            ("a.m3u", .playlist), ("a.pls", .otherPlaylist), ("a.cue", .cueSheet), ("a.lrc", .lyrics),
            ("a.mp3.part", .unfinished),
            ("a.mp3~", .unfinished), ("a.tar.gz", .archive), ("notes.txt", .text), ("rip.log", .text), ("b.pdf", .document)
        ] as [(String, FileKind)])
    func names(name: String, kind: FileKind) {
        #expect(FileKind(name: name) == kind)
    }

    @Test("The extension of a file that may hold sound is no part of its title")
    func stems() {
        let names = ["a.mp3", "a.webm", "a.b.mka", "a.xyz", ".mp3", "a", "02. Song"]
        #expect(names.map { String(FileKind.stem($0[...])) } == ["a", "a", "a.b", "a.xyz", ".mp3", "a", "02. Song"])
    }

    private func frames(_ head: [UInt8], size: Int, count: Int = 12) -> [UInt8] {
        (0..<count).flatMap { _ in head + [UInt8](repeating: 0x55, count: size - head.count) }
    }

    @Test("The first bytes of sound are recognised")
    func sound() {
        let heads: [[UInt8]] = [
            Array("RIFF\0\0\0\0WAVEfmt ".utf8), Array("RF64\0\0\0\0WAVE".utf8), Array("FORM\0\0\0\0AIFF".utf8),
            Array("fLaC".utf8),
            Array("OggS".utf8), Array("ID3\u{4}".utf8), Array("\0\0\0\u{18}ftypM4A ".utf8), Array("\0\0\0\u{18}ftypisom".utf8),
            [0x1A, 0x45, 0xDF, 0xA3, 0x9F], Array("wvpk".utf8), Array("caff".utf8),
            // MP3 of 128 kbit/s at 44.1 kHz and of 64 at 24; MP2 of 192 at 48; ADTS.
            frames([0xFF, 0xFB, 0x90, 0x00], size: 417), frames([0xFF, 0xF3, 0x84, 0x00], size: 192),
            frames([0xFF, 0xFD, 0xA4, 0x00], size: 576), frames([0xFF, 0xF1, 0x50, 0x80, 0x20, 0x1F, 0xFC], size: 256),
            [UInt8](repeating: 0, count: 700) + frames([0xFF, 0xFB, 0x90, 0x00], size: 417)
        ]
        for head in heads { #expect(SoundSignature.isPlausible(Array(head.prefix(SoundSignature.bytes))), "\(head.prefix(12))") }
    }

    @Test("First bytes of other files are not taken for sound")
    func others() {
        let heads: [[UInt8]] = [
            [], [0], [0xFF], [0xFF, 0xFB], [0xFF, 0xFB, 0x90, 0x00], [0xFF, 0xD8, 0xFF, 0xE0, 0, 16, 0x4A, 0x46],
            Array("RIFF\0\0\0\0AVI ".utf8),
            Array("\0\0\0\u{18}ftypheic".utf8), Array("\0\0\0\u{18}ftypavif".utf8), Array("RIFF\0\0\0\0WEBP".utf8),
            Array("%PDF-1.4".utf8),
            [UInt8](repeating: 0, count: 4096), [UInt8](repeating: 0xFF, count: 4096), Array("#EXTM3U\n".utf8),
            Array("PK\u{3}\u{4}".utf8),
            frames([0xFF, 0xFB, 0x90, 0x00], size: 418), [0xFF, 0xFE] + Array("a\0b\0".utf8)
        ]
        for head in heads { #expect(!SoundSignature.isPlausible(head), "\(head.prefix(12))") }
    }
}
