import Audio
import Testing

@testable import Locker

@Suite("Quotas", .everyDriver) struct QuotaTests {
    private func used(_ account: Int64, _ catalogue: Catalogue) async throws -> Int {
        try #require(try await catalogue.account(id: account)).bytes
    }

    @Test("An account's bytes are those of its tracks, whatever happens to them")
    func counted() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        var tracks: [Track] = []
        for number in 0..<5 {
            tracks.append(try await catalogue.add(account: one, hash: .numbered(number), map: map(), title: "t").track)
        }
        _ = try await catalogue.add(account: one, hash: .numbered(0), map: map(), title: "again")
        _ = try await catalogue.add(account: other, hash: .numbered(0), map: map(), title: "t")
        #expect(try await used(one, catalogue) == 5 * 4044)
        #expect(try await used(other, catalogue) == 4044)
        _ = try await catalogue.remove(id: tracks[0].id, account: one)
        _ = try await catalogue.remove(id: tracks[1].id, account: other)
        #expect(try await used(one, catalogue) == 4 * 4044)
        _ = try await catalogue.removeAccount(id: other)
        #expect(try await catalogue.account(id: other) == nil)
        #expect(try await used(one, catalogue) == 4 * 4044)
    }

    @Test("Room reserved by many uploads at once never exceeds the quota, and comes back")
    func reserved() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.account(named: "one")
        _ = try await catalogue.add(account: account, hash: .numbered(0), map: map(), title: "t")
        let quota = 4044 + 10 * 1000 + 999
        @Sendable func begin(_ bytes: Int, account: Int64, quota: Int?) async throws -> UploadRecord {
            try await catalogue.beginUpload(
                .init(name: "a", length: bytes), id: Identifier.random(), account: account, quota: quota)
        }
        let uploads = await withTaskGroup(of: UploadRecord?.self) { tasks in
            for _ in 0..<50 { tasks.addTask { try? await begin(1000, account: account, quota: quota) } }
            return await tasks.reduce(into: [UploadRecord]()) { if let upload = $1 { $0.append(upload) } }
        }
        #expect(uploads.count == 10)
        await #expect(throws: CatalogueError.overQuota) { try await begin(1000, account: account, quota: quota) }
        let rest = try await begin(999, account: account, quota: quota)
        await #expect(throws: CatalogueError.overQuota) { try await begin(1, account: account, quota: quota) }
        _ = try await begin(0, account: account, quota: quota)
        for _ in 0..<2 { try await catalogue.removeUpload(rest.id) }
        let again = try await begin(999, account: account, quota: quota)
        // What was refused keeps nothing, and the track takes the place of its upload in one transaction.
        try await catalogue.refuseUpload(again.id, kind: "undecodable", reason: "it is bad")
        _ = try await begin(999, account: account, quota: quota)
        #expect(try await catalogue.advanceUpload(uploads[0].id, to: 1000, isComplete: true))
        let arrival = Arrival(hash: try .numbered(1), map: try map(), title: "t")
        let track = try await catalogue.add(arrival, account: account, settling: uploads[0].id).track
        #expect(try await catalogue.upload(id: uploads[0].id, account: account)?.state == .stored(track: track.id))
        await #expect(throws: CatalogueError.overQuota) { try await begin(1, account: account, quota: quota) }
        _ = try await begin(1_000_000, account: account, quota: nil)
        await #expect(throws: CatalogueError.overQuota) { try await begin(.max, account: account, quota: .max) }
        await #expect(throws: CatalogueError.overQuota) { try await begin(1, account: 99, quota: quota) }
    }
}

@Suite("An upload's row", .everyDriver) struct UploadRecordTests {
    let fixture = try? Fixture()

    private func begin(_ length: Int, in catalogue: Catalogue, isResumable: Bool = true) async throws -> UploadRecord {
        let account = try await catalogue.localAccount()
        return try await catalogue.beginUpload(
            .init(name: "a.flac", length: length, isCompact: true, isResumable: isResumable), id: Identifier.random(),
            account: account, quota: nil)
    }

