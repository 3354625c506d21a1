/// A script that puts no spaces between its words, or, as Korean does, puts them as the writer likes.
enum UnspacedScript {
    case hangul
    case kana
    /// Han, Thai, Lao, Khmer, Myanmar and the like: each scalar is a sign.
    case other

    /// - Parameter scalar: decomposed.
    init?(_ scalar: Unicode.Scalar) {
        switch scalar.value {
        case ..<0xE00: return nil
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF: self = .hangul
        case 0x3031...0x3035, 0x3041...0x30FA, 0x30FC...0x30FF, 0x31F0...0x31FF, 0x1AFF0...0x1B16F: self = .kana
        case 0xE00...0xEFF, 0x1000...0x109F, 0x1780...0x17FF, 0x1950...0x19DF, 0x1A20...0x1AAF, 0xA9E0...0xA9FF, 0xAA60...0xAADF,
            0x2E80...0x2FDF, 0x3005...0x3007, 0x3021...0x302F, 0x3038...0x303C, 0x3100...0x312F, 0x3190...0x31EF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xA000...0xA4CF, 0xF900...0xFAFF, 0x16FE0...0x18DFF, 0x1B170...0x1B2FF, 0x20000...0x3FFFF:
            let properties = scalar.properties
            let isMark = [.nonspacingMark, .spacingMark].contains(properties.generalCategory)
            guard properties.isAlphabetic || properties.numericType != nil || isMark else { return nil }
            self = .other
        default: return nil
        }
    }

    /// Whether a scalar belongs to the sign before it: a vowel or an end to its syllable, a voicing mark to its kana.
    func continues(_ scalar: Unicode.Scalar, _ sign: [Unicode.Scalar]) -> Bool {
        switch self {
        case .hangul:
            guard let first = sign.first, UnspacedScript(first) == .hangul, sign.count < 8 else { return false }
            let isLead = 0x1100...0x115F ~= scalar.value || 0xA960...0xA97F ~= scalar.value
            return !isLead
        case .kana: return [0x3099, 0x309A].contains(scalar.value) && sign.count == 1
        case .other: return false
        }
    }

    /// A sign together with a mark that belongs to it.
    func sign(_ sign: [Unicode.Scalar], _ mark: Unicode.Scalar) -> [Unicode.Scalar] {
        guard self == .kana, let kana = sign.first else { return sign + [mark] }
        if kana == "う", mark.value == 0x3099 { return ["ゔ"] }
        // The code point of a voiced kana follows that of the plain one, and the half-voiced one follows that.
        let step = mark.value - 0x3098
        let hasForm = (step == 1 ? Self.voiced : Self.halfVoiced).contains(kana)
        return hasForm ? [Unicode.Scalar(kana.value + step) ?? kana] : sign
    }

    private static let voiced: Set<Unicode.Scalar> = Set("かきくけこさしすせそたちつてとはひふへほゝ".unicodeScalars)
    private static let halfVoiced: Set<Unicode.Scalar> = Set("はひふへほ".unicodeScalars)
}
