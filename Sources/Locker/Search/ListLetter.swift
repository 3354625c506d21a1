/// The letter under which an alphabetical index shows an entry of a list, from the entry's ``CollationKey``.
///
/// The entries of one letter are one piece of the list: their keys begin with scalars of one range. Signs and digits are `#`. Kana
/// are in their ten rows, Hangul is under its first consonant and Han under 漢, because an index of every syllable or sign would
/// be as long as the list.
struct ListLetter: Equatable {
    /// Nil for scalars that are no letter by which anyone looks for a name: they belong to the letter before them.
    let name: String?
    /// The first scalar behind the letter's; nil if there is none.
    let end: Unicode.Scalar?

    static let signs = "#"

    /// - Parameter key: an entry's sort key.
    init(ofKey key: String) {
        let first = key.unicodeScalars.first ?? "\0"
        if let block = Self.blocks.first(where: { $0.scalars.contains(first.value) }) {
            (name, end) = (block.name, Unicode.Scalar(block.scalars.upperBound))
            return
        }
        let properties = first.properties
        let isLetter = (properties.isAlphabetic || properties.numericType != nil) && !FoldedText.isMark(first)
        // Georgian's capitals are for whole words only, and few fonts have them.
        name = isLetter ? properties.titlecaseMapping : nil
        // No scalar lies between these two.
        end = Unicode.Scalar(first.value + 1) ?? "\u{E000}"
    }

    private typealias Block = (scalars: Range<UInt32>, name: String?)

    private static let blocks: [Block] =
        [(0..<0x61, signs)] + leads + [(0x1113..<0x1200, nil), (0x2E80..<0x3041, nil)] + rows + [
            (0x30A0..<0x3400, nil), (0x3400..<0xA000, "漢"), (0xE000..<0xFB00, nil), (0x20000..<0x110000, nil)
        ]

    /// Hangul's first consonants, which are decomposed in keys, by the letters that stand alone.
    private static let leads: [Block] = zip(UInt32(0x1100)..., "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ").map { ($0..<$0 + 1, String($1)) }

    private static let rows: [Block] = zip(bounds, zip(bounds.dropFirst(), "あかさたなはまやらわ")).map { ($0..<$1.0, String($1.1)) }
    private static let bounds: [UInt32] = [0x3041, 0x304B, 0x3055, 0x305F, 0x306A, 0x306F, 0x307E, 0x3083, 0x3089, 0x308E, 0x30A0]
}
