import Audio
import Foundation
import Synchronization
import Testing

@testable import Locker

@Suite("Announcements and removals of files", .everyDriver, .timeLimit(.minutes(10))) struct AnnouncementTests {
    private let clock = SetClock(1_000_000)
    private let fixture: Fixture
    private let account: Int64
    private let hash: OriginalHash
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture(now: { [clock] in clock.time })
        account = try await fixture.catalogue.localAccount()
        hash = try .numbered(1)
    }

    private var arrival: Arrival { get throws { Arrival(hash: hash, map: try map(), measures: SoundMeasures(), title: "t") } }

    private func count(_ table: String) async throws -> Int? {
        try await catalogue.database.read { try $0.value("SELECT count(*) FROM \(table)") }
    }

    @Test("An announced file is removed by no process, and its row ends the announcement")
    func announces() async throws {
        let other = try fixture.another { [clock] in clock.time }
        let announcement = try await catalogue.announce([hash, .numbered(2)])
        #expect(try await other.beginRemoval(of: [hash, .numbered(2)]).hashes == [])
        _ = try await catalogue.add(arrival, account: account, announced: announcement)
        #expect(try await count("announced") == 0)
        #expect(try await other.beginRemoval(of: [hash, .numbered(2)]).hashes == [.numbered(2)])
        await #expect(throws: CatalogueError.announcementGone) {
            try await catalogue.add(arrival, account: account, announced: announcement)
        }
        try other.close()
    }

    @Test("A row of a file that was not announced is refused, and its announcement stays for another try")
    func requires() async throws {
        let announcement = try await catalogue.announce([.numbered(2)])
        await #expect(throws: CatalogueError.announcementGone) {
            try await catalogue.add(arrival, account: account, announced: announcement)
        }
        #expect(try await count("track") == 0)
        #expect(try await count("announced") == 1)
        try await catalogue.withdraw(announcement)
        #expect(try await catalogue.released(before: clock.time) == [.numbered(2)])
        #expect(try await catalogue.announce([]).hashes.isEmpty)
        #expect(try await count("announced") == 0)
    }

    @Test("The same file may be announced twice at once, and a failure of one takes nothing from the other")
    func twice() async throws {
        let (one, other) = (try await catalogue.announce([hash]), try await catalogue.announce([hash]))
        try await catalogue.withdraw(one)
        #expect(try await catalogue.released(before: clock.time) == [hash])
        #expect(try await !catalogue.remove(hash))
        #expect(try await catalogue.released(before: clock.time) == [])
        #expect(try await catalogue.add(arrival, account: account, announced: other).isNew)
    }

    @Test("A file that was announced and never referred to is released at the end of its time", arguments: [3_600_000, -1])
    func expires(step: Int) async throws {
        let announcement = try await catalogue.announce([hash])
        clock.time += 3_599_999
        try await catalogue.expireAnnouncements()
        #expect(try await catalogue.released(before: .max) == [])
        #expect(try await catalogue.beginRemoval(of: [hash]).hashes == [])
        // Or the clock was wrong when it was made.
        clock.time = 1_000_000 + step
        try await catalogue.expireAnnouncements()
        #expect(try await catalogue.released(before: .max) == [hash])
        #expect(try await catalogue.remove(hash))
        await #expect(throws: CatalogueError.announcementGone) {
            try await catalogue.add(arrival, account: account, announced: announcement)
        }
        for table in ["track", "announced", "removing"] { #expect(try await count(table) == 0) }
    }

    @Test("A removal ends an announcement that is too old, and its row is refused")
    func overtakes() async throws {
        let announcement = try await catalogue.announce([hash])
        clock.time += Catalogue.announcementLifetime
        #expect(try await catalogue.remove(hash))
        await #expect(throws: CatalogueError.announcementGone) {
            try await catalogue.add(arrival, account: account, announced: announcement)
        }
        // Nobody needs more than the announcement: one that is merely old is good.
        let late = try await catalogue.announce([hash])
        clock.time += Catalogue.announcementLifetime
        #expect(try await catalogue.add(arrival, account: account, announced: late).isNew)
    }

    @Test("One process removes a file at a time, and a dead process's removal is done again")
    func removals() async throws {
        let first = try await catalogue.beginRemoval(of: [hash])
        #expect(first.hashes == [hash])
        #expect(try await catalogue.released(before: .max) == [hash], "a death leaves it to the next")
        clock.time += 59_999
        #expect(try await catalogue.beginRemoval(of: [hash]).hashes == [])
        clock.time += 1
        let second = try await catalogue.beginRemoval(of: [hash])
        #expect(second.hashes == [hash])
        // The first was not dead: what it says counts no more.
        try await catalogue.end(first, removed: [hash], untouched: [])
        #expect(try await count("removing") == 1)
        try await catalogue.end(second, removed: [hash], untouched: [])
        for table in ["released", "removing"] { #expect(try await count(table) == 0) }
        // One that the clock, put back since, says has not begun yet.
        _ = try await catalogue.beginRemoval(of: [hash])
        clock.time -= 100_000
        #expect(try await catalogue.beginRemoval(of: [hash]).hashes == [hash])
    }

    @Test("An announcement waits for the file's removal, and takes over from a dead process")
    func waits() async throws {
        let removal = try await catalogue.beginRemoval(of: [hash])
        let announcing = Task { [catalogue, hash] in try await catalogue.announce([hash], patience: .seconds(600)) }
        while try await count("announced") == 0 { await Task.yield() }
        #expect(try await catalogue.beginRemoval(of: [hash]).hashes == [])
        try await catalogue.end(removal, removed: [hash], untouched: [])
        #expect(try await catalogue.add(arrival, account: account, announced: announcing.value).isNew)

        _ = try await catalogue.beginRemoval(of: [.numbered(2)])
        let taken = try await catalogue.announce([.numbered(2)], patience: .milliseconds(30))
        #expect(try await count("removing") == 0)
        try await catalogue.withdraw(taken)

        _ = try await catalogue.beginRemoval(of: [.numbered(3)])
        let leaving = Task { [catalogue] in try await catalogue.announce([.numbered(3)], patience: .seconds(600)) }
        while try await count("announced") == 0 { await Task.yield() }
        leaving.cancel()
        await #expect(throws: CancellationError.self) { try await leaving.value }
        #expect(try await count("announced") == 0)
    }

    private final class Flag: Sendable {
        private let state = Mutex(false)

        var isRaised: Bool { state.withLock { $0 } }

        func raise() { state.withLock { $0 = true } }
    }

    private enum Step {
        case announce, put, row, begin, delete, end
    }

    /// All orders of the two processes' steps.
    private static let orders: [[Step]] = {
        func merge(_ one: ArraySlice<Step>, _ other: ArraySlice<Step>) -> [[Step]] {
            guard let a = one.first else { return [Array(other)] }
            guard let b = other.first else { return [Array(one)] }
            return merge(one.dropFirst(), other).map { [a] + $0 } + merge(one, other.dropFirst()).map { [b] + $0 }
        }
        return merge([.announce, .put, .row], [.begin, .delete, .end])
    }()

    @Test("In any order of two processes that add and remove one file, a row has its file", arguments: 0..<20, [true, false])
    func races(order: Int, isExpired: Bool) async throws {
        let other = try fixture.another { [clock] in clock.time }
        let arrival = try arrival
        // The file has been in the store since a row that is gone.
        var isStored = true
        var removal = Removal(hashes: [], claim: "")
        var announcing: Task<Announcement, any Error>?
        let isAnnounced = Flag()
        var isRefused = false
        // What the first process cannot do before the other's removal ends.
        var blocked: [Step] = []
        var isBlocked = false

        func add(_ step: Step) async throws {
            let announcement = try #require(try await announcing?.value)
            if step == .put {
                isStored = true
                return
            }
            do {
                _ = try await catalogue.add(arrival, account: account, announced: announcement)
            } catch CatalogueError.announcementGone {
                isRefused = true
            }
        }

        for step in Self.orders[order] {
            switch step {
            case .announce:
                isBlocked = removal.hashes == [hash]
                announcing = Task { [catalogue, hash, isAnnounced] in
                    let announcement = try await catalogue.announce([hash], patience: .seconds(600))
                    isAnnounced.raise()
                    return announcement
                }
                while try await count("announced") == 0 { await Task.yield() }
                if !isBlocked { _ = try await announcing?.value }
                if isExpired { clock.time += Catalogue.announcementLifetime }
            case .put, .row: if isBlocked { blocked.append(step) } else { try await add(step) }
            case .begin: removal = try await other.beginRemoval(of: [hash])
            case .delete: if removal.hashes == [hash] { isStored = false }
            case .end:
                if isBlocked { #expect(!isAnnounced.isRaised, "announced amid a removal") }
                try await other.end(removal, removed: removal.hashes, untouched: [])
                removal = Removal(hashes: [], claim: "")
                isBlocked = false
                for step in blocked { try await add(step) }
            }
        }
        #expect(try await count("track") == (isRefused ? 0 : 1))
        #expect(isRefused || isStored, "a row without its file: \(Self.orders[order])")
        #expect(!isRefused || isExpired)
        #expect(try await count("removing") == 0)
        try other.close()
    }

    @Test("A catalogue of the version before opens, and its released files are removed")
    func migrates() async throws {
        let path = fixture.path + ".old"
        let old = try SQLiteDatabase(path: path, upTo: "login addresses")
        try await old.write(.keeping) { [hash] db in
            try db.run("INSERT INTO released (sha256, since) VALUES (?, 5)", [hash])
        }
        try old.close()
        let opened = try Catalogue(path: path)
        #expect(try await opened.released(before: 5) == [hash])
        #expect(try await opened.remove(hash))
        #expect(try await opened.released(before: .max) == [])
        #expect(try await opened.add(arrival, account: opened.localAccount()).isNew)
        try opened.close()
    }
}
