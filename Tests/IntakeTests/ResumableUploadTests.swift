import Audio
import Crypto
import FileSystem
import Foundation
import Locker
import NIOCore
import TestSupport
import Testing

@testable import Intake
@testable import Originals

@Suite("A resumable upload", .timeLimit(.minutes(10))) struct ResumableUploadTests {
    private func path(_ upload: Upload, _ bench: Workbench) -> String { "\(bench.root)/incoming/\(upload.id).upload" }

    private func open(_ upload: Upload, _ bench: Workbench) async throws -> Upload {
        try #require(try await bench.intake.openUpload(id: upload.id, account: upload.record.account))
    }

    @Test("A resumable upload goes on where it was cut, however often, and is stored as it is")
    func resumes() async throws {
        let bench = try Workbench()
        let bytes = noise(10_000)
        let id: String
        let account: Int64
        do {
            let upload = try await bench.begin(10_000, isResumable: true)
            (id, account) = (upload.id, upload.record.account)
            try await upload.write(.init(bytes: bytes[..<100]))
            #expect(try await upload.makeDurable() == 100)
            // Not durable: a crash may keep it or not, and it counts in neither case.
            try await upload.write(.init(bytes: bytes[100..<150]))
            upload.release()
        }
        var offset = 100
        while offset < 10_000 {
            let upload = try #require(try await bench.intake.openUpload(id: id, account: account))
            #expect(upload.record.offset == offset && upload.received == offset)
            try await upload.write(.init(bytes: bytes[offset..<min(offset + 1_777, 10_000)]))
            offset = try await upload.makeDurable()
            #expect(try await bench.catalogue.upload(id: id, account: account)?.offset == offset)
            upload.release()
        }
        let admission = try await (try #require(try await bench.intake.openUpload(id: id, account: account))).finish()
        #expect(admission.track.hash == OriginalHash(bytes: SHA256.hash(data: bytes)))
        #expect(try await bench.originals.read(0..<10_000, of: .original, original: admission.track.hash) == bytes)
        #expect(try await bench.catalogue.upload(id: id, account: account)?.state == .stored(track: admission.track.id))
        #expect(try bench.files(in: "incoming") == [])
        await #expect(throws: IntakeError.gone) { try await bench.intake.openUpload(id: id, account: account) }
    }

    @Test("A resumable upload is written by one request at a time, and by its owner alone")
    func isExclusive() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(1_000, isResumable: true)
        await #expect(throws: IntakeError.busy) { try await open(upload, bench) }
        await #expect(throws: IntakeError.busy) {
            try await bench.intake.removeUpload(id: upload.id, account: upload.record.account)
        }
        let other = try await bench.catalogue.account(named: "other")
        #expect(try await bench.intake.openUpload(id: upload.id, account: other) == nil)
        #expect(try await !bench.intake.removeUpload(id: upload.id, account: other))
        #expect(try await bench.intake.openUpload(id: "none", account: other) == nil)
        await #expect(throws: IntakeError.self) { try await upload.complete() }
    }

    @Test("A resumable upload can take back bytes that are not durable")
    func rewinds() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(300, isResumable: true)
        try await upload.write(.init(bytes: noise(100)))
        _ = try await upload.makeDurable()
        try await upload.write(.init(bytes: Array(repeating: 7, count: 200)))
        try await upload.rewind()
        #expect(upload.received == 100)
        try await upload.write(.init(bytes: noise(300)[100...]))
        let admission = try await upload.finish()
        #expect(try await bench.originals.read(0..<300, of: .original, original: admission.track.hash) == noise(300))
    }

    @Test("A complete upload is taken in by the next start, wherever the last one died")
    func recovers() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        var ids: [String] = []
        do {
            for seed in 1...3 {
                let upload = try await bench.begin(500, name: "song \(seed)", isResumable: true)
                try await upload.write(.init(bytes: noise(500, seed: UInt64(seed))))
                ids.append(upload.id)
                if seed < 3 { _ = try await upload.complete() } else { _ = try await upload.makeDurable() }
            }
            // Died between the files and the row: the Original is in the store, and in incoming/ too.
            let hash = try #require(OriginalHash(bytes: SHA256.hash(data: noise(500, seed: 1))))
            let folder = "\(bench.root)/originals/\(hash.hex.prefix(2))/\(hash.hex.dropFirst(2).prefix(2))"
            try Directory.make(folder)
            _ = try Directory.link("\(bench.root)/incoming/\(ids[0]).upload", to: "\(folder)/\(hash.hex)")
            // Sent in one request that never ended.
            let single = try await bench.begin(500)
            try await single.write(.init(bytes: noise(5)))
            _ = try Directory.link(path(single, bench), to: "\(bench.root)/incoming/abcdefghijabcdefghij00.upload")
        }
        Intake.sweep(incoming: bench.root + "/incoming")
        let intake = bench.makeIntake(ScriptedIngest())
        let whole = try await intake.recoverUploads()
        #expect(Set(whole.map(\.id)) == Set(ids.prefix(2)))
        // Those a living process is at are nobody else's.
        #expect(try await bench.makeIntake(ScriptedIngest()).recoverUploads().isEmpty)
        for upload in whole { #expect(try await upload.finish().isNew) }
        #expect(try await bench.catalogue.count(account: account) == 2)
        #expect(try bench.files(in: "incoming") == ["\(ids[2]).upload"])
        let last = try #require(try await intake.openUpload(id: ids[2], account: account))
        #expect(try await last.finish().track.title == "song 3")
        #expect(try bench.files(in: "incoming") == [])
    }

    @Test("A resumable upload whose bytes were lost is refused")
    func losesBytes() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(500, isResumable: true)
        let (id, account) = (upload.id, upload.record.account)
        let name = path(upload, bench)
        do {
            let upload = upload
            try await upload.write(.init(bytes: noise(400)))
            _ = try await upload.makeDurable()
        }
        try FileManager.default.removeItem(atPath: name)
        try Data(noise(399)).write(to: URL(filePath: name))
        _ = try await bench.makeIntake(ScriptedIngest()).recoverUploads()
        guard case .refused("storage", _)? = try await bench.catalogue.upload(id: id, account: account)?.state else {
            return #expect(Bool(false), "not refused")
        }
    }

    @Test("A resumable upload of a bad file is refused, and stays known as refused")
    func isRefused() async throws {
        let bench = try Workbench()
        let upload = try await bench.begin(9, isResumable: true)
        try await upload.write(.init(bytes: Array("BAD music".utf8)))
        await #expect(throws: IntakeError.self) { try await upload.finish() }
        let state = try await bench.catalogue.upload(id: upload.id, account: upload.record.account)?.state
        #expect(state == .refused(kind: "undecodable", reason: "it is bad"))
        #expect(IntakeError(kind: "undecodable", reason: "it is bad") == .refused(Refusal(.undecodable, "it is bad")))
        try await bench.expectNothingLeft()
    }

    @Test("A resumable upload can be removed, and then leaves nothing")
    func isRemoved() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let id = try await bench.begin(500, isResumable: true).id
        for _ in 0..<1000 {
            // A thread of the pool may still be letting go of the upload.
            do { if try await bench.intake.removeUpload(id: id, account: account) { break } } catch IntakeError.busy {}
            await Task.yield()
        }
        #expect(try await !bench.intake.removeUpload(id: id, account: account))
        try await bench.expectNothingLeft()
    }
}

