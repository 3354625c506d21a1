import Audio
import Testing

@Suite("Ingest's limits survive the way to its process")
struct IngestLimitsTests {
    @Test("Limits are read back from the arguments that they are sent in")
    func roundTrip() {
        var limits = IngestLimits()
        #expect(limits.arguments.isEmpty)
        #expect(IngestLimits(arguments: []) == limits)
        limits.takesExtraFormats = true
        limits.seconds = 60
        limits.expansion = 7
        #expect(IngestLimits(arguments: limits.arguments) == limits)
    }

    @Test(
        "An argument that is no limit is refused",
        arguments: ["", "seconds", "seconds=", "seconds=x", "seconds=-1", "seconds=0", "depth=3"])
    func refused(_ argument: String) {
        #expect(IngestLimits(arguments: [argument]) == nil)
    }
}
