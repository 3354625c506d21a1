import Audio
import Foundation

/// The text of a feed, checked before a parser sees it.
enum OfferText {
    /// - Throws: if it is not UTF-8, or has what a feed must not have, with the line.
    static func checked(_ bytes: [UInt8]) throws(OfferProblem) -> String {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let bytes = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
        let first = bytes.first { ![0x09, 0x0A, 0x0D, 0x20].contains($0) }
        let isJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        // What is JSON throughout has no anchors: each `&` is inside quotation marks.
        let mayHaveAnchors = !isJSON || (try? JSONSerialization.jsonObject(with: Data(bytes))) == nil
        for (index, line) in bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            guard let text = String(validating: line, as: UTF8.self) else {
                throw OfferProblem("it must be text in UTF-8", line: index + 1)
            }
            let end = text.unicodeScalars.last == "\r" ? 1 : 0
            if let fault = fault(in: text.unicodeScalars.dropLast(end)) { throw OfferProblem(fault, line: index + 1) }
            if mayHaveAnchors, hasAnchor(line) {
                throw OfferProblem("anchors and aliases are not taken: put a space after &, or leave it out", line: index + 1)
            }
        }
        return String(decoding: isJSON ? joiningSurrogates(bytes) : bytes, as: UTF8.self)
    }

    /// What is wrong with one of the scalars; nil if nothing is. Marks of direction make a text read as another.
    static func fault(in scalars: some Sequence<Unicode.Scalar>) -> String? {
        for scalar in scalars {
            switch scalar.value {
            case 0x09: continue
            case 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: return "it must not have characters that change the direction of text"
            default: if scalar.isControl { return "it must not have control characters" }
            }
        }
        return nil
    }

    /// Whether an anchor of YAML may be in a line: `&` and a word, where a value may begin. A feed needs none, and of aliases of
    /// aliases a few lines are more than any machine can visit: if they are keys, the parser itself does.
    private static func hasAnchor(_ line: ArraySlice<UInt8>) -> Bool {
        let before = Set(" \t[]{},:?\"'".utf8)
        for place in line.indices where line[place] == UInt8(ascii: "&") && place + 1 < line.endIndex {
            let next = line[place + 1]
            let isWord =
                next >= 0x80 || next == UInt8(ascii: "_") || next == UInt8(ascii: "-") || UnicodeScalar(next).isLetterOrDigit
            if isWord, place == line.startIndex || before.contains(line[place - 1]) { return true }
        }
        return false
    }

    /// JSON writes a character beyond U+FFFF as two escapes (RFC 8259 §7), which YAML does not know.
    private static func joiningSurrogates(_ bytes: [UInt8]) -> [UInt8] {
        func unit(at place: Int) -> UInt32? {
            guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"), bytes[place + 1] == UInt8(ascii: "u") else {
                return nil
            }
            return UInt32(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16)
        }
        var joined: [UInt8] = []
        joined.reserveCapacity(bytes.count)
        var place = 0
        while place < bytes.count {
            if let high = unit(at: place), (0xD800..<0xDC00).contains(high), let low = unit(at: place + 6),
                (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x1_0000 + (high - 0xD800) << 10 + (low - 0xDC00))
            {
                joined += String(scalar).utf8
                place += 12
            } else {
                // A backslash that is escaped itself begins no escape.
                let count = bytes[place] == UInt8(ascii: "\\") ? 2 : 1
                joined += bytes[place..<min(place + count, bytes.count)]
                place += count
            }
        }
        return joined
    }
}

extension UnicodeScalar {
    /// Of ASCII.
    var isLetterOrDigit: Bool {
        switch self {
        case "0"..."9", "A"..."Z", "a"..."z": true
        default: false
        }
    }
}
