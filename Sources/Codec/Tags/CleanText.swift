import Audio

/// Texts in the form of ``TrackTags``.
enum CleanText {
    /// Scalars read for each character of the bound: a character may have many.
    private static let scalarsPerCharacter = 8

    /// `text` in NFC, without control characters, surrounding white space, or anything beyond its bound: 1,024 characters, or 64
    /// KiB if it has `lines`. Line ends become newlines in such text and spaces in any other.
    static func clean(_ text: String, lines: Bool = false) -> String {
        let bound = lines ? TrackTags.Lyrics.maximumBytes : scalarsPerCharacter * TrackTags.maximumCharacters
        var scalars = String.UnicodeScalarView()
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars.prefix(bound) {
            switch scalar {
            case "\n" where previous == "\r": break
            case "\n", "\r", "\u{2028}", "\u{2029}": scalars.append(lines ? "\n" : " ")
            case "\t": scalars.append(" ")
            case "\u{FEFF}", "\u{FFFE}": break
            case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): break
            default: scalars.append(scalar)
            }
            previous = scalar
        }
        let clean = trimmed(ComposedText.composed(String(scalars)))
        return lines ? clean.prefix(bytes: TrackTags.Lyrics.maximumBytes) : trimmed(clean.prefix(TrackTags.maximumCharacters))
    }

    static func trimmed(_ text: some StringProtocol) -> String {
        var rest = Substring(text).unicodeScalars
        while rest.first?.properties.isWhitespace == true { rest.removeFirst() }
        while rest.last?.properties.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
