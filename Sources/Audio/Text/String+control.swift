extension Unicode.Scalar {
    /// C0, DEL and C1 (Unicode's `Cc`), and U+2028 and U+2029, which end a line. No name, label or id may contain them.
    public var isControl: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }
}

extension String {
    /// Without control characters: SQLite ends a text at its first zero.
    public var printable: String {
        guard hasControlCharacters else { return self }
        var scalars = unicodeScalars
        scalars.removeAll(where: \.isControl)
        return String(scalars)
    }

    /// Whether it has a control character. Names, labels and ids that clients send must not.
    public var hasControlCharacters: Bool { unicodeScalars.contains(where: \.isControl) }
}