    @Test("An upload's offset never goes back, and a complete upload takes nothing more")
    func offsets() async throws {
        let catalogue = try #require(fixture).catalogue
        let upload = try await begin(1000, in: catalogue)
        func now() async throws -> UploadRecord? { try await catalogue.upload(id: upload.id, account: upload.account) }
        #expect(try await now() == upload)
        for (offset, reached) in [(10, 10), (500, 500), (20, 500), (500, 500)] {
            #expect(try await catalogue.advanceUpload(upload.id, to: offset))
            #expect(try await now()?.offset == reached)
        }
        await #expect(throws: (any Error).self) { try await catalogue.advanceUpload(upload.id, to: 1001) }
        await #expect(throws: (any Error).self) { try await catalogue.advanceUpload(upload.id, to: 900, isComplete: true) }
        #expect(try await now()?.state == .receiving)
        #expect(try await catalogue.advanceUpload(upload.id, to: 1000, isComplete: true))
        #expect(try await now()?.state == .checking)
        #expect(try await !catalogue.advanceUpload(upload.id, to: 1000))
        try await catalogue.refuseUpload(upload.id, kind: "undecodable", reason: "it is bad")
        #expect(try await now()?.state == .refused(kind: "undecodable", reason: "it is bad"))
        #expect(try await catalogue.upload(id: upload.id, account: upload.account + 1) == nil)
    }

    @Test("An unfinished upload is kept for a day, and an ended one is known for a day")
    func expires() async throws {
        let clock = SetClock(1_000_000)
        let fixture = try Fixture(now: { clock.time })
        let catalogue = fixture.catalogue
        let (waiting, ended) = (try await begin(10, in: catalogue), try await begin(10, in: catalogue))
        let (single, checked) = (
            try await begin(10, in: catalogue, isResumable: false), try await begin(10, in: catalogue)
        )
        #expect(try await catalogue.advanceUpload(checked.id, to: 10, isComplete: true))
        clock.time += 1000
        try await catalogue.refuseUpload(ended.id, kind: "undecodable", reason: "it is bad")
        #expect(try await catalogue.openUploads().map(\.id).sorted() == [waiting, single, checked].map(\.id).sorted())
        clock.time += Catalogue.uploadLifetime - 1001
        // Whether a request is at the others their files' locks say.
        let others = Set([single.id, checked.id])
        #expect(Set(try await catalogue.expireUploads().map(\.id)) == others)
        clock.time += 1
        #expect(Set(try await catalogue.expireUploads().map(\.id)) == others.union([waiting.id]))
        #expect(try await catalogue.upload(id: ended.id, account: ended.account) != nil)
        clock.time += 1000
        _ = try await catalogue.expireUploads()
        #expect(try await catalogue.upload(id: ended.id, account: ended.account) == nil)
        #expect(try await catalogue.upload(id: checked.id, account: ended.account)?.state == .checking)
    }

    @Test("An upload's row goes with its account, and an account has a bounded number at once")
    func bounded() async throws {
        let catalogue = try #require(fixture).catalogue
        let account = try await catalogue.account(named: "one")
        @Sendable func begin() async throws {
            _ = try await catalogue.beginUpload(.init(name: "", length: 0), id: Identifier.random(), account: account, quota: 0)
        }
        for _ in 0..<1000 { try await begin() }
        await #expect(throws: CatalogueError.tooManyUploads) { try await begin() }
        _ = try await catalogue.removeAccount(id: account)
        #expect(try await catalogue.openUploads() == [])
    }
}

@Suite("Released files", .everyDriver) struct ReleasedTests {
    @Test("A file without a row is known until it is removed or referred to again")
    func released() async throws {
        let clock = SetClock(1_000)
        let fixture = try Fixture(now: { clock.time })
        let catalogue = fixture.catalogue
        let (one, other) = (try await catalogue.account(named: "one"), try await catalogue.account(named: "other"))
        let hash = try OriginalHash.numbered(1)
        let track = try await catalogue.add(account: one, hash: hash, map: map(), title: "t").track
        let again = try await catalogue.add(account: other, hash: hash, map: map(), title: "t").track
        #expect(catalogue.removals == 0)
        clock.time = 2_000
        _ = try await catalogue.remove(id: track.id, account: one)
        #expect(catalogue.removals == 1)
        #expect(try await catalogue.released(before: 1_999) == [])
        #expect(try await catalogue.released(before: 2_000) == [hash])
        #expect(try await !catalogue.remove(hash))
        #expect(try await catalogue.released(before: 2_000) == [])
        clock.time = 3_000
        _ = try await catalogue.remove(id: again.id, account: other)
        #expect(try await catalogue.released(before: 3_000) == [hash])
        let removal = try await catalogue.beginRemoval(of: [hash])
        try await catalogue.end(removal, removed: [], untouched: [hash])
        #expect(try await catalogue.released(before: 3_000) == [hash])
        #expect(try await catalogue.remove(hash))
        #expect(try await catalogue.released(before: 3_000) == [])
    }
}
