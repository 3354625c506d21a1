import Foundation
import TestSupport
import Testing

@testable import Gateway

@Suite("Content codings") struct ContentCodingTests {
    @Test(
        "A request gets gzip if it accepts it and does not prefer the text as it is (RFC 9110 §12.5.3)",
        arguments: [
            (nil, false), ("", false), (" ", false), (",", false), ("gzip", true), ("GZip", true), ("x-gzip", true),
            ("br", false),
            ("identity", false), ("gzip, deflate, br, zstd", true), ("deflate,gzip", true), ("\tgzip ,br", true), ("*", true),
            ("gzip;q=1", true), ("gzip;q=1.000", true), ("gzip; q=0.001", true), ("gzip ; Q=0.5", true), ("gzip;q=0", false),
            ("gzip;q=0.000", false), ("gzip;q=0, *", false), ("*;q=0", false), ("*, gzip;q=0", false), ("*;q=0.1", true),
            ("identity;q=0, gzip;q=0.1", true), ("identity;q=0", false), ("identity;q=0, *;q=0", false),
            ("gzip;q=0.5, identity", false), ("gzip;q=0.5, identity;q=0.5", true), ("gzip;q=0.5, identity;q=0.4", true),
            ("gzip;q=0.5, *;q=0.6", false), ("br;q=1, gzip;q=0.2", true), ("gzip;q=0, gzip", false), ("gzip, gzip;q=0", true),
            // Broken parts are ignored.
            ("gzip;q=2", false), ("gzip;q=1.001", false), ("gzip;q=0.0001", false), ("gzip;q=-1", false), ("gzip;q=", false),
            ("gzip;q", false), ("gzip;q=.5", false), ("gzip;q=0,5", false), ("gzip;level=1", false), ("gzip;q=0.5;x=1", false),
            ("gzip;q=1e0", false), ("gzip;q= 1", false), (";q=1", false), ("gzip;", false), ("gzip\u{301}", false),
            ("g zip", false),
            ("gzip;q=x, *;q=0.3", true)
        ] as [(String?, Bool)])
    func accepted(field: String?, isGzip: Bool) {
        #expect((ContentCoding(acceptedBy: field) == .gzip) == isGzip)
    }

    @Test("A field of a hundred thousand codings is read at once")
    func long() {
        #expect(ContentCoding(acceptedBy: String(repeating: "a;q=0.1,", count: 100_000) + "gzip") == .gzip)
        #expect(ContentCoding(acceptedBy: String(repeating: ",", count: 1_000_000)) == .identity)
    }

    @Test("gzip reads what was compressed, and equal texts give equal bytes")
    func roundTrip() throws {
        let folder = try TemporaryFolder()
        for count in [Gzip.least, 5000, 127 << 10, 129 << 10, 1 << 20, Gzip.most] {
            let text = Array((0..<count).map { UInt8(truncatingIfNeeded: 97 + $0 * $0 % 23) })
            let compressed = try #require(Gzip.compressed(text))
            #expect(compressed.count < text.count && Gzip.compressed(text) == compressed)
            let read = try runBlocking("gzip", ["-dc"], input: folder.write(compressed, to: "text.gz"))
            #expect(read.status == 0 && read.bytes == text)
        }
    }

    @Test("Texts that are short, long, or gain nothing stay as they are")
    func bounds() {
        #expect(Gzip.compressed([]) == nil && Gzip.compressed(Array(repeating: 97, count: Gzip.least - 1)) == nil)
        #expect(Gzip.compressed(Array(repeating: 97, count: Gzip.most + 1)) == nil)
        #expect(Gzip.compressed(noise(100_000)) == nil)
    }
}
