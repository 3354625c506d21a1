/// Reads text that is declared Latin-1, or not declared, though it may be in another character set.
///
/// It stays Latin-1 unless something else is certain: a wrong repair destroys the text of an honest tag, and its user cannot see
/// why. All fields of a tag are judged together, because a title alone is too short to tell.
struct CharsetGuess {
    enum Encoding {
        case latin1, windows1252, windows1251, shiftJIS
    }

    let encoding: Encoding

    init(_ fields: some Collection<[UInt8]>) {
        let foreign = fields.filter { field in field.contains { $0 >= 0x80 } && !Self.isUTF8(field) }
        if foreign.isEmpty {
            encoding = .latin1
        } else if Self.areShiftJIS(foreign) {
            encoding = .shiftJIS
        } else if Self.areRussian(foreign) {
            encoding = .windows1251
        } else if Self.areWindows1252(foreign) {
            encoding = .windows1252
        } else {
            encoding = .latin1
        }
    }

    func text(_ bytes: [UInt8]) -> String {
        // A run of well-formed multi-byte sequences is UTF-8 whatever its neighbours are.
        if Self.isUTF8(bytes) { return String(decoding: bytes, as: UTF8.self) }
        var scalars = String.UnicodeScalarView()
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch encoding {
            case _ where byte < 0x80: scalars.append(Unicode.Scalar(byte))
            case .latin1: scalars.append(Unicode.Scalar(byte))
            case .windows1252: scalars.append(WindowsCodePage.latin[byte])
            case .windows1251: scalars.append(WindowsCodePage.cyrillic[byte])
            case .shiftJIS:
                if index < bytes.count, let scalar = ShiftJIS.character(byte, bytes[index]) {
                    scalars.append(scalar)
                    index += 1
                } else {
                    scalars.append(ShiftJIS.katakana(byte) ?? "\u{FFFD}")
                }
            }
        }
        return String(scalars)
    }

    private static func isUTF8(_ bytes: [UInt8]) -> Bool {
        bytes.contains { $0 >= 0x80 } && String(validating: bytes, as: UTF8.self) != nil
    }

    /// Double bytes throughout, kana among them: their lead bytes 82 and 83 are control characters in Latin-1, and in Windows'
    /// code pages quotation marks that never stand before letters.
    private static func areShiftJIS(_ fields: [[UInt8]]) -> Bool {
        var (kana, others) = (0, 0)
        for field in fields {
            var index = 0
            while index < field.count {
                let byte = field[index]
                if byte < 0x80 {
                    index += 1
                    continue
                }
                // Half-width katakana are single bytes, which are as likely to be any other text.
                guard index + 1 < field.count, let scalar = ShiftJIS.character(byte, field[index + 1]) else {
                    // A field of fixed size (ID3v1) may end inside a character.
                    guard index + 1 == field.count, ShiftJIS.isLead(byte), field.count >= 28 else { return false }
                    break
                }
                if (0x3041...0x30FE).contains(scalar.value) { kana += 1 } else { others += 1 }
                index += 2
            }
        }
        return kana >= 2 && 3 * kana >= others
    }

    /// Cyrillic words: letters of the upper half only, in Russian's proportions and capitalisation. Western text never has three
    /// accented letters in a row, KOI8-R has upper and lower case the other way round, and other text fails the proportions.
    private static func areRussian(_ fields: [[UInt8]]) -> Bool {
        // о е а и н т с р в л
        let frequent: Set<UInt8> = [0xEE, 0xE5, 0xE0, 0xE8, 0xED, 0xF2, 0xF1, 0xF0, 0xE2, 0xEB]
        var (letters, common) = (0, 0)
        for field in fields {
            let words = field.split { !isCyrillic($0) && !isLatinLetter($0) }
            for word in words where word.contains(where: isCyrillic) {
                guard word.allSatisfy(isCyrillic), isCapitalised(word) else { return false }
                letters += word.count
                common += word.count { frequent.contains($0 | 0x20) }
            }
            // The upper half's rest is punctuation: quotation marks, dashes, the numero sign.
            guard field.allSatisfy({ $0 < 0x80 || isCyrillic($0) || punctuation.contains($0) }) else { return false }
        }
        return letters >= 12 && 2 * common >= letters
    }

    private static let punctuation: Set<UInt8> = [0x84, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, 0xA0, 0xAB, 0xB9, 0xBB]
    private static func isCyrillic(_ byte: UInt8) -> Bool { byte >= 0xC0 || byte == 0xA8 || byte == 0xB8 }
    private static func isLatinLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }

    /// Lower case, with a capital in front or not, or all capitals.
    private static func isCapitalised(_ word: ArraySlice<UInt8>) -> Bool {
        let capitals = word.count { $0 < 0xE0 && $0 != 0xB8 }
        return capitals == word.count || capitals == 0 || (capitals == 1 && word.first.map { $0 < 0xE0 && $0 != 0xB8 } == true)
    }

    /// Typographic characters at codes that are control characters in Latin-1, which no text has.
    private static func areWindows1252(_ fields: [[UInt8]]) -> Bool {
        let high = fields.joined().lazy.filter { (0x80..<0xA0).contains($0) }
        return !high.isEmpty && high.allSatisfy { WindowsCodePage.typography.contains($0) }
    }
}
