import Testing

@testable import Gateway

@Suite("Times in documents") struct TimestampTests {
    @Test("A time is read as it was written, to the millisecond (half of them were shown one early)")
    func isExact() {
        for number in 0..<2000 {
            let time = 1_795_000_000_000 + number * 7919
            let text = Timestamp.text(milliseconds: time)
            #expect(Timestamp(text)?.milliseconds == time, "\(text)")
        }
        #expect(Timestamp.text(milliseconds: 1_000_000_000_000) == "2001-09-09T01:46:40.000Z")
    }

    @Test(
        "A time has RFC 3339's form",
        arguments: [
            "", "2026", "2026-12-24", "2026-12-24T20:00:00", "2026-12-24 20:00:00Z", "+2026-12-24T20:00:00Z",

            "2026-12-24T20:00:00.Z", "2026-13-24T20:00:00Z", "2026-12-24T20:00:00Z "
        ])
    func form(text: String) { #expect(Timestamp(text) == nil) }
}
