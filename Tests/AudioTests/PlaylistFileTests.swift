import Testing

@testable import Audio

@Suite("A playlist file") struct PlaylistFileTests {
    /// What there is in the folder of the playlist, which is `/music/lists`, and around it.
    private static let files = [
        "/music/lists/Génève.mp3", "/music/lists/Über.mp3", "/music/lists/sp ace #1.mp3", "/music/lists/sub/plain.mp3",
        "/music/lists/Жить.mp3", "/music/lists/Żółć.mp3", "/music/lists/Ελλάδα.mp3", "/music/lists/İstanbul.mp3",
        "/music/lists/100%25.mp3", "/music/lists/a:b.mp3", "/music/lists/back\\slash.mp3", "/music/one.mp3",
        "/music/Artist/Album/01.mp3", "/music/Artist/Other/01.mp3", "/music/Artist/Album/Only.MP3", "/other/three.ogg",
        // Decomposed, as macOS writes it.
        "/music/lists/Cafe\u{301}.mp3", "/music/Bjo\u{308}rk/Jo\u{301}ga.mp3"
    ]

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func found(_ bytes: [UInt8], among files: [String] = files) -> [String?] {
        var known = KnownPaths(files.map { Array($0.utf8) })
        return M3U(bytes).entries.map { entry in
            known.place(of: entry, in: Array("/music/lists".utf8)).map { files[$0] }
        }
    }

    private func relative(_ text: String) -> String? {
        found(bytes(text)).first.flatMap(\.self)?.replacing("/music/lists/", with: "")
    }

    /// A text of one of the code pages, in its bytes.
    private func bytes(_ text: String, inCodePage place: Int) throws -> [UInt8] {
        try text.unicodeScalars.map { scalar in
            try #require((0...255).map(UInt8.init).first { CodePage.all[place].text([$0])?.unicodeScalars.first == scalar })
        }
    }

    @Test(
        "A playlist file is read in the code page in which its names are found (airsonic#646)",
        arguments: [(0, "Génève.mp3"), (0, "Über.mp3"), (1, "Żółć.mp3"), (2, "Жить.mp3"), (3, "Ελλάδα.mp3"), (4, "İstanbul.mp3")])
    func codePages(place: Int, name: String) throws {
        let line = try bytes(name, inCodePage: place)
        #expect(String(validating: line, as: UTF8.self) == nil)
        #expect(found(bytes("#EXTM3U\r\n#EXTINF:1,x\r\n") + line + bytes("\r\n")) == ["/music/lists/" + name])
    }

    @Test("A playlist file may be in UTF-8 or UTF-16, with a byte order mark or without", arguments: [true, false], [true, false])
    func unicode(isBig: Bool, isMarked: Bool) {
        let text = "#EXTM3U\r\nÜber.mp3\r\nЖить.mp3\r\n"
        let wide = (isMarked ? [0xFEFF] : []) + Array(text.utf16)
        let utf16 = wide.flatMap { unit in
            let pair = [UInt8(unit >> 8), UInt8(unit & 0xFF)]
            return isBig ? pair : pair.reversed()
        }
        for bytes in [utf16, (isMarked ? [0xEF, 0xBB, 0xBF] : []) + Array(text.utf8)] {
            #expect(found(bytes) == ["/music/lists/Über.mp3", "/music/lists/Жить.mp3"])
        }
    }

    @Test(
        "A playlist file's entries name files however they are written",
        arguments: [
            // navidrome#4385: composed for decomposed, and the other way round.
            ("Caf\u{E9}.mp3", "Cafe\u{301}.mp3"), ("../Bj\u{F6}rk/J\u{F3}ga.mp3", "/music/Bjo\u{308}rk/Jo\u{301}ga.mp3"),
            ("U\u{308}ber.mp3", "Über.mp3"),
            ("sp%20ace%20%231.mp3", "sp ace #1.mp3"), ("%C3%9Cber.mp3", "Über.mp3"), ("%DCber.mp3", "Über.mp3"),
            ("100%25.mp3", "100%25.mp3"), ("Caf%C3%A9.mp3", "Cafe\u{301}.mp3"),
            ("file:///music/lists/%C3%9Cber.mp3", "Über.mp3"), ("file://localhost/music/lists/%C3%9Cber.mp3", "Über.mp3"),
            ("FILE:///music/lists/sp ace #1.mp3", "sp ace #1.mp3"), ("file:/music/one.mp3", "/music/one.mp3"),
            ("file:Über.mp3", "Über.mp3"), ("file:///C:/Musik/lists/sub/plain.mp3", "sub/plain.mp3"),
            ("file:///C|/x/sub/plain.mp3", "sub/plain.mp3"), ("file://C:/x/sub/plain.mp3", "sub/plain.mp3"),
            ("file:///C:%5CMusik%5Csub%5Cplain.mp3", "sub/plain.mp3"), ("file:\\\\\\C:\\x\\sub\\plain.mp3", "sub/plain.mp3"),
            ("sub\\plain.mp3", "sub/plain.mp3"), (".\\sub\\plain.mp3", "sub/plain.mp3"), ("..\\one.mp3", "/music/one.mp3"),
            ("sub\\..\\..\\Artist/Album\\01.mp3", "/music/Artist/Album/01.mp3"), ("back\\slash.mp3", "back\\slash.mp3"),
            ("./sub/../sub//plain.mp3", "sub/plain.mp3"), ("../one.mp3", "/music/one.mp3"),
            ("/other/three.ogg", "/other/three.ogg"),
            ("a:b.mp3", "a:b.mp3"), ("Artist/Album/01.mp3", "/music/Artist/Album/01.mp3"),
            ("C:\\Musik\\Artist\\Album\\01.mp3", "/music/Artist/Album/01.mp3"), ("c:/sub/plain.mp3", "sub/plain.mp3"),
            ("C:Über.mp3", "Über.mp3"), ("D:\\Über.mp3", "Über.mp3"),
            ("\\\\server\\share\\Album\\01.mp3", "/music/Artist/Album/01.mp3"),
            ("/home/me/Music/Artist/Other/01.mp3", "/music/Artist/Other/01.mp3"),
            ("SUB\\Plain.MP3", "sub/plain.mp3"), ("über.mp3", "Über.mp3"), ("  sub/plain.mp3\t", "sub/plain.mp3")
        ])
    func written(entry: String, file: String) {
        #expect(relative(entry) == file)
    }

