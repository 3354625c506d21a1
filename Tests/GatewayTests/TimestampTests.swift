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

    @Test(
        "A day or a time of day that does not exist is none",
        arguments: [
            "2026-02-29T00:00:00Z", "2026-11-31T00:00:00Z", "2026-00-01T00:00:00Z", "2026-12-00T00:00:00Z",
            "2026-12-24T24:00:00Z", "2026-12-24T20:60:00Z", "2026-12-24T20:00:61Z",
            "2026-12-24T20:00:00+24:00", "2026-12-24T20:00:00-01:60"
        ])
    func exists(text: String) { #expect(Timestamp(text) == nil) }

    @Test("A leap day is one, a leap second is the next minute's first, and parts of a millisecond are rounded")
    func leaps() {
        #expect(Timestamp("2024-02-29T00:00:00Z")?.milliseconds == 1_709_164_800_000)
        #expect(Timestamp("2016-12-31T23:59:60Z")?.milliseconds == 1_483_228_800_000)
        #expect(Timestamp("2001-09-09T01:46:40.0006+00:00")?.milliseconds == 1_000_000_000_001)
        #expect(Timestamp("1969-12-31T23:59:59.75Z")?.milliseconds == -250)
        #expect(Timestamp("1970-01-01T01:30:00+01:30")?.milliseconds == 0)
        #expect(Timestamp("1969-12-31T22:29:59.5-01:30")?.milliseconds == -500)
    }
}
