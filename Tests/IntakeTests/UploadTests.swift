import Audio
import Crypto
import Foundation
import Locker
import NIOCore
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("An upload", .timeLimit(.minutes(10))) struct UploadTests {
    @Test("An upload is stored under its hash")
    func isStoredUnderItsHash() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let bytes = noise(12_345)
        let admission = try await bench.upload(bytes, name: "folder/My.Song.flac", account: account)
        #expect(admission.isNew && admission.track.title == "My.Song")
        #expect(admission.track.hash == OriginalHash(bytes: SHA256.hash(data: bytes)))
        let hash = admission.track.hash.hex
        let place = "\(hash.prefix(2))/\(hash.dropFirst(2).prefix(2))/\(hash)"
        #expect(try bench.files(in: "originals") == [place, place + ".map", place + ".measures"])
        #expect(try Data(contentsOf: URL(filePath: "\(bench.root)/originals/\(place)")) == Data(bytes))
        #expect(try await bench.originals.trackMap(of: admission.track.hash) == admission.map)
        #expect(try await bench.catalogue.track(id: admission.track.id, account: account) == admission.track)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("An upload of a song that the locker has costs no ingest")
    func knowsWhatIsThere() async throws {
        let bench = try Workbench()
        let (one, other) = (try await bench.catalogue.localAccount(), try await bench.catalogue.account(named: "other"))
        let first = try await bench.upload(noise(5_000), account: one)
        let second = try await bench.upload(noise(5_000), name: "again.wav", account: one)
        #expect(second.track == first.track && !second.isNew)
        let third = try await bench.upload(noise(5_000), account: other)
        #expect(third.isNew && third.track.id != first.track.id)
        // Who has it elsewhere is nobody's business, so its upload takes as long as any.
        #expect(bench.ingest.runs == 2)
        #expect(try bench.files(in: "originals").count == 3)
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("An upload whose packets are not contiguous gets a packet file")
    func storesPackets() async throws {
        let bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile))
        let account = try await bench.catalogue.localAccount()
        let admission = try await bench.upload(noise(3_001), account: account)
        #expect(try await bench.originals.trackMap(of: admission.track.hash).usesPacketFile)
        let packets = try await bench.originals.read(0..<3_001, of: .packets, original: admission.track.hash)
        #expect(packets == noise(3_001))
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test(
        "An upload leaves nothing if ingest fails",
        arguments: [
            ScriptedIngest.Behaviour.dies, .diesAmidPackets, .sendsTooManyPackets, .claimsMorePackets, .claimsAnotherSize
        ])
    func failsWithoutTrace(behaviour: ScriptedIngest.Behaviour) async throws {
        let bench = try Workbench(ScriptedIngest(behaviour))
        let account = try await bench.catalogue.localAccount()
        await #expect(throws: IntakeError.self) { try await bench.upload(noise(3_000), account: account) }
        try await bench.expectNothingLeft()
    }

    @Test("A refused upload leaves nothing")
    func leavesNothingWhereItIsRefused() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        await #expect(throws: IntakeError.refused(Refusal(.undecodable, "it is bad"))) {
            try await bench.upload(Array("BAD music".utf8), account: account)
        }
        try await bench.expectNothingLeft()
    }

    @Test("An abandoned or forgotten upload leaves nothing", arguments: [0, 1, 5_000], [true, false])
    func isAbandoned(bytes: Int, explicitly: Bool) async throws {
        let bench = try Workbench()
        do {
            let upload = try await bench.begin()
            try await upload.write(.init(bytes: noise(bytes)))
            #expect(try bench.files(in: "incoming").count == 1)
            if explicitly {
                await upload.abandon()
                #expect(try bench.files(in: "incoming") == [])
            }
        }
        // A thread of the pool may still be letting go of the upload.
        for _ in 0..<100_000 where try !bench.files(in: "incoming").isEmpty { await Task.yield() }
        try await bench.expectNothingLeft()
    }

    @Test("An upload whose row cannot be written leaves neither files nor a row")
    func failsAtTheRow() async throws {
        let bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile))
        let account = try await bench.catalogue.account(named: "short-lived")
        let upload = try await bench.begin(3_000, account: account)
        try await upload.write(.init(bytes: noise(3_000)))
        _ = try await bench.intake.removeAccount(account)
        await #expect(throws: IntakeError.self) { try await upload.finish() }
        try await bench.expectNothingLeft()
    }

    @Test("An upload whose task is cancelled during ingest is taken in by the next start")
    func isCancelled() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let bench = try Workbench(ScriptedIngest(.hangs) { start.finish() })
        let account = try await bench.catalogue.localAccount()
        let task = Task { try await bench.upload(noise(3_000), account: account) }
        for await _ in started {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try bench.files(in: "originals") == [])
        let next = bench.makeIntake(ScriptedIngest())
        let left = try #require(try await next.recoverUploads().first)
        #expect(try await left.finish().isNew)
        #expect(try bench.files(in: "incoming") == [])
        #expect(try await bench.catalogue.count(account: account) == 1)
    }

    @Test("An upload is held to the length it declared")
    func isHeldToItsLimit() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(1000)
        try await upload.write(.init(bytes: noise(600)))
        try await upload.write(.init(bytes: noise(400)))
        await #expect(throws: IntakeError.tooLarge(limit: 1000)) { try await upload.write(.init(bytes: [0])) }
        await upload.abandon()
        try await bench.expectNothingLeft()
    }

    @Test("An upload cannot be written to after it is stored")
    func isSealed() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(100)
        try await upload.write(.init(bytes: noise(100)))
        let admission = try await upload.finish()
        await #expect(throws: IntakeError.self) { try await upload.write(.init(bytes: [1, 2, 3])) }
        #expect(try await bench.originals.read(0..<100, of: .original, original: admission.track.hash) == noise(100))
        #expect(try await bench.originals.trackMap(of: admission.track.hash).originalBytes == 100)
    }

    @Test("An upload that cannot be stored says what the storage says")
    func failsWithoutSpace() async throws {
        let bench = try Workbench()
        try Data().write(to: URL(filePath: bench.root + "/incoming"))
        let error = await #expect(throws: IntakeError.self) { try await bench.begin() }
        guard case .storage(let reason) = error else { return #expect(Bool(false), "\(String(describing: error))") }
        #expect(reason.hasSuffix("Not a directory"))
    }
}
