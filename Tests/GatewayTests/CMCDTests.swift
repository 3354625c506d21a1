import Testing

@testable import Gateway

@Suite("Hints of players (CTA-5004)")
struct CMCDTests {
    @Test("Keys, numbers, flags and quoted paths are read (CTA-5004)")
    func keys() {
        let told = CMCD("bl=21300, dl=18200,mtp=25400,nor=\"..%2Faac-96%2F4.m4s\",su,bs=true,sid=\"a,b=1\",unknown=7")
        #expect(told.bufferLength == 21_300 && told.deadline == 18_200 && told.throughput == 25_400)
        #expect(told.nextObject == "../aac-96/4.m4s" && told.isStarting && told.isStarved)
        #expect(told.session == "a,b=1")
    }

    @Test(
        "A hint that breaks the grammar is passed over",
        arguments: [
            "", ",", ",,,", "=", "mtp", "mtp=", "mtp=x", "mtp=-5", "mtp=99999999999999999999", "bl=1.5", "su=false", "nor=a",
            "nor=\"", "nor=\"%ZZ\"", "\"", "\"mtp=5", "MTP=5", "sid=a",
            "sid=\"\"", "sid=\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\""
        ])
    func malformed(_ text: String) { #expect(CMCD(text) == CMCD("")) }

    @Test("No more than four kilobytes of hints are read")
    func length() {
        #expect(CMCD(String(repeating: "x,", count: 1_000_000) + "mtp=5").throughput == nil)
    }
}
