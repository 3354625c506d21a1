import Audio
import NIOCore
import Testing

@testable import CodecProcess

@Suite("Messages from a child")
struct MessageTests {
    static let limits: [MessageKind: Int] = [.frames: 100, .done: 8]

    static func bytes(_ kind: UInt16, flags: UInt16 = 0, length: UInt32, job: UInt64 = 9, body: [UInt8] = []) -> [UInt8] {
        var writer = ByteWriter()
        writer.write(kind)
        writer.write(flags)
        writer.write(length)
        writer.write(job)
        return writer.bytes + body
    }

    @Test("A header is 16 bytes, and is read back as it was written", arguments: MessageKind.allCases)
    func header(kind: MessageKind) {
        let header = MessageHeader(kind, length: 0x0102_0304, job: 0xFEDC_BA98_7654_3210)
        #expect(MessageHeader(words: header.words) == header)
        let wire = withUnsafeBytes(of: header.words) { Array($0) }
        #expect(wire == Self.bytes(kind.rawValue, length: 0x0102_0304, job: 0xFEDC_BA98_7654_3210))
        #expect(wire.count == MessageHeader.byteCount)
    }

    @Test("Messages come out whole however the bytes are cut", arguments: [1, 3, 16, 17, 1000])
    func cutAnywhere(step: Int) throws {
        let wire =
            Self.bytes(3, length: 5, body: [1, 2, 3, 4, 5]) + Self.bytes(3, length: 0)
            + Self.bytes(4, length: 8, body: Array(repeating: 0, count: 8))
        let processor = NIOSingleStepByteToMessageProcessor(MessageDecoder(limits: Self.limits))
        var messages: [Message] = []
        for start in stride(from: 0, to: wire.count, by: step) {
            try processor.process(buffer: ByteBuffer(bytes: wire[start..<min(start + step, wire.count)])) { messages.append($0) }
        }
        #expect(
            messages == [
                Message(kind: .frames, job: 9, body: [1, 2, 3, 4, 5]), Message(kind: .frames, job: 9, body: []),
                Message(kind: .done, job: 9, body: Array(repeating: 0, count: 8))
            ])
    }

    @Test(
        "A malformed header is refused before its body is read",
        arguments: [
            Self.bytes(0, length: 0), Self.bytes(10, length: 0), Self.bytes(0xFFFF, length: 1),
            Self.bytes(3, flags: 1, length: 0),
            Self.bytes(3, length: 101), Self.bytes(3, length: .max), Self.bytes(4, length: 9), Self.bytes(1, length: 0),
            Self.bytes(2, length: 6), Self.bytes(8, length: 1)
        ])
    func hostileHeader(wire: [UInt8]) {
        var buffer = ByteBuffer(bytes: wire)
        #expect(throws: ProtocolViolation()) { try MessageDecoder(limits: Self.limits).decode(buffer: &buffer) }
    }

    @Test("A worker's replies are read as they were meant")
    func replies() throws {
        func reply(_ kind: MessageKind, _ body: [UInt8]) throws -> WorkerReply {
            try WorkerReply(Message(kind: kind, job: 1, body: body))
        }
        #expect(
            try reply(.ready, [1, 2, 0, 0, 3, 0x61, 0x62, 0x63]) == .ready(RenderFingerprint(value: 513, libraries: "abc")))
        #expect(try reply(.done, [0, 1, 0, 0, 0, 0, 0, 0]) == .done(cpu: .nanoseconds(256)))
        #expect(try reply(.done, Array(repeating: 0xFF, count: 8)) == .done(cpu: .nanoseconds(Int64.max)))
        #expect(try reply(.failed, Array("no\u{1B}[2Jway\n".utf8)) == .failed("no [2Jway "))
    }

    @Test(
        "A reply with a malformed body is an error",
        arguments: [
            (MessageKind.ready, []), (.ready, [1, 2, 3]), (.ready, [1, 2, 3, 4, 200, 1]), (.ready, [0, 0, 0, 0, 0xFF, 0xFF]),
            (.done, [1, 2, 3]), (.progress, []), (.render, [])
        ] as [(MessageKind, [UInt8])])
    func hostileReply(kind: MessageKind, body: [UInt8]) {
        #expect(throws: (any Error).self) { try WorkerReply(Message(kind: kind, job: 1, body: body)) }
    }

    @Test("Ingest's events are read back as they were written")
    func events() throws {
        let map = try #require(MadeMap.wave(bytes: 400))
        let events: [IngestEvent] = [
            .ready(libraries: "libavformat 59"), .progress(bytes: 1 << 40, milliseconds: 77), .packetBytes([1, 2, 3]),
            .measured(SoundMeasures(waveform: [1, 2], soundHash: 9, warnings: ["cut"])), .accepted(map),
            .refused(Refusal(.tooLarge, "it is ten days long", offset: 0)), .refused(Refusal(.undecodable, "no sound"))
        ]
        for event in events {
            let (kind, body) = event.message
            #expect(try IngestEvent(Message(kind: kind, job: 0, body: body)) == event)
        }
        #expect(try IngestEvent(Message(kind: .ready, job: 0, body: [0x1B, 0xFF, 0x61])) == .ready(libraries: " \u{FFFD}a"))
    }

    @Test("Changed events are an error or another event, never a trap")
    func mutants() throws {
        let map = try #require(MadeMap.wave(bytes: 4000))
        var random = UInt64(1)
        var refused = 0
        for event in [
            IngestEvent.accepted(map), .measured(SoundMeasures(waveform: [1, 2])),
            .refused(Refusal(.undecodable, "no sound", offset: 5)), .progress(bytes: 1, milliseconds: 2)
        ] {
            let (kind, body) = event.message
            for _ in 0..<2000 {
                random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                var mutant = body
                mutant[Int(random >> 33) % mutant.count] = UInt8(truncatingIfNeeded: random >> 24)
                mutant.removeLast(Int(random >> 60))
                do { _ = try IngestEvent(Message(kind: kind, job: 0, body: mutant)) } catch { refused += 1 }
            }
        }
        #expect(refused > 3000)
    }
}
