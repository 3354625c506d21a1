import Audio
import Foundation
import TestSupport
import Testing

@testable import Codec

@Suite("Texts are clean, composed, and in the character set they were written in", .tags(.oracle))
struct TagTextTests {
    private typealias Made = MadeTags

    /// Python's unicodedata is the judge: Foundation's composition turns U+1113 U+1161 U+11A8 into U+D7A5.
    @Test("Composition is Unicode's, for every scalar with another form and for scalars with marks")
    func composition() throws {
        let marks: [[Unicode.Scalar]] = [
            [], ["\u{301}"], ["\u{323}"], ["\u{308}", "\u{304}"], ["\u{327}", "\u{30C}"], ["\u{30C}", "\u{327}"], ["\u{3099}"],
            ["\u{1161}", "\u{11A8}"], ["\u{345}"]
        ]
        var texts: [[Unicode.Scalar]] = []
        let others = CompositionTable.decompositions.keys.filter { $0.value >= 0x1200 }.sorted()
        let hangul = stride(from: UInt32(0xAC00), to: 0xD7A4, by: 97).compactMap(Unicode.Scalar.init)
        for scalar in (UInt32(0x20)..<0x1200).compactMap(Unicode.Scalar.init) + others + hangul {
            guard let age = scalar.properties.age, age.major <= 14 else { continue }
            texts += marks.map { [scalar] + $0 } + [[scalar, "\u{300}", scalar]]
        }
        let lines = texts.map { $0.map { String($0.value, radix: 16) }.joined(separator: " ") }
        let input = Data((lines.joined(separator: "\n") + "\n").utf8)
        let answers = try Tools.python("composed.py", input: input).split(separator: 0x0A, omittingEmptySubsequences: false)
            .dropLast()
        try #require(answers.count == texts.count)
        for (text, answer) in zip(texts, answers) {
            var view = String.UnicodeScalarView()
            view.append(contentsOf: text)
            let composed = ComposedText.composed(String(view)).unicodeScalars.map { String($0.value, radix: 16) }
            if !composed.joined(separator: " ").utf8.elementsEqual(answer) { Issue.record("\(text.map(\.value))") }
        }
    }

    @Test(
        "A text loses its control characters, surplus white space and line ends, and is bounded",
        arguments: [
            ("  A \u{7}title\0 ", "A title"), ("a\r\nb\nc\td", "a b c d"), ("\u{FEFF}\u{FEFF}x", "x"), ("e\u{301}", "é"),
            (" \n ", ""),
            (String(repeating: "é", count: 2000), String(repeating: "é", count: 1024)), ("a\u{85}b\u{9F}", "ab")
        ])
    func cleaning(_ raw: String, _ clean: String) {
        #expect(Array(CleanText.clean(raw).utf8) == Array(clean.utf8))
    }

    @Test("Lyrics keep their lines and 64 KiB")
    func lines() {
        #expect(CleanText.clean(" a\r\nb\rc \u{7}", lines: true) == "a\nb\nc")
        let long = CleanText.clean(String(repeating: "€", count: 30_000), lines: true)
        #expect(long.utf8.count == 65_535 && long.allSatisfy { $0 == "€" })
    }

    @Test(
        "Undeclared text is repaired only if its character set is certain",
        arguments: [
            // Honest Latin-1 stays.
            (["Motörhead", "Café"], "latin1"), (["Ñandú", "ÀÉÎ"], "latin1"), (["Déjà vu", "ÄÖÜ"], "latin1"),
            (["Motörhead", "Café"], "utf8"), (["Кино", "Группа крови"], "utf8"),
            (["Кино", "Группа крови", "Звезда по имени Солнце"], "windows1251"),
            (["АЛЛА ПУГАЧЁВА", "Миллион алых роз"], "windows1251"),
            (["“Heroes”", "Don’t Stop…"], "windows1252"), (["Œuvres — Žižek"], "windows1252"),
            (["サンプルのタイトル", "宇多田ヒカル"], "shiftJIS")
        ])
    func repair(_ texts: [String], _ encoding: String) throws {
        let foundation: String.Encoding =
            switch encoding {
            case "latin1": .isoLatin1
            case "windows1251": .windowsCP1251
            case "windows1252": .windowsCP1252
            case "shiftJIS": .shiftJIS
            default: .utf8
            }
        let fields = try texts.map { Array(try #require($0.data(using: foundation))) }
        let reading = CharsetGuess(fields)
        #expect(fields.map(reading.text) == texts)
    }

    @Test("Text of an uncertain character set stays as declared")
    func uncertainty() {
        // One Cyrillic word, KOI8-R, Greek, half-width katakana, Chinese in GBK.
        let fields: [[UInt8]] = [
            [0xCA, 0xE8, 0xED, 0xEE],
            [0xE7, 0xD2, 0xD5, 0xD0, 0xD0, 0xC1, 0x20, 0xCB, 0xD2, 0xCF, 0xD7, 0xC9, 0x20, 0xEB, 0xC9, 0xCE, 0xCF],
            [0xC1, 0xE3, 0xE1, 0xF0, 0xE7, 0x20, 0xEC, 0xEF, 0xF5, 0x20, 0xF3, 0xE5, 0x20, 0xF7, 0xDC, 0xED, 0xF9],
            [0xB1, 0xB2, 0xB3, 0xB4, 0xB5], [0xC4, 0xE3, 0xBA, 0xC3, 0xCA, 0xC0, 0xBD, 0xE7]
        ]
        for field in fields { #expect(CharsetGuess([field]).encoding == .latin1, "\(field)") }
    }

    @Test("Text is repaired in ID3v1, ID3v2 and RIFF")
    func reach() throws {
        let title = try #require("Звезда по имени Солнце".data(using: .windowsCP1251))
        let bytes = Array(title)
        #expect(try TagFile(Made.id3v1(title: bytes)).read(.id3).tags.title == "Звезда по имени Солнце")
        #expect(try TagFile(Made.id3(3, Made.latin(3, "TIT2", bytes))).read(.id3).tags.title == "Звезда по имени Солнце")
        let info = Made.chunk("LIST", Array("INFO".utf8) + Made.chunk("INAM", bytes + [0]))
        #expect(try TagFile(Made.wav(info)).read(.wav).tags.title == "Звезда по имени Солнце")
        #expect(try TagFile(Made.id3(3, Made.latin(3, "TIT2", Array("Café".utf8)))).read(.id3).tags.title == "Café")
        #expect(try TagFile(Made.id3(3, Made.latin(3, "TIT2", [0x43, 0xE9]))).read(.id3).tags.title == "Cé")
    }

    @Test(
        "Dates are read with their years",
        arguments: [
            ("2004", "2004", 2004), ("2004-05-01T10:00", "2004-05-01", 2004), ("2004/05/01", "2004-05-01", 2004),
            ("2004-05", "2004-05", 2004),
            ("2004-00-00", "2004", 2004), ("20040501", "20040501", 2004), ("May 2004", "May 2004", 2004), ("04", "04", 0),
            ("", "", 0),
            ("٢٠٠٤", "2004", 2004), ("2004 (live)", "2004", 2004), ("0000", "0000", 0)
        ])
    func dates(_ raw: String, _ date: String, _ year: Int) {
        #expect(TagDate.text(raw) == date)
        #expect(TagDate.year(date) == year)
    }
}
