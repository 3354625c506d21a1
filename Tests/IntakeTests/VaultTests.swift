import Audio
import Foundation
import NIOCore
import Originals
import Synchronization
import TestSupport
import Testing

@testable import Intake
@testable import Locker

/// A clock that shows what it was set to, in milliseconds.
private final class SetClock: Sendable {
    private let shown = Mutex(1_700_000_000_000)

    var time: Int { shown.withLock { $0 } }

    func go(_ milliseconds: Int) { shown.withLock { $0 += milliseconds } }
}

@Suite("A store that fails or hangs", .timeLimit(.minutes(2))) struct VaultTests {
    private static let song = ScriptedSong(sound: 1, title: "a", art: "picture").bytes
    /// Before, between and after the Original's three files; the question for the picture, and before and after that.
    private static let stepsOfAPut = 8

    private let clock = SetClock()
    private let bench: Workbench
    private let account: Int64
    private var vault: FaultyVault { get throws { try #require(bench.vault as? FaultyVault) } }

    init() async throws {
        let times = Intake.Times(patience: .milliseconds(50))
        bench = try Workbench(
            ScriptedIngest(.acceptsWithPacketFile), times: times, now: { [clock] in clock.time }, vault: { FaultyVault($0) })
        account = try await bench.catalogue.localAccount()
    }

    /// Lets everything end that a death leaves, and clears away.
    private func clear() async throws {
        clock.go(Catalogue.announcementLifetime + 1)
        _ = try await bench.intake.reclaim(releasedBefore: .max)
        clock.go(61_000)
        _ = try await bench.intake.reclaim(releasedBefore: .max)
    }

    /// That all is there which a row says is there.
    private func expectStored(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for track in try await bench.catalogue.tracks(account: account, sort: .added).items {
            let map = try await bench.originals.trackMap(of: track.hash)
            #expect(try await bench.originals.size(of: track.hash) == map.originalBytes, sourceLocation: sourceLocation)
            if let art = track.art {
                #expect(try await bench.originals.size(of: art.hash) == art.bytes, sourceLocation: sourceLocation)
            }
        }
    }

    @Test("A put has as many steps as the tests below go through")
    func counts() async throws {
        let vault = try vault
        vault.fail(at: nil)
        #expect(try await bench.upload(Self.song, account: account).isNew)
        #expect(vault.steps == Self.stepsOfAPut)
    }

    @Test(
        "A put that fails at any step leaves no row and no file, and the song is taken afterwards",
        arguments: 0..<stepsOfAPut, [FaultyVault.Fault.failsOnce, .fails])
    func fails(step: Int, fault: FaultyVault.Fault) async throws {
        let vault = try vault
        vault.fail(at: step, fault)
        let upload = try await bench.begin(Self.song.count, account: account)
        try await upload.write(.init(bytes: Self.song))
        await #expect(throws: IntakeError.storage(FaultyVault.reason)) { try await upload.finish() }
        guard case .refused? = try await bench.catalogue.upload(id: upload.id, account: account)?.state else {
            return #expect(Bool(false), "the client is not told")
        }
        #expect(try await bench.catalogue.count(account: account) == 0)
        #expect(try bench.files(in: "incoming") == [])
        vault.fail(at: nil)
        #expect(try await bench.upload(Self.song, account: account).isNew)
        try await expectStored()
        try await clear()
        try await expectStored()
        for track in try await bench.catalogue.tracks(account: account, sort: .added).items { try await bench.delete(track) }
        try await clear()
        try await bench.expectNothingLeft()
    }

    @Test("A put that fails leaves nothing for good if the song does not come again", arguments: 0..<stepsOfAPut)
    func orphans(step: Int) async throws {
        let vault = try vault
        vault.fail(at: step)
        await #expect(throws: IntakeError.self) { try await bench.upload(Self.song, account: account) }
        vault.fail(at: nil)
        try await clear()
        try await bench.expectNothingLeft()
    }

    @Test(
        "A complete upload waits for the next start if the store hangs and the server ends", arguments: 0..<stepsOfAPut)
    func hangs(step: Int) async throws {
        let vault = try vault
        vault.fail(at: step, .hangs)
        let upload = try await bench.begin(Self.song.count, isResumable: true, account: account)
        try await upload.write(.init(bytes: Self.song))
        let complete = try await upload.complete()
        let check = Task { try await complete.finish() }
        for await _ in vault.hung { break }
        check.cancel()
        await #expect(throws: CancellationError.self) { try await check.value }
        upload.release()
        #expect(try await bench.catalogue.openUploads().map(\.state) == [.checking])
        vault.fail(at: nil)
        let left = try await bench.makeIntake(ScriptedIngest(.acceptsWithPacketFile)).recoverUploads()
        #expect(left.count == 1)
        for upload in left { #expect(try await upload.finish().isNew) }
        try await expectStored()
        try await clear()
        try await expectStored()
        #expect(try bench.files(in: "incoming") == [] && bench.files(in: "originals").count == 5)
    }

    @Test("A store that hangs in a removal is asked again later, and a song that comes meanwhile stays", arguments: [0, 1])
    func removes(step: Int) async throws {
        let vault = try vault
        let track = try await bench.upload(Self.song, account: account).track
        _ = try await bench.catalogue.remove(id: track.id, account: account)
        vault.fail(at: step, .hangs)
        // The Original and its picture are due; one of them takes all the time there is.
        let hasty = bench.makeIntake(ScriptedIngest(), times: Intake.Times(removal: .seconds(2)))
        await #expect(throws: IntakeError.self) { try await hasty.reclaim(releasedBefore: .max) }
        vault.fail(at: nil)
        #expect(try await bench.intake.reclaim(releasedBefore: .max) == 1, "the other")
        #expect(try await bench.catalogue.released(before: .max).count == 1, "it may still be under way")
        let again = try await bench.upload(Self.song, account: account)
        #expect(again.isNew)
        try await clear()
        try await expectStored()
        try await bench.delete(again.track)
        try await clear()
        try await bench.expectNothingLeft()
    }

    @Test("Files whose put outlasted their announcement are put again")
    func putsAgain() async throws {
        let vault = try vault
        let isFirst = Mutex(true)
        vault.afterPut { [clock, bench] in
            guard isFirst.withLock({ $0.exchange(false) }) else { return }
            clock.go(Catalogue.announcementLifetime + 1)
            _ = try await bench.intake.reclaim(releasedBefore: .max)
            #expect(try bench.files(in: "originals") == [], "nothing refers to them")
        }
        #expect(try await bench.upload(Self.song, account: account).isNew)
        vault.afterPut(nil)
        #expect(vault.puts == 3 && bench.ingest.runs == 1)
        try await expectStored()
        #expect(try bench.files(in: "originals").count == 5)
    }

    @Test("Files of a process that died before it wrote the row are found when their announcement ends")
    func dies() async throws {
        let announcement = try await bench.catalogue.announce([.numbered(1)])
        let file = try bench.write(noise(100), to: "file")
        try await bench.originals.put([.original: file], of: .numbered(1))
        #expect(try await bench.intake.reclaim(releasedBefore: .max) == 0)
        #expect(try bench.files(in: "originals").count == 1)
        clock.go(Catalogue.announcementLifetime + 1)
        #expect(try await bench.intake.reclaim(releasedBefore: .max) == 1)
        #expect(try bench.files(in: "originals").isEmpty && announcement.hashes.count == 1)
    }
}

@Suite("A store other than a directory", .timeLimit(.minutes(1))) struct OtherStoreTests {
    @Test("A map is made again of bytes that are fetched, and the bytes are checked")
    func remote() async throws {
        let bench = try Workbench(ScriptedIngest(.acceptsWithPacketFile), vault: { FaultyVault($0, isRemote: true) })
        let account = try await bench.catalogue.localAccount()
        // More than one piece.
        let bytes = [UInt8](repeating: 7, count: SourceFile.piece + 12_345)
        let admission = try await bench.upload(bytes, account: account)
        let hash = admission.track.hash
        #expect(try await bench.intake.remakeMap(hash) == admission.map)
        #expect(bench.ingest.runs == 2)
        #expect(try bench.files(in: "incoming") == [])
        #expect(try await bench.intake.condition(of: hash, bytesPerSecond: .max) == .sound)
        let path = try #require(bench.originals.localFile(of: hash))
        var spoilt = bytes
        spoilt[SourceFile.piece + 1] ^= 1
        try Data(spoilt).write(to: URL(filePath: path))
        #expect(try await bench.intake.condition(of: hash, bytesPerSecond: .max) == .damaged)
        await #expect(throws: IntakeError.self) { try await bench.intake.remakeMap(hash) }
        #expect(bench.ingest.runs == 2)
        try FileManager.default.removeItem(atPath: path)
        #expect(try await bench.intake.condition(of: hash, bytesPerSecond: .max) == .missing)
    }

    @Test("A read-only store refuses changes, and lets the catalogue be changed")
    func readOnly() async throws {
        let home = try Workbench()
        let account = try await home.catalogue.localAccount()
        let track = try await home.upload(noise(1_000), account: account).track
        let open = try await home.begin(100, isResumable: true)
        open.release()
        let intake = Intake(
            originals: ReadOnly(home.originals), catalogue: home.catalogue, incoming: home.root + "/elsewhere",
            threadPool: home.intake.threadPool, logger: home.intake.logger
        ) { descriptor, bytes, onEvent in
            try await home.ingest.run(descriptor: descriptor, bytes: bytes, onEvent: onEvent)
        }
        #expect(intake.isReadOnly)
        let declaration = UploadRecord.Declaration(name: "a", length: 1)
        await #expect(throws: IntakeError.readOnly) { try await intake.beginUpload(declaration, account: account) }
        await #expect(throws: IntakeError.readOnly) { try await intake.openUpload(id: open.id, account: account) }
        await #expect(throws: IntakeError.readOnly) { try await intake.removeUpload(id: open.id, account: account) }
        await #expect(throws: IntakeError.readOnly) { try await intake.remakeMap(track.hash) }
        #expect(try await intake.recoverUploads().isEmpty)
        #expect(try await intake.expireUploads().isEmpty)
        #expect(try await home.catalogue.openUploads().map(\.id) == [open.id], "it is another server's")
        #expect(try await RemadeOriginals(intake) { "libavcodec 1" }.trackMap(of: track.hash).originalBytes == 1_000)
        let forgotten = Mutex<[OriginalHash]>([])
        #expect(try await intake.removeAccount(account) { hash in forgotten.withLock { $0.append(hash) } } == 1)
        #expect(forgotten.withLock { $0 } == [track.hash])
        #expect(try await intake.reclaim(releasedBefore: .max) == 0)
        #expect(try home.files(in: "originals").count == 3)
    }

    private struct ReadOnly: OriginalVault {
        let directory: DirectoryOriginals

        init(_ directory: DirectoryOriginals) { self.directory = directory }

        var isReadOnly: Bool { true }

        func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError) { throw .readOnly }
        func remove(_ hash: OriginalHash) async throws(VaultError) { throw .readOnly }
        func size(of hash: OriginalHash) async throws(OriginalError) -> Int? { try await directory.size(of: hash) }
        func localFile(of hash: OriginalHash) -> String? { nil }
        func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap { try await directory.trackMap(of: hash) }
        func read(
            _ range: Range<Int>, of file: StoredFile, original hash: OriginalHash
        ) async throws(OriginalError) -> [UInt8] {
            try await directory.read(range, of: file, original: hash)
        }
    }
}

extension OriginalHash {
    /// The hash whose first byte is `number`.
    fileprivate static func numbered(_ number: UInt8) throws -> OriginalHash {
        try #require(OriginalHash(bytes: [number] + Array(repeating: 7, count: 31)))
    }
}

extension Bool {
    /// Sets it, and gives what it was.
    fileprivate mutating func exchange(_ new: Bool) -> Bool {
        defer { self = new }
        return self
    }
}
