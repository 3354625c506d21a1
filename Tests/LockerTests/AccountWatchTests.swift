import Audio
import Synchronization
import Testing

@testable import Locker

@Suite("Watches over an account's changes", .everyDriver) struct AccountWatchTests {
    /// What a watch was told, one entry for each time.
    private final class Told: Sendable {
        private let list = Mutex<[ChangeSubjects]>([])

        func add(_ subjects: ChangeSubjects) { list.withLock { $0.append(subjects) } }

        func take() -> [ChangeSubjects] {
            list.withLock { list in
                defer { list = [] }
                return list
            }
        }
    }

    private let fixture: Fixture
    /// As another process has it.
    private let other: Catalogue
    private let (ada, eve): (Int64, Int64)

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        other = try fixture.another()
        ada = try await fixture.catalogue.localAccount()
        eve = try await fixture.catalogue.addAccount(named: "eve", password: .ofNobody, plan: "free")
    }

    private func add(_ number: Int, to catalogue: Catalogue, of account: Int64) async throws -> Track {
        try await catalogue.add(account: account, hash: .numbered(number), map: map(), title: "t").track
    }

    @Test("A watch is told once of all changes since the last look, by this process and by others, of its own account")
    func isTold() async throws {
        let (mine, hers) = (Told(), Told())
        _ = try await add(1, to: other, of: ada)
        let watches = [
            try await catalogue.watchChanges(of: ada, tell: mine.add), try await catalogue.watchChanges(of: eve, tell: hers.add)
        ]
        // Nothing of the time before.
        try await catalogue.lookForChanges()
        #expect(mine.take() == [] && hers.take() == [])
        let track = try await add(2, to: catalogue, of: ada)
        try await other.setPlayQueue(tracks: [track.id], current: 0, position: 0, account: ada)
        try await catalogue.lookForChanges()
        try await catalogue.lookForChanges()
        #expect(mine.take() == [[.library, .queue]] && hers.take() == [])
        // What may concern any account concerns each.
        try await other.retag(.numbered(9), TrackTags())
        _ = try await other.setMeasures(SoundMeasures(), of: .numbered(2), announced: other.announce([.numbered(2)]))
        try await catalogue.lookForChanges()
        #expect(mine.take() == [] && hers.take() == [])
        // An Original concerns those who have it.
        _ = try await other.remeasure(.numbered(2), map: map(), measures: SoundMeasures(soundHash: 5), art: nil)
        try await catalogue.lookForChanges()
        #expect(mine.take() == [.library] && hers.take() == [])
        withExtendedLifetime(watches) {}
    }

    @Test("Looks at the same time tell of each change once")
    func concurrentLooks() async throws {
        let told = Told()
        let watch = try await catalogue.watchChanges(of: ada, tell: told.add)
        let catalogue = catalogue
        for number in 0..<20 {
            _ = try await add(number, to: other, of: ada)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await catalogue.lookForChanges() } }
                try await group.waitForAll()
            }
            #expect(told.take() == [.library], "\(number)")
        }
        withExtendedLifetime(watch) {}
    }

    @Test("A watch that is released is told no more, and nobody looks for it")
    func isReleased() async throws {
        let told = Told()
        var watch: AccountWatch? = try await catalogue.watchChanges(of: ada, tell: told.add)
        #expect(!catalogue.accountWatches.isEmpty && watch != nil)
        watch = nil
        #expect(catalogue.accountWatches.isEmpty)
        _ = try await add(1, to: catalogue, of: ada)
        try await catalogue.lookForChanges()
        #expect(told.take() == [])
    }

    @Test("If changes were pruned before they were seen, anything may have changed")
    func isPruned() async throws {
        let told = Told()
        let watch = try await catalogue.watchChanges(of: ada, tell: told.add)
        let feed = other.feed
        let most = Int(ChangeFeed.mostRows)
        try await other.database.write(.keeping) { db in
            for _ in 0..<2 * most { try feed.note(.other, .queue, of: nil, db) }
        }
        try await catalogue.lookForChanges()
        #expect(told.take() == [.all])
        withExtendedLifetime(watch) {}
    }

    @Test("Each operation has its subjects, and one that changes nothing has none")
    func subjects() async throws {
        let told = Told()
        let watch = try await catalogue.watchChanges(of: ada, tell: told.add)
        let (catalogue, ada) = (catalogue, ada)
        let track = try await add(1, to: catalogue, of: ada)
        try await catalogue.lookForChanges()
        #expect(told.take() == [.library])
        func expect(
            _ expected: ChangeSubjects, _ sourceLocation: SourceLocation = #_sourceLocation, _ operation: () async throws -> Void
        ) async throws {
            try await operation()
            try await catalogue.lookForChanges()
            #expect(told.take() == (expected.isEmpty ? [] : [expected]), sourceLocation: sourceLocation)
        }
        func begin() async throws -> String {
            let declaration = UploadRecord.Declaration(name: "a", length: 2, isResumable: true)
            return try await catalogue.beginUpload(declaration, id: Identifier.random(), account: ada, quota: nil).id
        }
        try await expect(.library) { _ = try await catalogue.setFavourite(true, .track, id: track.id, account: ada) }
        try await expect([]) { _ = try await catalogue.setFavourite(true, .track, id: "none", account: ada) }
        try await expect(.queue) { try await catalogue.setPlayQueue(tracks: [], current: nil, position: 0, account: ada) }
        try await expect(.history) { try await catalogue.markPlayed(id: track.id, account: ada) }
        try await expect(.history) { try await catalogue.eraseHistory(account: ada) }
        try await expect(.playlists) { _ = try await catalogue.addPlaylist(named: "p", tracks: [track.id], account: ada) }
        try await expect(.account) { _ = try await catalogue.setPlan("family", account: ada) }
        var key = ""
        try await expect(.account) { key = try await catalogue.addKey(account: ada, label: "", scopes: .all).key.id }
        try await expect([.account, .credentials]) { _ = try await catalogue.revokeKey(id: key, account: ada) }
        var session = ""
        try await expect(.account) { session = try await catalogue.beginSession(account: ada).text }
        try await expect([.account, .credentials]) { try await catalogue.endSession(session) }
        try await expect([]) { try await catalogue.endSession(session) }
        try await expect(.account) { session = try await catalogue.beginSession(account: ada).text }
        try await expect([.account, .credentials]) {
            for session in try await catalogue.sessions(account: ada).items {
                #expect(try await catalogue.endSession(id: session.id, account: ada))
            }
        }
        var share = ""
        try await expect(.account) {
            share = try #require(
                try await catalogue.addShare(of: .tracks([track.id]), description: "", expires: nil, account: ada)
            ).id
        }
        try await expect([]) { try await catalogue.noteVisit(ofShare: share) }
        try await expect(.account) {
            _ = try await catalogue.changeShare(id: share, description: "d", expires: nil, account: ada)
        }
        try await expect(.account) { _ = try await catalogue.removeShare(id: share, account: ada) }
        var ids: [String] = []
        try await expect(.uploads) { for _ in 0..<4 { ids.append(try await begin()) } }
        // Its progress is no change of its state.
        try await expect([]) { _ = try await catalogue.advanceUpload(ids[0], to: 1) }
        try await expect(.uploads) { _ = try await catalogue.advanceUpload(ids[0], to: 2, isComplete: true) }
        try await expect([.library, .uploads]) {
            _ = try await catalogue.add(Arrival(hash: .numbered(2), map: map(), title: "t"), account: ada, settling: ids[0])
        }
        try await expect(.uploads) { try await catalogue.refuseUpload(ids[1], kind: "undecodable", reason: "it is bad") }
        try await expect(.uploads) { try await catalogue.removeUpload(ids[2]) }
        try await expect([]) { try await catalogue.removeUpload(ids[2]) }
        try await expect(.uploads) { try await catalogue.removeOpenUpload(ids[3]) }
        try await expect([.library, .queue, .playlists, .history]) { _ = try await catalogue.remove(id: track.id, account: ada) }
        try await expect([.library, .queue, .playlists, .history]) {
            _ = try await catalogue.restore(id: track.id, account: ada, deletedSince: 0, quota: nil)
        }
        try await expect([]) { try await catalogue.expireDeleted(before: .max) }
        let eve = eve
        try await expect(.credentials) { _ = try await catalogue.removeAccount(id: eve) }
        withExtendedLifetime(watch) {}
    }

    @Test("What an account changed is not told to others when the account is removed")
    func removedAccount() async throws {
        let told = Told()
        let watch = try await catalogue.watchChanges(of: ada, tell: told.add)
        _ = try await add(1, to: catalogue, of: eve)
        _ = try await catalogue.removeAccount(id: eve)
        try await catalogue.lookForChanges()
        #expect(told.take() == [.credentials])
        withExtendedLifetime(watch) {}
    }

    @Test("Changes of what no process remembers leave what is remembered alone, in every process")
    func isQuiet() async throws {
        let track = try await add(1, to: other, of: ada)
        try await catalogue.lookForChanges()
        let changes = (catalogue.changes, other.changes)
        try await other.setPlayQueue(tracks: [track.id], current: 0, position: 0, account: ada)
        _ = try await other.addPlaylist(named: "p", tracks: [track.id], account: ada)
        try await catalogue.lookForChanges()
        #expect((catalogue.changes, other.changes) == changes)
        _ = try await other.setRating(5, .track, id: track.id, account: ada)
        try await catalogue.lookForChanges()
        #expect((catalogue.changes, other.changes) == (changes.0 + 1, changes.1 + 1))
    }

    @Test("A credential that this process ended is not remembered when its end is told")
    func endedCredential() async throws {
        let catalogue = catalogue
        // A second, for which a holder is remembered, may pass on a busy machine before it is asked for.
        var isRemembered = false
        for _ in 0..<20 where !isRemembered {
            let (key, secret) = try await catalogue.addKey(account: ada, label: "", scopes: .all)
            #expect(try await catalogue.holder(ofKey: secret.text) != nil)
            // The row is there, and the call that wrote it has not returned.
            let feed = catalogue.feed
            try await catalogue.database.write(.freeing) { [ada] db in
                try db.run("DELETE FROM apiKey WHERE id = ?", [key.id])
                try feed.note(.other, .credentials, of: ada, db)
            }
            isRemembered = try await catalogue.holder(ofKey: secret.text) != nil
            try await catalogue.lookForChanges()
            #expect(try await catalogue.holder(ofKey: secret.text) == nil)
        }
        #expect(isRemembered)
    }

    @Test("A feed of a version before goes on, and its changes have no subjects")
    func former() async throws {
        let path = fixture.path + ".old"
        let old = try SQLiteDatabase(path: path, upTo: "announcements")
        try await old.write(.keeping) { db in
            for _ in 0..<3 { try db.run("INSERT INTO catalogueChange (writer, kind, account) VALUES (1, 0, NULL)") }
        }
        try old.close()
        let catalogue = Catalogue(database: try SQLiteDatabase(path: path))
        let account = try await catalogue.localAccount()
        let told = Told()
        let watch = try await catalogue.watchChanges(of: account, tell: told.add)
        _ = try await add(1, to: catalogue, of: account)
        try await catalogue.lookForChanges()
        #expect(told.take() == [.library])
        let rows = try await catalogue.database.read { db in
            try db.all("SELECT id, subjects FROM catalogueChange ORDER BY id") { "\($0[0] as Int) \($0[1] as Int)" }
        }
        #expect(rows == ["1 0", "2 0", "3 0", "4 \(ChangeSubjects.library.rawValue)"])
        withExtendedLifetime(watch) {}
    }

    @Test("Subjects have the names that clients are told, and what is for holders of credentials has none")
    func names() {
        #expect(ChangeSubjects.all.names == ["queue", "library", "uploads", "playlists", "history", "account"])
        #expect(ChangeSubjects.credentials.names == [] && ChangeSubjects([.history, .queue]).names == ["queue", "history"])
    }
}
