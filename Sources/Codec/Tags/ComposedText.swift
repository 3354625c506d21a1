/// Unicode's Normalization Form C (https://www.unicode.org/reports/tr15/), which makes texts that look the same equal.
///
/// The standard library's version is not public and Foundation costs the worker's start-up; Unicode's stability policy freezes
/// the tables.
enum ComposedText {
    private static let hangul = (first: 0xAC00 as UInt32, lead: 0x1100 as UInt32, vowel: 0x1161 as UInt32, tail: 0x11A7 as UInt32)

    static func composed(_ text: String) -> String {
        // Below U+0300 no scalar combines or decomposes.
        guard text.unicodeScalars.contains(where: { $0.value >= 0x300 }) else { return text }
        var scalars: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars { decompose(scalar, into: &scalars) }
        order(&scalars)
        return compose(scalars)
    }

    private static func decompose(_ scalar: Unicode.Scalar, into scalars: inout [Unicode.Scalar]) {
        if scalar.value < 0xC0 {
            scalars.append(scalar)
        } else if let parts = CompositionTable.decompositions[scalar] {
            // Each part of a decomposition may itself have one; the table's are at most three deep.
            for part in parts { decompose(part, into: &scalars) }
        } else if (hangul.first..<(hangul.first + 11_172)).contains(scalar.value) {
            let index = scalar.value - hangul.first
            let jamo = [hangul.lead + index / 588, hangul.vowel + index % 588 / 28, hangul.tail + index % 28]
            scalars += (index % 28 == 0 ? jamo.dropLast() : jamo).compactMap { Unicode.Scalar($0) }
        } else {
            scalars.append(scalar)
        }
    }

    /// Sorts each run of combining marks by class; equal ones keep their order.
    private static func order(_ scalars: inout [Unicode.Scalar]) {
        var start = 0
        while start < scalars.count {
            var end = start
            while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
            if end - start > 1 {
                let run = scalars[start..<end].enumerated()
                    .sorted { (combiningClass($0.element), $0.offset) < (combiningClass($1.element), $1.offset) }
                scalars.replaceSubrange(start..<end, with: run.map(\.element))
            }
            start = end + 1
        }
    }

    private static func compose(_ scalars: [Unicode.Scalar]) -> String {
        var result: [Unicode.Scalar] = []
        result.reserveCapacity(scalars.count)
        var starter: Int?
        var lastClass: UInt8 = 0
        for scalar in scalars {
            let own = combiningClass(scalar)
            // A mark is blocked by another of its class or higher, a starter by anything between.
            if let starter, starter == result.count - 1 || (lastClass != 0 && lastClass < own),
                let whole = pair(result[starter], scalar)
            {
                result[starter] = whole
                continue
            }
            if own == 0 { starter = result.count }
            lastClass = own
            result.append(scalar)
        }
        var view = String.UnicodeScalarView()
        view.append(contentsOf: result)
        return String(view)
    }

    private static func pair(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> Unicode.Scalar? {
        let (left, right) = (first.value, second.value)
        if (hangul.lead..<(hangul.lead + 19)).contains(left), (hangul.vowel..<(hangul.vowel + 21)).contains(right) {
            return Unicode.Scalar(hangul.first + (left - hangul.lead) * 588 + (right - hangul.vowel) * 28)
        }
        if (hangul.first..<(hangul.first + 11_172)).contains(left), (left - hangul.first) % 28 == 0,
            ((hangul.tail + 1)..<(hangul.tail + 28)).contains(right)
        {
            return Unicode.Scalar(left + right - hangul.tail)
        }
        return CompositionTable.compositions[UInt64(left) << 32 | UInt64(right)]
    }

    private static func combiningClass(_ scalar: Unicode.Scalar) -> UInt8 {
        scalar.value < 0x300 ? 0 : scalar.properties.canonicalCombiningClass.rawValue
    }
}