    @Test(
        "An entry names nothing that is not among the files",
        arguments: [
            "/etc/passwd", "../../../../../../etc/passwd", "file:///etc/passwd", "nothing.mp3", "sub", "..", ".", "01.mp3",
            "/x/01.mp3",
            "../sub/plain.mp3", "../../lists/nothing/plain.mp3", "plain.mp3", "C:\\", "file://", "%00", "sub/plain.mp3/",
            "sub/plain.mp3\0x"
        ])
    func absent(entry: String) {
        let expected: String? = entry == "sub/plain.mp3/" ? "sub/plain.mp3" : nil
        #expect(relative(entry) == expected)
    }

    @Test("A file with exactly the entry's name is preferred to one with the same name in another form")
    func exact() {
        let files = ["/music/lists/e\u{301}.mp3", "/music/lists/\u{E9}.mp3", "/music/lists/A.mp3", "/music/lists/a.mp3"]
        let text = files.map { $0.replacing("/music/lists/", with: "") }.joined(separator: "\n")
        let places = found(bytes(text), among: files)
        #expect(places.compactMap { $0.map { Array($0.utf8) } } == files.map { Array($0.utf8) })
    }

    @Test("A file whose name is not UTF-8 is found by its bytes")
    func raw() {
        let name: [UInt8] = [0xF6, 0xFF] + bytes(".mp3")
        var known = KnownPaths([bytes("/music/lists/") + name, bytes("/music/lists/\u{FFFD}\u{FFFD}.mp3")])
        #expect(known.place(of: M3U.Entry(line: 1, bytes: name), in: bytes("/music/lists")) == 0)
        #expect(known.place(of: M3U.Entry(line: 1, bytes: [0xF7, 0xFF] + bytes(".mp3")), in: bytes("/music/lists")) == nil)
    }

    @Test("A playlist file gives its name, and its entries with their lines; addresses are no entries")
    func lines() {
        let list = M3U(
            bytes(
                "\u{FEFF}#EXTM3U\r\n#PLAYLIST: Für Elise \r\n#EXTINF:1,A - B\r\none.mp3\r\n\r\nhttp://a/b.mp3\rtwo.mp3\n#x\nthree.mp3"
            ))
        #expect(list.name == "Für Elise")
        #expect(list.entries.map(\.text) == ["one.mp3", "two.mp3", "three.mp3"])
        #expect(list.entries.map(\.line) == [4, 7, 9])
        #expect(M3U(bytes("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n0.ts\n")).entries.isEmpty)
        #expect(M3U(bytes("#PLAYLIST:F") + [0xFC] + bytes("r\n")).name == "Für")
        #expect(M3U(bytes("#PLAYLIST:  \n")).name == nil && M3U([]).entries.isEmpty)
    }

    @Test("A hostile playlist file costs little and never traps")
    func hostile() {
        let long = String(repeating: "a\\%41:", count: 5000)
        #expect(M3U(bytes(long)).entries.isEmpty)
        #expect(M3U(Array(repeating: UInt8(ascii: "\n"), count: 1 << 20)).entries.isEmpty)
        let deep = String(repeating: "../", count: 2000) + String(repeating: "a/", count: 1000) + "x.mp3\n"
        #expect(found(bytes(deep)) == [nil])
        #expect(M3U(bytes(String(repeating: "x\n", count: 50_000))).entries.count == M3U.mostEntries)
        for count in 0..<5 {
            for byte: UInt8 in [0, 0x25, 0x5C, 0x3A, 0xFF, 0xFE, 0x2F] { _ = found(Array(repeating: byte, count: count)) }
        }
    }
}
