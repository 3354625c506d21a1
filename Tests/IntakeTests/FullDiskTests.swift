import Audio
import CodecProcess
import Foundation
import Locker
import Logging
import NIOCore
import NIOPosix
import Synchronization
import TestSupport
import Testing

@testable import Intake

@Suite("Accounts that upload at once", .timeLimit(.minutes(10))) struct FairShareTests {
    @Test("Six files of one account that keep ingest busy do not delay another account's")
    func sharesIngest() async throws {
        let (started, source) = AsyncStream<Void>.makeStream()
        let bench = try Workbench(ScriptedIngest(onStart: { source.yield() }))
        let (ada, eve) = (try await bench.catalogue.account(named: "ada"), try await bench.catalogue.account(named: "eve"))
        let slow = (0..<6).map { number in
            Task { try await bench.upload(Array("SLOW \(number)".utf8), account: ada) }
        }
        var runs = started.makeAsyncIterator()
        for _ in 0..<bench.intake.slots.count { _ = await runs.next() }
        #expect(try await bench.upload(noise(500), account: eve).isNew)
        #expect(bench.ingest.mostRunning == bench.intake.slots.count + 1)
        for task in slow { task.cancel() }
        for task in slow { _ = await task.result }
    }
}

@Suite("A disk that is nearly full", .timeLimit(.minutes(10))) struct FullDiskTests {
    /// A disk of which so much is free, whatever is written.
    private final class Disk: Sendable {
        private let bytes: Mutex<Int>
        init(_ free: Int) { bytes = Mutex(free) }
        var free: Int {
            get { bytes.withLock { $0 } }
            set { bytes.withLock { $0 = newValue } }
        }
    }

    private func intake(_ bench: Workbench, _ disk: Disk) -> Intake {
        Intake(
            originals: bench.originals, catalogue: bench.catalogue, incoming: bench.root + "/incoming",
            floor: DiskFloor(1_000) { _ in disk.free }, threadPool: .singleton,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            ingest: { descriptor, bytes, onEvent in
                try await bench.ingest.run(descriptor: descriptor, bytes: bytes, onEvent: onEvent)
            })
    }

    @Test("An upload that would not leave the floor free is refused, before it comes and while it comes")
    func uploads() async throws {
        let (bench, disk) = (try Workbench(), Disk(1_499))
        let intake = intake(bench, disk)
        let account = try await bench.catalogue.localAccount()
        let declaration = UploadRecord.Declaration(name: "song.wav", length: 500)
        await #expect(throws: IntakeError.noRoom) { try await intake.beginUpload(declaration, account: account) }
        disk.free = 1_500
        let upload = try await intake.beginUpload(declaration, account: account)
        try await upload.write(.init(bytes: noise(400)))
        disk.free = 1_099
        await #expect(throws: IntakeError.noRoom) { try await upload.write(.init(bytes: noise(100))) }
        await upload.abandon()
        #expect(try await bench.catalogue.openUploads().isEmpty)
        try await bench.expectNothingLeft()
    }

    @Test("An upload is refused, and stays known as refused, if ingest would not leave the floor free")
    func ingest() async throws {
        let (bench, disk) = (try Workbench(), Disk(1_500))
        let intake = intake(bench, disk)
        let account = try await bench.catalogue.localAccount()
        let declaration = UploadRecord.Declaration(name: "song.wav", length: 500)
        let upload = try await intake.beginUpload(declaration, account: account)
        try await upload.write(.init(bytes: noise(500)))
        disk.free = 1_000
        await #expect(throws: IntakeError.noRoom) { try await upload.finish() }
        let state = try await bench.catalogue.upload(id: upload.id, account: account)?.state
        guard case .refused(let kind, let reason)? = state else { return #expect(Bool(false), "not refused") }
        #expect(IntakeError(kind: kind, reason: reason) == .noRoom)
        try await bench.expectNothingLeft()
        disk.free = 9_999
        let again = try await intake.beginUpload(declaration, account: account)
        try await again.write(.init(bytes: noise(500)))
        #expect(try await again.finish().isNew)
    }

    @Test("An import that would not leave the floor free takes no file, and leaves nothing of it")
    func imports() async throws {
        let (bench, disk) = (try Workbench(), Disk(1_100))
        let file = try bench.write(noise(500), to: "song.wav")
        let intake = intake(bench, disk)
        let account = try await bench.catalogue.localAccount()
        let summary = await intake.importPaths([file], account: account)
        #expect(summary.refused.map(\.reason) == ["\(IntakeError.noRoom)"])
        try await bench.expectNothingLeft()
        disk.free = 9_999
        #expect(await intake.importPaths([file], account: account).imported == 1)
    }

    @Test("A failed upload whose row could not be removed gives its room back without another start")
    func strandedUploads() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let alive = try await bench.begin(500)
        let resumable = try await bench.begin(500, isResumable: true)
        try await bench.intake.threadPool.runIfActive { resumable.staged.unlock() }
        var checked = ""
        do {
            // What a failure leaves: a row, and a file that nobody holds or that has gone.
            let lost = try await bench.begin(500)
            lost.staged.discard()
            lost.staged.unlock()
            let dropped = try await bench.begin(500)
            dropped.staged.keep()
            dropped.staged.unlock()
            let whole = try await bench.begin(500, isResumable: true)
            try await whole.write(.init(bytes: noise(500)))
            checked = try await whole.complete().id
            whole.staged.unlock()
        }
        let complete = try await bench.intake.expireUploads()
        #expect(complete.map(\.id) == [checked])
        #expect(Set(try await bench.catalogue.openUploads().map(\.id)) == [alive.id, resumable.id, checked])
        #expect(try await bench.intake.expireUploads().isEmpty, "it is being checked")
        for upload in complete { #expect(try await upload.finish().isNew) }
        await alive.abandon()
        #expect(try await bench.catalogue.count(account: account) == 1)
        #expect(try await bench.catalogue.openUploads().map(\.id) == [resumable.id])
    }
}
