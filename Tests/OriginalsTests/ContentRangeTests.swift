import Testing

@testable import Originals

@Suite("A Content-Range field") struct ContentRangeTests {
    @Test(
        "A valid Content-Range field is understood",
        arguments: [
            ("bytes 0-499/1234", 0..<500, 1234), ("bytes 5-5/6", 5..<6, 6), ("Bytes 0-0/*", 0..<1, nil)
        ] as [(String, Range<Int>, Int?)])
    func isUnderstood(field: String, range: Range<Int>, total: Int?) throws {
        let parsed = try #require(ContentRange(field))
        #expect(parsed.range == range && parsed.total == total)
    }

    @Test(
        "A malformed Content-Range field is refused",
        arguments: [
            "", "bytes", "bytes ", "bytes */1234", "bytes 5-4/9", "bytes 0-9/9", "bytes -5/9", "bytes 0-/9", "bytes +0-5/9",
            "bytes 0-5", "bytes 0-5/", "bytes 0-5/9/9", "bytes 0-1-2/9", "items 0-5/9", "bytes  0-5/9", "bytes 0-5/-9",
            "bytes 0-9223372036854775807/*", "bytes 0-99999999999999999999/*", "bytes ٠-٥/٩"
        ])
    func isRefused(field: String) {
        #expect(ContentRange(field) == nil)
    }
}
