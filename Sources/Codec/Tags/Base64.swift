/// RFC 4648 §4; white space is allowed anywhere, and padding is optional.
enum Base64 {
    /// Returns nil if a character is not in the alphabet.
    static func decoded(_ text: some Collection<UInt8>) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3 + 3)
        var (bits, count) = (0 as UInt32, 0)
        for character in text {
            let value = values[Int(character)]
            if value == padding { break }
            if value == space { continue }
            guard value < 64 else { return nil }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return bytes
    }

    private static let (space, padding, invalid) = (64 as UInt8, 65 as UInt8, 66 as UInt8)

    private static let values: [UInt8] = {
        var values = [UInt8](repeating: invalid, count: 256)
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
        for (value, character) in alphabet.utf8.enumerated() { values[Int(character)] = UInt8(value) }
        for character in " \t\r\n".utf8 { values[Int(character)] = space }
        values[0x3D] = padding
        return values
    }()
}
