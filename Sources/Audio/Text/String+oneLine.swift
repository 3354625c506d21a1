extension String {
    /// The text as a part of one line of a log or a terminal. Characters that would end the line, move the cursor or turn the
    /// direction of writing are shown by number, as `\u{1B}`.
    public var oneLine: String {
        guard unicodeScalars.contains(where: \.changesLines) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": scalars.append(contentsOf: "\\n".unicodeScalars)
            case "\r": scalars.append(contentsOf: "\\r".unicodeScalars)
            case "\t": scalars.append(contentsOf: "\\t".unicodeScalars)
            case _ where scalar.changesLines:
                scalars.append(contentsOf: "\\u{\(String(scalar.value, radix: 16, uppercase: true))}".unicodeScalars)
            default: scalars.append(scalar)
            }
        }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    /// Whether it turns the direction of writing: U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069 (UAX #9 §2).
    var turnsDirection: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    fileprivate var changesLines: Bool { value < 0x20 || value > 0x7E && (isControl || turnsDirection) }
}
