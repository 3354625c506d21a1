internal import Foundation

/// Texts as the search and the order of lists see them: decomposed, without case, width and the many forms of one letter.
enum FoldedText {
    /// The scalars of a text in Normalization Form KD (https://www.unicode.org/reports/tr15/), its marks among them.
    ///
    /// Case is folded by way of the capitals: ß becomes ss, ς becomes σ, ı and İ become i. In every script, decimal digits
    /// become 0 to 9, and quotation marks and dashes become those of ASCII. Format characters are removed.
    static func scalars(of text: String) -> [Unicode.Scalar] {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else {
            return text.utf8.map { Unicode.Scalar(65...90 ~= $0 ? $0 + 32 : $0) }
        }
        var spaced = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { spaced.append(scalar.isASCII ? scalar : punctuation(scalar)) }
        var scalars: [Unicode.Scalar] = []
        for scalar in String(spaced).decomposedStringWithCompatibilityMapping.unicodeScalars { fold(scalar, into: &scalars) }
        return scalars
    }

    /// A text without case and accents, to be compared with others.
    static func plain(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 >= 0x80 }) else { return text.lowercased() }
        var plain = String.UnicodeScalarView()
        for scalar in scalars(of: text) where !isAccent(scalar) { plain.append(scalar) }
        return String(plain)
    }

    private static func fold(_ scalar: Unicode.Scalar, into scalars: inout [Unicode.Scalar]) {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .format: return
        case .decimalNumber:
            if let digit = properties.numericValue, 0...9 ~= digit { scalars.append(Unicode.Scalar(UInt8(48 + digit))) }
        case .nonspacingMark, .spacingMark, .enclosingMark: scalars.append(scalar)
        default:
            guard properties.changesWhenCaseMapped || properties.changesWhenCaseFolded else {
                appendLetter(scalar, to: &scalars)
                return
            }
            for capital in properties.uppercaseMapping.unicodeScalars {
                for small in capital.properties.lowercaseMapping.unicodeScalars { appendLetter(small, to: &scalars) }
            }
        }
    }

    private static func appendLetter(_ scalar: Unicode.Scalar, to scalars: inout [Unicode.Scalar]) {
        guard !scalar.isASCII, let form = FoldedLetters.forms[scalar] else { return scalars.append(scalar) }
        scalars += form.unicodeScalars
    }

    /// The sign of ASCII that a scalar looks like. Accents that stand alone would decompose into a space with a mark, so
    /// they are replaced before.
    private static func punctuation(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x2018...0x201B, 0x2032, 0x2B9...0x2C1: "'"
        case 0xAB, 0xBB, 0x201C...0x201F, 0x2033: "\""
        case 0x2010...0x2015, 0x2212: "-"
        // A voicing mark that stands alone, as in half-width text, belongs to the kana before it.
        case 0x309B, 0x309C: Unicode.Scalar(scalar.value - 2) ?? scalar
        default: scalar.properties.generalCategory == .modifierSymbol && scalar.value < 0x1F000 ? "'" : scalar
        }
    }

    /// Whether a mark only changes the letter before it, as an accent, a point of Hebrew, a vowel sign of Arabic or a nukta
    /// does. Vowel signs of Indic scripts and of Thai are separate letters, and the voicing of kana makes another kana.
    static func isAccent(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.canonicalCombiningClass.rawValue {
        case 1, 7, 10...36, 200...: true
        case 0:
            scalar.value == 0x34F || scalar.properties.isVariationSelector || scalar.properties.generalCategory == .enclosingMark
        default: false
        }
    }

    static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(scalar.properties.generalCategory)
    }

    /// The hiragana of a katakana, any other scalar as it is.
    static func hiragana(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        switch scalar.value {
        case 0x30A1...0x30F6, 0x30FD, 0x30FE: Unicode.Scalar(scalar.value - 0x60) ?? scalar
        default: scalar
        }
    }
}
