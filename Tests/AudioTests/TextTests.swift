import Testing

@testable import Audio

/// What makes one Character of the scalar before it, or behind it.
private let marks = ["\u{301}", "\u{338}", "\u{200D}", "\u{FE0F}", "\u{1F3FD}", "\u{20DD}", "\u{903}", "\u{E0020}"]
private let prepended = ["\u{600}", "\u{110BD}"]

/// A text with `delimiter` in every company that hides it from a comparison of Characters.
private func hidden(_ delimiter: String) -> [String] {
    [delimiter] + marks.map { "a\(delimiter)\($0)b" } + prepended.map { "a\($0)\(delimiter)b" }
        + prepended.map { "\($0)\(delimiter)\u{301}" }
}

@Suite("Texts of strangers") struct TextTests {
    @Test(
        "A stranger's text leaves no markup, whatever stands beside a delimiter",
        arguments: ["<", ">", "&", "\"", "'", "\r\n", "\t", "\0", "\u{1B}"])
    func markup(delimiter: String) {
        for text in hidden(delimiter) {
            let bytes = text.markup.utf8
            #expect(!bytes.contains { $0 < 0x20 || "<>\"'".utf8.contains($0) }, "\(text.debugDescription)")
            let references = text.markup.pieces(at: "&", omittingEmpty: false).dropFirst()
            #expect(
                references.allSatisfy { text in
                    ["amp;", "lt;", "gt;", "quot;", "#"].contains { text.utf8.starts(with: $0.utf8) }
                })
        }
    }

    @Test(
        "A stranger's text is one line of a log",
        arguments: ["\n", "\r", "\r\n", "\u{1B}[2J", "\u{9B}31m", "\u{85}", "\u{2028}", "\u{202E}", "\u{2066}"])
    func oneLine(delimiter: String) {
        for text in hidden(delimiter) {
            let line = text.oneLine
            #expect(line.unicodeScalars.allSatisfy { !$0.isControl && !$0.turnsDirection }, "\(text.debugDescription)")
            #expect(line.oneLine == line)
        }
        #expect("a\u{1B}\n\u{202E}b".oneLine == #"a\u{1B}\n\u{202E}b"#)
        #expect("Für 🎵 \u{5D0}".oneLine == "Für 🎵 \u{5D0}")
    }

    @Test(
        "A file name made of a stranger's text has no separators, control characters or marks of direction",
        arguments: ["/", "\\", ":", "*", "?", "\"", "<", ">", "|", "\n", "\r\n", "\0", "\u{7F}", "\u{9B}", "\u{2029}", "\u{FFFF}"]
    )
    func fileName(delimiter: String) {
        for text in hidden(delimiter) {
            let portable = FileName.portable(text)
            #expect(portable.unicodeScalars.allSatisfy { !$0.isControl && !"/\\:*?\"<>|\u{FFFF}".unicodeScalars.contains($0) })
            let safe = FileName.safe(text)
            #expect(safe.unicodeScalars.allSatisfy { !$0.isControl && $0 != "/" && $0 != "\\" })
            #expect("x/\(portable)/y".pieces(at: "/").count == 3 && "x/\(portable)/y".split(separator: "/").count == 3)
        }
    }

    @Test("A file name made of a stranger's text is neither hidden, nor another folder, nor a device")
    func portable() {
        let names = [
            "": "_", ".": "_", "..": "_", "...": "_", ".a": "_.a", "a.": "a", "a. .": "a", " ": "_", "CON": "_CON",
            "con.b": "_con.b",
            "nul .x": "_nul .x", "LPT¹": "_LPT¹", "Conan": "Conan", "C:": "C_", "C:\\a": "C__a", "//a": "__a",
            "\u{202E}gpj.exe": "gpj.exe", "a\u{2066}b\u{2069}\u{200F}\u{61C}": "ab", "\u{202E}": "_", "\u{202E}..": "_",
            "👩\u{200D}🚀 a\u{301}": "👩\u{200D}🚀 a\u{301}", "\u{301}a": "_\u{301}a", "a\u{600}": "a\u{600}_", "a\tb": "a_b"
        ]
        for (text, name) in names { #expect(FileName.portable(text) == name, "\(text.debugDescription)") }
        for unit in ["a", "ü", "語", "🎵", "\u{301}"] {
            let name = FileName.portable(String(repeating: unit, count: 5000))
            #expect((97...103).contains(name.utf8.count) && !name.unicodeScalars.contains("\u{FFFD}"), "\(unit)")
        }
        // A single Character of any length is cut all the same, and at once.
        #expect(FileName.portable("a" + String(repeating: "\u{301}", count: 200_000)).utf8.count <= 102)
    }

    @Test("A text is divided at a separator and at nothing that looks like one", arguments: ["/", ",", ";", " ", "=", "\n"])
    func pieces(separator: Unicode.Scalar) {
        for (index, text) in hidden("\(separator)").enumerated() {
            #expect(text.pieces(at: separator, omittingEmpty: false).count == 2, "\(index)")
        }
        #expect("a\u{37E}b".pieces(at: ";") == ["a\u{37E}b"])
        #expect("a\r\nb".pieces(at: "\n") == ["a\r", "b"])
        #expect("/a//b/".pieces(at: "/") == ["a", "b"] && "a=b=c".pieces(at: "=", maxSplits: 1) == ["a", "b=c"])
        #expect("".pieces(at: "/").isEmpty && "".pieces(at: "/", omittingEmpty: false) == [""])
    }

    @Test("A text is cut between scalars", arguments: 0...9)
    func prefix(count: Int) {
        let text = "aü語🎵"
        let cut = text.prefix(bytes: count)
        #expect(cut.utf8.count <= count && text.utf8.starts(with: cut.utf8) && !cut.unicodeScalars.contains("\u{FFFD}"))
        #expect(count - cut.utf8.count < 4)
    }

    @Test("A text is a number if it is digits alone and fits")
    func digits() {
        for text in ["", "+5", "-5", " 5", "5 ", "5\u{301}", "٥", "５", "0x5", "5.0", "5e3", "5\0", "\u{600}5", "९"] {
            #expect(Int(digits: text) == nil && Int(clampingDigits: text.utf8) == nil, "\(text.debugDescription)")
        }
        for (text, value) in ["0": 0, "007": 7, "5": 5, "\(Int.max)": Int.max] { #expect(Int(digits: text) == value) }
        for text in ["9223372036854775808", "99999999999999999999999", String(repeating: "9", count: 100_000)] {
            #expect(Int(digits: text) == nil && Int(clampingDigits: text.utf8) == .max)
        }
        #expect(UInt16(digits: "65535") == 65_535 && UInt16(digits: "65536") == nil && UInt8(digits: "256".utf8) == nil)
    }

    @Test("A playlist's title is one line of what the API takes")
    func playlistTitle() {
        func title(_ name: String, _ file: String) -> String {
            M3U(Array("#PLAYLIST:\(name)\nx.mp3\n".utf8)).title(fileName: file)
        }
        #expect(title("A\u{1B}[2J\u{2028}B", "c.m3u") == "A [2J B")
        #expect(title("\u{7}", "so\nng.m3u8") == "so ng" && title("", ".m3u") == ".m3u" && title("", "\u{1}") == "Playlist")
        #expect(title("", "a\u{600}.m3u") == "a\u{600}")
        #expect(title(String(repeating: "e\u{301}", count: 400), "a.m3u").utf8.count <= 500)
        #expect(
            FileKind(name: "song\u{600}.mp3") == .sound && FileKind(name: "song.mp3") == .sound && M3U.isNamed("a\u{600}.M3U"))
        #expect(FileKind.stem("a.\u{301}mp3.flac") == "a.\u{301}mp3")
    }
}