@Suite("Deleted tracks", .timeLimit(.minutes(10))) struct DeletionTests {
    @Test("A deleted track's Original stays on the disk for a while, and serves the same song again")
    func isReclaimed() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let first = try await bench.upload(noise(500), account: account).track
        let before = Int(Date.now.timeIntervalSince1970 * 1000) - 1
        _ = try await bench.catalogue.remove(id: first.id, account: account)
        #expect(try await bench.intake.reclaim(releasedBefore: before) == 0)
        #expect(try bench.files(in: "originals").count == 3)
        let again = try await bench.upload(noise(500), account: account).track
        #expect(again.id != first.id)
        #expect(try await bench.intake.reclaim(releasedBefore: .max) == 0)
        #expect(try bench.files(in: "originals").count == 3)
        _ = try await bench.catalogue.remove(id: again.id, account: account)
        #expect(try await bench.intake.reclaim(releasedBefore: .max) == 1)
        try await bench.expectNothingLeft()
    }
}

@Suite("A compact upload", .timeLimit(.minutes(10))) struct CompactUploadTests {
    /// Stores every other byte instead.
    private static let half: Intake.Compact = { hash, originals, write in
        let map = try await originals.trackMap(of: hash)
        let bytes = try await originals.read(0..<map.originalBytes, of: .original, original: hash)
        try await write(.init(bytes: stride(from: 0, to: bytes.count, by: 2).map { bytes[$0] }))
    }

    private func upload(_ bytes: [UInt8], _ intake: Intake, account: Int64) async throws -> Admission {
        let declaration = UploadRecord.Declaration(name: "song.wav", length: bytes.count, isCompact: true)
        let upload = try await intake.beginUpload(declaration, account: account)
        try await upload.write(.init(bytes: bytes))
        return try await upload.finish()
    }

    @Test("A compact upload stores the small rendition instead of the file, once")
    func storesTheSmall() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let intake = bench.makeIntake(ScriptedIngest(), compact: Self.half)
        let track = try await upload(noise(1_000), intake, account: account).track
        #expect(track.isCompact && track.bytes == 500)
        let again = try await upload(noise(1_000), intake, account: account)
        #expect(again.track == track && !again.isNew)
        #expect(try bench.files(in: "originals").count == 3)
        #expect(try bench.files(in: "incoming") == [])
        #expect(try await bench.catalogue.account(id: account)?.bytes == 500)
    }

    @Test("A compact upload stores the file if the small rendition is no smaller, or none is made")
    func storesTheFile() async throws {
        let bench = try Workbench()
        let account = try await bench.catalogue.localAccount()
        let larger: Intake.Compact = { hash, _, write in try await write(.init(repeating: 1, count: 2_000)) }
        let one = try await upload(noise(1_000), bench.makeIntake(ScriptedIngest(), compact: larger), account: account).track
        #expect(!one.isCompact && one.bytes == 1_000)
        let other = try await upload(noise(1_001), bench.makeIntake(ScriptedIngest()), account: account).track
        #expect(!other.isCompact && other.bytes == 1_001)
        #expect(try bench.files(in: "incoming") == [])
    }
}
