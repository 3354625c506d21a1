import Audio
import Testing

@Suite("Ingest's limits survive the way to its process")
struct IngestLimitsTests {
    @Test("arguments and back")
    func roundTrip() {
        var limits = IngestLimits()
        #expect(limits.arguments.isEmpty)
        #expect(IngestLimits(arguments: []) == limits)
        limits.takesExtraFormats = true
        limits.seconds = 60
        limits.expansion = 7
        #expect(IngestLimits(arguments: limits.arguments) == limits)
    }

    @Test("what is no limit is none", arguments: ["", "seconds", "seconds=", "seconds=x", "seconds=-1", "seconds=0", "depth=3"])
    func refused(_ argument: String) {
        #expect(IngestLimits(arguments: [argument]) == nil)
    }
}
