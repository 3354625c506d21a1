/// The sort key of lists: a text whose UTF-8, compared byte by byte, puts titles and names where people look for them. It
/// agrees with the root of the Unicode Collation Algorithm (https://www.unicode.org/reports/tr10/) in everything that shows
/// in such lists.
///
/// The key begins with the letters without accents; signs come before digits, and digits before letters. If the lowercase
/// text is another, it follows behind a separator. So É is among E, after an E that is otherwise the same, and names that
/// differ only in case have one key. `Locker.docc/Decisions/Order.md` says why.
enum CollationKey {
    /// How many scalars are compared without their accents. Longer texts that are equal so far are ordered by their code
    /// points.
    private static let longest = 250

    static func key(of text: String) -> String {
        let lowercased = text.lowercased()
        let letters = letters(of: String(lowercased.unicodeScalars.prefix(longest)))
        return letters.unicodeScalars.elementsEqual(lowercased.unicodeScalars) ? letters : letters + "\u{1}" + lowercased
    }

    private static func letters(of text: String) -> String {
        var letters = String.UnicodeScalarView()
        // A vowel of Thai or Lao that is written before its consonant and sorts after it.
        var vowel: Unicode.Scalar?
        var isSpace = false
        for scalar in merged(FoldedText.scalars(of: text)) {
            if scalar.properties.isWhitespace || scalar.value < 32 {
                isSpace = true
                continue
            }
            if isSpace, !letters.isEmpty { letters.append(" ") }
            isSpace = false
            if let held = vowel {
                vowel = nil
                append(scalar, to: &letters)
                letters.append(held)
            } else if 0xE40...0xE44 ~= scalar.value || 0xEC0...0xEC4 ~= scalar.value {
                vowel = scalar
            } else {
                append(scalar, to: &letters)
            }
        }
        if let vowel { letters.append(vowel) }
        return String(letters)
    }

    private static func append(_ scalar: Unicode.Scalar, to letters: inout String.UnicodeScalarView) {
        if scalar.isASCII {
            switch scalar.value {
            case 0x21...0x39, 0x61...0x7A: letters.append(scalar)
            default: letters += ["/", scalar]
            }
        } else if let form = FoldedLetters.order[scalar] {
            letters += form.unicodeScalars
        } else if isLetter(scalar) {
            letters.append(kana(FoldedText.hiragana(scalar)))
        } else {
            // After the signs of ASCII and before the digits.
            letters += ["/", scalar]
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.isAlphabetic || scalar.properties.numericType != nil || FoldedText.isMark(scalar)
    }

    /// Removes accents, except those that make another letter.
    private static func merged(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        var merged: [Unicode.Scalar] = []
        merged.reserveCapacity(scalars.count)
        for scalar in scalars {
            guard scalar.value >= 0x300, isSecondary(scalar) else {
                merged.append(scalar)
                continue
            }
            if let whole = FoldedLetters.marked[merged.last ?? " "]?[scalar] { merged[merged.count - 1] = whole }
        }
        return merged
    }

    /// Marks that count only between otherwise equal texts: accents, the voicing of kana and the tones of Thai and Lao.
    private static func isSecondary(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3099, 0x309A, 0xE47...0xE4E, 0xEC8...0xECD: true
        default: FoldedText.isAccent(scalar)
        }
    }

    /// A small kana sorts as the large one, and the sign of a long vowel as the first kana.
    private static func kana(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x3041, 0x3043, 0x3045, 0x3047, 0x3049, 0x3063, 0x3083, 0x3085, 0x3087, 0x308E:
            Unicode.Scalar(scalar.value + 1) ?? scalar
        case 0x3095: "か"
        case 0x3096: "け"
        case 0x30FC: "ぁ"
        default: scalar
        }
    }
}
