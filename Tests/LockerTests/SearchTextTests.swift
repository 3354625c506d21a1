import Testing

@testable import Locker

@Suite("The words of a text", .everyDriver) struct SearchTextTests {
    @Test(
        "Words are folded in every script",
        arguments: [
            // Latin: case, accents, letters that Unicode does not decompose, ligatures, width, superscripts.
            ("Déjà Vu", "deja vu"), ("De\u{301}ja\u{300} Vu", "deja vu"), ("Größe STRASSE ẞ", "grosse strasse ss"),
            ("Æther œuvre Ørsted Łódź Đorđe Þór Ðað", "aether oeuvre orsted lodz dorde thor dad"),
            ("İstanbul ISPARTA ılık", "istanbul isparta ilik"), ("ﬁancé ﬀ ĳ ŉ", "fiance ff ij n"), ("ＡＢＣ１２３", "abc123"),
            ("x² № ™", "x2 no tm"), ("Ⅳ Ⓐ 𝐁", "iv a b"), ("Tiếng Việt", "tieng viet"),
            // Greek: accents, breathings, the final sigma.
            ("Ήλιος ΉΛΙΟΣ", "ηλιοσ ηλιοσ"), ("ᾳ ἀρχή ΐ", "α αρχη ι"), ("ϐ ϑ", "β θ"),
            // Cyrillic.
            ("Ёлка Йод Їжак ґанок", "елка иод іжак ганок"),
            // Hebrew and Arabic: points and vowel signs, final and joined forms, the many alefs, digits.
            ("שָׁלוֹם", "שלומ"), ("مُحَمَّد أحمد ٱلله", "محمد احمد الله"), ("ﷲ ﻻ", "الله لا"), ("محـــمد", "محمد"),
            ("کتاب ي ی ى", "كتاب ي ي ي"),
            ("۱۲۳ ١٢٣ १२३ ๑๒๓", "123 123 123 123"),
            // A nukta is an accent, vowel signs are letters.
            ("क़लम हिन्दी", "कलम हिन्दी"),
            // What only says how to show the others.
            ("می\u{200C}خواهم a\u{AD}b \u{200E}c\u{FE0F}", "ميخواهم ab c")
        ])
    func folded(text: String, words: String) { #expect(SearchText.indexed(text) == words) }

    @Test(
        "Words are divided at spaces and signs, and one that has only signs inside is also kept whole",
        arguments: [
            ("", ""), (" \u{3000}\t", ""), ("R.E.M.", "rem r e m"), ("AC/DC", "acdc ac dc"), ("B'Day", "bday b day"),
            ("don’t — don´t", "dont don t dont don t"), ("rock'n'roll all", "rocknroll rock n roll all"), ("(What)", "what"),
            ("Hawaiʻi", "hawaii hawai i"), ("P!nk", "pnk p nk"), ("צה״ל", "צהל צה ל"), ("a\u{0}b", "a b"),
            ("!!!", "\u{E021}\u{E021}\u{E021}"), ("÷ †", "÷†"), ("❤️", "❤"), ("a !", "a")
        ])
    func parted(text: String, words: String) { #expect(SearchText.indexed(text) == words) }

    @Test(
        "In scripts without spaces words are pairs",
        arguments: [
            ("日", "日"), ("日本", "日本 本"), ("日本の歌", "日本 本の の歌 歌"), ("日本 の「歌」", "日本 本の の歌 歌"), ("AKB48の歌", "akb48 の歌 歌"),
            ("ﾊﾞﾊﾟ ガ ヴ", "ばぱ ぱが がゔ ゔ"), ("か\u{3099}き", "がき き"), ("カ゛", "が"), ("ラブ・ソング", "らぶ ぶそ そん んぐ ぐ"), ("⽇⾔", "日言 言"),
            ("각 하", "각하 하".decomposedStringWithHangul), ("ㅋㅋ", "\u{110F}\u{110F} \u{110F}"), ("รัก", "รั ัก ก"), ("ນ້ຳ", "ນ້ ້ໍ ໍາ າ")
        ])
    func pairs(text: String, words: String) { #expect(SearchText.indexed(text) == words) }

    @Test(
        "Words make a query without any syntax of their own",
        arguments: [
            ("", nil), ("d", nil), ("é", nil), (".", "\"\u{E02E}\" *"), ("de", "\"de\" *"), ("d e", "\"d\" AND \"e\""),
            ("r.e.m.", "(\"rem\" * OR (\"r\" AND \"e\" AND \"m\"))"),
            ("AC/DC live", "(\"acdc\" * OR (\"ac\" * AND \"dc\" *)) AND \"live\" *"),
            ("日", "\"日\" *"), ("日本の 歌", "\"日本 本の\" * AND \"歌\" *"),
            ("NEAR( \"a* OR -b^\"", "\"near\" * AND \"a\" AND \"or\" * AND \"b\""),
            ("simon & garfunkel", "\"simon\" * AND \"garfunkel\" *")
        ] as [(String, String?)])
    func query(text: String, expression: String?) { #expect(SearchText.query(text)?.expression() == expression) }

    @Test("Words are few and short, however long the text is")
    func bounded() throws {
        for piece in ["a ", "a.", "日", "각", "ﷺ", "é", "e\u{301}", "!", "รั", "か\u{3099}", "\u{301}", "\u{1F468}\u{200D}"] {
            let text = String(repeating: piece, count: 100_000)
            #expect(SearchText.indexed(text).utf8.count < 100_000)
            #expect((SearchText.query(text)?.expression().utf8.count ?? 0) < 5_000)
        }
    }
}

extension String {
    /// Syllables of Hangul as their letters, which is how they are compared.
    fileprivate var decomposedStringWithHangul: String {
        var view = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            guard 0xAC00...0xD7A3 ~= scalar.value else {
                view.append(scalar)
                continue
            }
            let index = scalar.value - 0xAC00
            let letters = [0x1100 + index / 588, 0x1161 + index % 588 / 28] + (index % 28 > 0 ? [0x11A7 + index % 28] : [])
            view.append(contentsOf: letters.compactMap(Unicode.Scalar.init))
        }
        return String(view)
    }
}
