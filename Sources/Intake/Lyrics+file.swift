internal import Audio

extension TrackTags.Lyrics {
    /// The lyrics in an .lrc file: UTF-8, UTF-16 with a byte order mark, or else Latin-1. Returns nil if the file has no
    /// text.
    init?(file bytes: [UInt8]) {
        let lines = Self.decode(bytes).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
        let isSynchronised = lines.contains(where: Self.hasTime)
        var text = ""
        for line in lines {
            guard text.utf8.count + line.utf8.count < Self.maximumBytes else { break }
            text += line + "\n"
        }
        while text.last == "\n" { text.removeLast() }
        guard !text.allSatisfy(\.isWhitespace) else { return nil }
        self.init(text: text, isSynchronised: isSynchronised)
    }

    /// Whether a line begins with a time: `[01:02.50]`, `[1:02]`.
    private static func hasTime(_ line: Substring) -> Bool {
        let bytes = line.utf8
        guard bytes.first == UInt8(ascii: "["), let end = bytes.firstIndex(of: UInt8(ascii: "]")) else { return false }
        let parts = bytes[..<end].dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count >= 2 else { return false }
        return parts.allSatisfy { part in
            part.first?.isASCIIDigit == true && part.allSatisfy { $0.isASCIIDigit || $0 == UInt8(ascii: ".") }
        }
    }

    private static func decode(_ bytes: [UInt8]) -> String {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return String(decoding: bytes.dropFirst(3), as: UTF8.self) }
        for (mark, high, low) in [([0xFE, 0xFF] as [UInt8], 0, 1), ([0xFF, 0xFE], 1, 0)] where bytes.starts(with: mark) {
            let units = stride(from: 2, to: bytes.count - 1, by: 2).map { place in
                UInt16(bytes[place + high]) << 8 | UInt16(bytes[place + low])
            }
            return String(decoding: units, as: UTF16.self)
        }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        return String(String.UnicodeScalarView(bytes.map { UnicodeScalar($0) }))
    }
}

extension UInt8 {
    fileprivate var isASCIIDigit: Bool { (0x30...0x39).contains(self) }
}
