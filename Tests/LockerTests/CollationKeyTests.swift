import Testing

@testable import Locker

@Suite("The order of names", .everyDriver) struct CollationKeyTests {
    @Test(
        "Names are in the order of the root of the Unicode Collation Algorithm",
        arguments: [
            "Eden Elan Élan Elang Ezra", "Ådahl Adele Aerosmith Æther Afrika", "Oasis Orbital Ørsted Ozzy", "Lena Lodz Łódź Luna",
            "Motley Mötley Motor", "Strasse Straße Stratus", "Nandu Ñandu Nz Ŋa O", "Caj Čaj Cz D", "Ðe Dorde Đorđe Dz E",
            "Zz Þór", "ılık Isparta İstanbul Iz", "File ﬁlm Fin", "ab ＡＢＣ abd",
            "Αλφα Άλφα Βήτα Ήλιος Σίγμα Ωμέγα", "Елка Ёлка Ель Еще Ещё Жар", "Игла Иж Їжак Йога Кино",
            "Газ Гусь Ґанок Дим Єва Жук",
            "אבא כתב שלום", "بابا پدر تاج جمل چای خبر كتاب گل لا", "あい アイ かき がき きや きゃ さん はは ばば ぱぱ わを", "カー かあ かい",
            "กข กา เก เกา ข แม รัก", "가 각 개 나 하늘", "हम हिन्दी", "一 上海 中国 北京 日本",
            "!!! (What) 123 99 Abba Альфа Ясень あい 日本", "AC/DC Acdc", "A A-ha Aha"
        ])
    func ordered(names: String) throws {
        let names = names.split(separator: " ").map(String.init)
        let keys = names.map(CollationKey.key)
        for place in names.indices.dropLast() {
            #expect(
                Array(keys[place].utf8).lexicographicallyPrecedes(Array(keys[place + 1].utf8)),
                "\(names[place]) \(names[place + 1])")
        }
    }

    @Test("Names that differ in case alone are equal, and all others differ")
    func equal() {
        #expect(CollationKey.key(of: "ÉLAN") == CollationKey.key(of: "Élan"))
        #expect(CollationKey.key(of: "AC/DC") == CollationKey.key(of: "ac/dc"))
        let different = ["Elan", "Élan", "Èlan", " Elan", "E-lan", "E lan", "E  lan", "エ", "え", "", " ", "Ελαν"]
        #expect(Set(different.map(CollationKey.key)).count == different.count)
        #expect(CollationKey.key(of: "") == "" && CollationKey.key(of: "  a  b ") > CollationKey.key(of: "a b"))
    }

    @Test("A collation key is bounded and has no zeros, whatever the text is")
    func hostile() {
        for piece in ["ﷺ", "e\u{301}", "เ", "\u{301}", "!", "\u{10FFFF}", "й", "각"] {
            let text = String(repeating: piece, count: 10_000)
            let key = CollationKey.key(of: text)
            #expect(key.utf8.count < text.utf8.count + 20_000 && !key.utf8.contains(0))
        }
        #expect(!CollationKey.key(of: "a\u{0}\u{1}b").unicodeScalars.prefix { $0 != "\u{1}" }.contains("\u{0}"))
    }
}
