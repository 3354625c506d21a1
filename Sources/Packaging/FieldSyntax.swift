/// Grammar rules that HTTP header fields share.
enum FieldSyntax {
    /// Without the optional whitespace (spaces and tabs, RFC 9110 §5.6.3) at both ends.
    static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isWhitespace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }
        let leading = bytes.drop(while: isWhitespace)
        guard let last = leading.lastIndex(where: { !isWhitespace($0) }) else { return leading }
        return leading[...last]
    }
}
