import Packaging
import TestSupport
import Testing

@Suite("A Range field asks for one range, for the whole, or for a range that does not exist", .tags(.packaging))
struct RequestedRangeTests {
    @Test(
        "Fields within the grammar and beside it give their ranges of 1,000 bytes",
        arguments: [
            (nil, .whole), ("bytes=0-0", .satisfiable(0..<1)), ("bytes=0-499", .satisfiable(0..<500)),
            ("bytes=999-", .satisfiable(999..<1000)), ("bytes=500-5000", .satisfiable(500..<1000)),
            ("bytes=0-", .satisfiable(0..<1000)), ("bytes=-1", .satisfiable(999..<1000)), ("bytes=-5000", .satisfiable(0..<1000)),
            ("BYTES=1-2", .satisfiable(1..<3)), ("  bytes=1-2\t", .satisfiable(1..<3)), ("bytes= 1-2 ", .satisfiable(1..<3)),
            ("bytes=,1-2,", .satisfiable(1..<3)), ("bytes=0001-0002", .satisfiable(1..<3)),
            ("bytes=1000-", .unsatisfiable), ("bytes=1000-2000", .unsatisfiable), ("bytes=-0", .unsatisfiable),
            ("bytes=99999999999999999999999-", .unsatisfiable), ("bytes=0-99999999999999999999999", .satisfiable(0..<1000)),
            ("bytes=-99999999999999999999999", .satisfiable(0..<1000)), ("bytes=9223372036854775807-", .unsatisfiable),
            ("bytes=9223372036854775807-9223372036854775808", .unsatisfiable),
            ("bytes=0-1,3-4", .whole), ("bytes=5-4", .whole), ("bytes=5000-4000", .whole), ("bytes=", .whole),
            ("bytes=-", .whole),
            ("bytes", .whole), ("", .whole), ("=", .whole), ("0-1", .whole), ("items=0-1", .whole), ("bytes=a-b", .whole),
            ("bytes=1 - 2", .whole), ("bytes=+1-2", .whole), ("bytes=1-+2", .whole), ("bytes=--1", .whole),
            ("bytes=1-2-3", .whole),
            ("bytes=0x1-2", .whole), ("bytes=1.0-2", .whole), ("bytes=１-２", .whole), ("bytes=1-2\u{0}", .whole),
            ("bytes =1-2", .whole)
        ] as [(String?, RequestedRange)])
    func table(field: String?, expected: RequestedRange) {
        #expect(RequestedRange.parse(field, length: 1000) == expected)
    }

    @Test("An empty representation has no range")
    func empty() {
        for field in ["bytes=0-", "bytes=0-0", "bytes=-1", "bytes=-0"] {
            #expect(RequestedRange.parse(field, length: 0) == .whole)
        }
    }

    @Test("Random fields read as a plain reading of the grammar does")
    func random() {
        var generator = SeededGenerator(seed: 4)
        var seen: [String: Int] = [:]
        for _ in 0..<20_000 {
            let length = Int.random(in: 1...40, using: &generator)
            let alphabet = Array("0123456789----,  x=")
            let count = Int.random(in: 0...6, using: &generator)
            let set = String((0..<count).compactMap { _ in alphabet.randomElement(using: &generator) })
            let expected = Self.plainReading(set, length: length)
            #expect(RequestedRange.parse("bytes=" + set, length: length) == expected, "\(set) of \(length)")
            switch expected {
            case .whole: seen["whole", default: 0] += 1
            case .satisfiable: seen["satisfiable", default: 0] += 1
            case .unsatisfiable: seen["unsatisfiable", default: 0] += 1
            }
        }
        #expect(seen.count == 3 && seen.values.allSatisfy { $0 > 500 }, "\(seen)")
    }

    @Test("Random bytes never trap")
    func noise() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<5000 {
            let bytes = (0..<Int.random(in: 0...30, using: &generator)).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = String(decoding: bytes, as: UTF8.self)
            for field in [text, "bytes=" + text] {
                if case .satisfiable(let range) = RequestedRange.parse(field, length: 100) {
                    #expect(!range.isEmpty && range.clamped(to: 0..<100) == range)
                }
            }
        }
    }

    /// Numbers here have so few digits that they fit.
    private static func plainReading(_ set: String, length: Int) -> RequestedRange {
        let specs = set.split(separator: ",").map { $0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed() }
            .map { String($0) }.filter { !$0.isEmpty }
        guard specs.count == 1, let match = specs[0].wholeMatch(of: /([0-9]*)-([0-9]*)/) else { return .whole }
        switch (Int(match.1), Int(match.2)) {
        case (nil, nil): return .whole
        case (nil, let suffix?): return suffix == 0 ? .unsatisfiable : .satisfiable(Swift.max(0, length - suffix)..<length)
        case (let first?, nil): return first < length ? .satisfiable(first..<length) : .unsatisfiable
        case (let first?, let last?):
            if first > last { return .whole }
            return first < length ? .satisfiable(first..<Swift.min(last + 1, length)) : .unsatisfiable
        }
    }
}
