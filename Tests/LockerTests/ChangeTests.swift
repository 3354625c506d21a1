import Testing

@testable import Locker

@Suite("Changes by another process", .everyDriver) struct ChangeTests {
    private let fixture: Fixture
    /// As another process has it.
    private let other: Catalogue
    private let account: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        other = try fixture.another()
        account = try await fixture.catalogue.localAccount()
    }

    private func add(_ number: Int, to catalogue: Catalogue) async throws -> Track {
        try await catalogue.add(account: account, hash: .numbered(number), map: map(), title: "t").track
    }

    /// How much more was counted after a look.
    private func look() async throws -> (changes: Int, removals: Int) {
        let (changes, removals) = (catalogue.changes, catalogue.removals)
        try await catalogue.lookForChanges()
        return (catalogue.changes - changes, catalogue.removals - removals)
    }

    @Test("Another process's changes are seen at the next look, removals apart, and one's own are no news")
    func isSeen() async throws {
        let tracks = [try await add(1, to: catalogue), try await add(2, to: other)]
        // Nothing is known of the time before the first look.
        #expect(try await look() == (1, 1))
        #expect(try await look() == (0, 0))
        _ = try await add(3, to: other)
        _ = try await other.setFavourite(true, .track, id: tracks[0].id, account: account)
        #expect(try await look() == (1, 0))
        let (changes, removals) = (catalogue.changes, catalogue.removals)
        _ = try await catalogue.remove(id: tracks[1].id, account: account)
        #expect((catalogue.changes, catalogue.removals) == (changes + 1, removals + 1))
        #expect(try await look() == (0, 0))
        #expect(try await catalogue.recentTrack(id: tracks[0].id, account: account) != nil)
        _ = try await other.remove(id: tracks[0].id, account: account)
        #expect(try await look() == (1, 1))
        #expect(try await catalogue.recentTrack(id: tracks[0].id, account: account) == nil)
        _ = try await other.removeAccount(id: account)
        #expect(try await look() == (1, 1))
    }

    @Test("A change is told of in its own transaction, or not at all")
    func isTold() async throws {
        func rows() async throws -> [String] {
            try await catalogue.database.read { db in
                try db.all("SELECT kind, account FROM catalogueChange ORDER BY id") {
                    "\($0[0] as Int) \($0[1] as Int?, default: "-")"
                }
            }
        }
        let track = try await add(1, to: catalogue)
        try await catalogue.endSession("none")
        #expect(try await catalogue.setPlan("free", account: 99) == false)
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.addPlaylist(named: "p", tracks: ["none"], account: account)
        }
        #expect(try await rows() == ["0 \(account)"])
        _ = try await catalogue.remove(id: track.id, account: account)
        #expect(try await rows() == ["0 \(account)", "1 \(account)"])
        // No row names an account that is gone.
        _ = try await catalogue.removeAccount(id: account)
        #expect(try await rows() == ["0 -", "1 -", "2 -"])
    }

    @Test("Changes are kept for a while, and a later look is told that anything may have changed")
    func isBounded() async throws {
        _ = try await look()
        let most = Int(ChangeFeed.mostRows)
        let feed = other.feed
        try await other.database.write(.keeping) { db in for _ in 0..<2 * most { try feed.note(.other, [], of: nil, db) } }
        let count: Int? = try await catalogue.database.read { try $0.value("SELECT count(*) FROM catalogueChange") }
        #expect((most..<most * 3 / 2).contains(count ?? 0))
        #expect(try await look() == (1, 1))
        #expect(try await look() == (0, 0))
    }

    @Test("A removal by another process ends a wait for its track, and no other wait")
    func endsWaits() async throws {
        let (track, kept) = (try await add(1, to: catalogue), try await add(2, to: catalogue))
        _ = try await look()
        let removals = catalogue.removals
        let catalogue = catalogue
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (waiting, begun) = AsyncStream<Void>.makeStream()
            let (opened, open) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await catalogue.whileStored(kept, since: removals) {
                    begun.yield()
                    for await _ in opened { return }
                    throw CancellationError()
                }
            }
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await catalogue.whileStored(track, since: removals) {
                        begun.yield()
                        try await Task.sleep(for: .seconds(600))
                    }
                }
            }
            var started = 0
            for await _ in waiting {
                started += 1
                if started == 2 { break }
            }
            _ = try await other.remove(id: track.id, account: account)
            try await catalogue.lookForChanges()
            try await group.next()
            open.yield()
            try await group.waitForAll()
        }
        // And one that begins after the removal.
        await #expect(throws: CancellationError.self) {
            try await catalogue.whileStored(track, since: removals) { try await Task.sleep(for: .seconds(600)) }
        }
    }

    @Test("Changes are looked for while a task follows them")
    func follows() async throws {
        let track = try await add(1, to: catalogue)
        let catalogue = catalogue
        let follow = Task { await catalogue.followChanges() }
        defer { follow.cancel() }
        try await catalogue.lookForChanges()
        let removals = catalogue.removals
        _ = try await other.remove(id: track.id, account: account)
        await #expect(throws: CancellationError.self) {
            try await catalogue.whileStored(track, since: removals) { try await Task.sleep(for: .seconds(600)) }
        }
    }
}
