import Testing

@testable import Locker

@Suite("Letters of an index") struct ListLetterTests {
    @Test(
        "A name is under the letter by which people look for it",
        arguments: [
            ("Abba", "A"), ("Élan", "E"), ("Ørsted", "O"), ("ßeta", "S"), ("Ńina", "N"), ("ŋa", "N"), ("", "#"), ("  ", "#"),
            ("!!!", "#"), ("99 Luftballons", "#"), ("“Heroes”", "#"), ("①", "#"), ("🎵", "#"), ("÷", "#"), ("Þórr", "Þ"),
            ("Ήλιος", "Η"), ("Ёлка", "Е"), ("Йод", "И"), ("Їжак", "И"), ("שלום", "ש"), ("أغنية", "ا"), ("กาล", "ก"), ("แท้", "ท"),
            ("კაცი", "კ"), ("あい", "あ"), ("ガナ", "か"), ("ヴ", "あ"), ("ッ", "た"), ("ん", "わ"), ("ー", "あ"), ("ﾅ", "な"),
            ("봄날", "ㅂ"), ("까치", "ㄲ"), ("日本", "漢"), ("中", "漢")
        ])
    func names(text: String, letter: String) {
        #expect(ListLetter(ofKey: CollationKey.key(of: text)).name == letter)
    }

    @Test("Marks and private signs belong to the letter before them")
    func nameless() {
        for key in ["\u{301}", "\u{E000}", "\u{20000}", "\u{11A8}", "\u{FFFE}", "\u{10FFFF}"] {
            #expect(ListLetter(ofKey: key).name == nil, "\(key.unicodeScalars)")
        }
    }

    @Test("The letters' ranges follow each other without a gap to the last scalar, and each holds its own letters alone")
    func ranges() throws {
        var (start, letters): (Unicode.Scalar?, Int) = ("\0", 0)
        while let first = start, letters < 200_000 {
            let letter = ListLetter(ofKey: String(first))
            if let end = letter.end {
                try #require(end > first)
                let last = Unicode.Scalar(end.value - 1) ?? "\u{D7FF}"
                #expect(ListLetter(ofKey: String(last)) == letter, "\(first) to \(last)")
            }
            (start, letters) = (letter.end, letters + 1)
        }
        #expect(start == nil && letters > 50_000)
    }
}
