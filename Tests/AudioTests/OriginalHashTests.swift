import Audio
import TestSupport
import Testing

@Suite("An Original's hash has one spelling")
struct OriginalHashTests {
    @Test("A hash's 64 hexadecimal digits give the same hash")
    func roundTrip() throws {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<100 {
            let hash = try #require(OriginalHash(bytes: (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }))
            #expect(OriginalHash(hex: hash.hex) == hash)
            #expect(OriginalHash(hex: hash.hex.uppercased()) == nil || hash.hex.allSatisfy(\.isNumber))
        }
    }

    @Test("Anything but 64 hexadecimal digits or 32 bytes is no hash")
    func refusals() {
        let digits = String(repeating: "0", count: 64)
        for hex in [
            "", String(digits.dropLast()), digits + "0", "g" + digits.dropFirst(), "é" + digits.dropFirst(2),
            "/../" + digits.dropFirst(4)
        ] {
            #expect(OriginalHash(hex: hex) == nil)
        }
        for count in [0, 31, 33] { #expect(OriginalHash(bytes: Array(repeating: 0, count: count)) == nil) }
    }
}
