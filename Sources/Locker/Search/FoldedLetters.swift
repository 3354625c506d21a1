/// Forms of letters that Unicode does not decompose.
enum FoldedLetters {
    /// The forms that small letters are folded to, both in the search and in the order of lists.
    static let forms: [Unicode.Scalar: String] = table(
        """
        ß ss æ ae œ oe ø o ł l đ d ð d ħ h ŧ t ƀ b ɓ b ƃ b ƈ c ȼ c ɖ d ɗ d ƌ d ɇ e ƒ f ǥ g ɠ g ɨ i ƚ l ɫ l ɲ n ƞ n ɵ o ƥ p ɍ r ȿ s ƭ t ʈ t ⱦ t
        ʉ u ʋ v ƴ y ɏ y ƶ z ȥ z ⱥ a ᵽ p ʼ '
        ך כ ם מ ן נ ף פ ץ צ
        ٱ ا ک ك ی ي ے ي
        """
    ).merging(["\u{640}": ""]) { $1 }

    /// The letters that only the search folds: in the order of lists they are separate letters.
    static let sought: [Unicode.Scalar: String] = table("þ th ŋ n ĸ k ґ г ى ي ة ه")

    /// Letters that follow others in the order of lists, although their code points are far away. Each has the letter that
    /// it follows, ``after`` and its place.
    static let order: [Unicode.Scalar: String] = {
        var order: [Unicode.Scalar: String] = [:]
        for followers in ["nŋ", "гґ", "дђ", "еє", "зѕ", "иіїйј", "лљ", "нњ", "тћ", "чџ", "بپ", "جچ", "زژ", "كگ"] {
            guard let first = followers.unicodeScalars.first else { continue }
            for (place, follower) in followers.unicodeScalars.dropFirst().enumerated() {
                order[follower] = "\(first)\(after)\(place)"
            }
        }
        return order
    }()

    /// Separate letters that Unicode decomposes.
    static let marked: [Unicode.Scalar: [Unicode.Scalar: Unicode.Scalar]] = [
        "и": ["\u{306}": "й"], "і": ["\u{308}": "ї"]
    ]

    /// An unassigned scalar, behind every letter of the scripts that have such letters.
    private static let after: Unicode.Scalar = "\u{85F}"

    private static func table(_ text: String) -> [Unicode.Scalar: String] {
        let words = text.split(whereSeparator: \.isWhitespace)
        var table: [Unicode.Scalar: String] = [:]
        for place in stride(from: 0, to: words.count - 1, by: 2) {
            if let letter = words[place].unicodeScalars.first { table[letter] = String(words[place + 1]) }
        }
        return table
    }
}
