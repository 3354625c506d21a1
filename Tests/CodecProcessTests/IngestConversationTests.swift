import Audio
import Testing

@testable import CodecProcess

@Suite("The conversation with an ingest process")
struct IngestConversationTests {
    /// A conversation with a process that is ready.
    private static func begun(fileBytes: Int) throws -> IngestConversation {
        var conversation = IngestConversation(fileBytes: fileBytes)
        try conversation.hear(.ready(libraries: "x"))
        return conversation
    }

    @Test("Nothing comes before an ingest process is ready, not even a verdict")
    func beforeReady() throws {
        let map = try #require(MadeMap.wave(bytes: 400))
        for event in [
            IngestEvent.progress(bytes: 0, milliseconds: 0), .packetBytes([]), .artBytes([]), .measured(SoundMeasures()),
            .accepted(map),
            .refused(Refusal(.undecodable, "no sound"))
        ] {
            var conversation = IngestConversation(fileBytes: 400)
            #expect(throws: ProtocolViolation()) { try conversation.hear(event) }
            #expect(conversation.verdict == nil && conversation.libraries == nil)
        }
    }

    @Test("An ingest process is ready once")
    func readyTwice() throws {
        var conversation = try Self.begun(fileBytes: 100)
        #expect(conversation.libraries == "x")
        #expect(throws: ProtocolViolation()) { try conversation.hear(.ready(libraries: "x")) }
    }

    @Test("A map must be made with the libraries that the process named at first", arguments: ["", "y", "x "])
    func otherLibraries(libraries: String) throws {
        let map = try #require(MadeMap.wave(bytes: 400, libraries: libraries))
        var conversation = try Self.begun(fileBytes: 400)
        try conversation.hear(.measured(SoundMeasures()))
        #expect(throws: ProtocolViolation()) { try conversation.hear(.accepted(map)) }
    }

    @Test("Measures come once, and before the file is accepted")
    func measured() throws {
        let map = try #require(MadeMap.wave(bytes: 400))
        var conversation = try Self.begun(fileBytes: 400)
        #expect(throws: ProtocolViolation()) { try conversation.hear(.accepted(map)) }
        let measures = SoundMeasures(soundHash: 7, warnings: ["cut"])
        try conversation.hear(.measured(measures))
        #expect(throws: ProtocolViolation()) { try conversation.hear(.measured(measures)) }
        #expect(conversation.verdict == nil)
        try conversation.hear(.accepted(map))
        #expect(conversation.verdict == .success(IngestedTrack(map: map, measures: measures)))
        #expect(throws: ProtocolViolation()) { try conversation.hear(.measured(measures)) }
    }

    @Test("The deadline grows by a fifth of the sound decoded")
    func deadline() throws {
        var conversation = try Self.begun(fileBytes: 100)
        #expect(conversation.deadline == .seconds(20))
        try conversation.hear(.progress(bytes: 50, milliseconds: 60_000))
        #expect(conversation.deadline == .seconds(32))
    }

    /// Seconds: of sound decoded, waited, of those without a processor; and whether that is all it may take.
    static let times: [(sound: Int, waited: Int, delay: Int, isOver: Bool)] = [
        (0, 19, 0, false), (0, 20, 0, true), (0, 20, 1, false), (0, 21, 1, true), (0, 119, 100, false), (0, 120, 100, true),
        (0, 199, 199, false), (0, 200, 200, true), (0, 199, 1_000_000, false), (0, 200, 1_000_000, true),
        (60, 31, 0, false), (60, 32, 0, true), (60, 319, 300, false), (60, 320, 300, true)
    ]

    @Test("Waiting for a processor does not count, up to ten times the deadline", arguments: times)
    func starved(sound: Int, waited: Int, delay: Int, isOver: Bool) throws {
        var conversation = try Self.begun(fileBytes: 100)
        try conversation.hear(.progress(bytes: 50, milliseconds: sound * 1000))
        #expect(
            ChildProcess.isOver(waited: .seconds(waited), runDelay: .seconds(delay), deadline: conversation.deadline) == isOver)
    }

    @Test(
        "The kernel's second number is the delay; any other text says none",
        arguments: [
            ("123 456 7\n", 456), ("1 18446744073709551615 7", Int64.max), ("", 0), ("123", 0), ("123 \n", 0), ("1 -5 3", 0),
            ("a b c", 0), ("1 99999999999999999999 2", 0)
        ])
    func schedstat(text: String, nanoseconds: Int64) {
        #expect(Duration(runDelayIn: text.utf8) == .nanoseconds(nanoseconds))
    }

    @Test(
        "Progress runs forward, inside the file and inside two days",
        arguments: [(101, 10_000), (49, 10_000), (60, 9_999), (-1, 10_000), (60, 172_800_001), (60, Int.max)])
    func progress(bytes: Int, milliseconds: Int) throws {
        var conversation = try Self.begun(fileBytes: 100)
        try conversation.hear(.progress(bytes: 50, milliseconds: 10_000))
        #expect(throws: ProtocolViolation()) {
            try conversation.hear(.progress(bytes: bytes, milliseconds: milliseconds))
        }
    }

    @Test("A map must be of this file and inside it", arguments: [(400, 400, true), (400, 399, false), (401, 400, false)])
    func accepted(mapped: Int, original: Int, isFine: Bool) throws {
        let map = try #require(MadeMap.wave(bytes: mapped, originalBytes: original))
        var conversation = try Self.begun(fileBytes: 400)
        try conversation.hear(.measured(SoundMeasures()))
        if isFine {
            try conversation.hear(.accepted(map))
            #expect(conversation.verdict == .success(IngestedTrack(map: map, measures: SoundMeasures())))
        } else {
            #expect(throws: ProtocolViolation()) { try conversation.hear(.accepted(map)) }
        }
    }

    @Test(
        "A packet file is not much longer than the file, and holds every packet",
        arguments: [(300, true), (299, false), (800 + (1 << 20), true), (801 + (1 << 20), false)])
    func packetFile(sent: Int, isFine: Bool) throws {
        let map = try #require(MadeMap.wave(bytes: 300, originalBytes: 400, usesPacketFile: true))
        func converse() throws {
            var conversation = try Self.begun(fileBytes: 400)
            try conversation.hear(.packetBytes(Array(repeating: 0, count: sent)))
            try conversation.hear(.measured(SoundMeasures()))
            try conversation.hear(.accepted(map))
        }
        if isFine { try converse() } else { #expect(throws: ProtocolViolation()) { try converse() } }
    }

    @Test("Nothing follows a verdict")
    func afterVerdict() throws {
        var conversation = try Self.begun(fileBytes: 100)
        try conversation.hear(.refused(Refusal(.undecodable, "no sound")))
        #expect(throws: ProtocolViolation()) { try conversation.hear(.progress(bytes: 1, milliseconds: 1)) }
    }
}
