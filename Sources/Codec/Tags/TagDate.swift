/// Dates in the form tags have.
enum TagDate {
    /// `2004`, `2004-05` or `2004-05-01` if the text begins with such a date, its time cut off; else the text.
    static func text(_ text: String) -> String {
        let text = withASCIIDigits(text)
        let bytes = Array(text.utf8.prefix(16))
        guard bytes.count >= 4, bytes[..<4].allSatisfy(\.isDigit) else { return text }
        var date = String(decoding: bytes[..<4], as: UTF8.self)
        var offset = 4
        for bound in [12, 31] {
            // `-`, `/` or `.`, and two digits.
            guard offset + 3 <= bytes.count, [0x2D, 0x2F, 0x2E].contains(bytes[offset]), bytes[offset + 1].isDigit,
                bytes[offset + 2].isDigit
            else { break }
            let number = 10 * Int(bytes[offset + 1] - 0x30) + Int(bytes[offset + 2] - 0x30)
            guard (1...bound).contains(number) else { return date }
            date += "-\(number < 10 ? "0" : "")\(number)"
            offset += 3
        }
        let isWhole = offset == bytes.count || bytes[offset] == 0x20 || bytes[offset] == 0x54 || bytes[offset] == 0x2D
        return isWhole ? date : text
    }

    /// Converts digits of other scripts, such as Arabic and Devanagari.
    private static func withASCIIDigits(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let digit = scalar.properties.numericType == .decimal ? scalar.properties.numericValue.map { UInt8($0) } : nil
            scalars.append(digit.map { Unicode.Scalar(0x30 + $0) } ?? scalar)
        }
        return String(scalars)
    }

    /// The year of a date: its first four digits in a row; 0 if there are none.
    static func year(_ date: String) -> Int {
        for run in date.utf8.split(whereSeparator: { !$0.isDigit }) where run.count == 4 || run.count == 8 {
            return Int(String(decoding: run.prefix(4), as: UTF8.self)) ?? 0
        }
        return 0
    }
}
