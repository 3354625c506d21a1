import Audio
import Crypto
import Foundation
import Logging
import Synchronization
import Taste
import Testing

@testable import Gateway
@testable import Locker

/// Attacks on suggestions, each by what an attacker sees.
@Suite("What one account can learn of another by its suggestions", .timeLimit(.minutes(5)))
struct SuggestionAttackTests {
    private static let listeners = 60

    /// A catalogue with 60 accounts that like songs 1 to 3, of which the first is the attacker's: it has songs 1 and 2.
    private struct Town: Sendable {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        let catalogue: Catalogue
        let board: TasteBoard
        let suggestions: Suggestions
        private(set) var accounts: [Int64] = []

        init() async throws {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            catalogue = Catalogue(database: try SQLiteDatabase(path: folder.path + "/catalogue.sqlite"))
            board = TasteBoard(catalogue: catalogue, logger: Logger(label: "test"))
            suggestions = Suggestions(catalogue: catalogue, board: board, key: SymmetricKey(size: .bits256))
            for number in 0..<listeners {
                let account = try await catalogue.account(named: "listener \(number)")
                accounts.append(account)
                _ = try await catalogue.setTaste(true, account: account)
                for song in number == 0 ? 1...2 : 1...3 { try await own(song, account) }
            }
        }

        /// Runs the board beside `body`, and removes the town.
        func open(_ body: () async throws -> Void) async throws {
            board.start()
            let running = Task { [board] in try await board.run() }
            var failure: (any Error)?
            do {
                // The board's own first reading must not be under way besides.
                while try await board.ask({ $0.listenerCount }) < listeners { await Task.yield() }
                try await body()
            } catch { failure = error }
            running.cancel()
            try? await running.value
            try? FileManager.default.removeItem(at: folder)
            if let failure { throw failure }
        }

        @discardableResult
        func own(
            _ song: Int, _ account: Int64, called title: String? = nil, measures: SoundMeasures = SoundMeasures()
        ) async throws -> Locker.Track {
            let tags = TrackTags(title: title ?? "song \(song)", artist: "artist \(song)")
            var packets = PacketTable()
            let fits = packets.append(offset: 44, size: 4000, samples: 1000)
            try #require(fits)
            let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
            let map = TrackMap(
                container: "wav", source: source, originalBytes: 4044, leadIn: 0, samples: 4_410_000, packets: packets,
                usesPacketFile: false, tags: tags, art: nil)
            let hash = try #require(OriginalHash(bytes: [UInt8(song)] + Array(repeating: 7, count: 31)))
            let arrival = Arrival(hash: hash, map: map, measures: measures, title: "song \(song)")
            return try await catalogue.add(arrival, account: account, announced: catalogue.announce([hash])).track
        }

        func play(_ track: Locker.Track, _ account: Int64) async throws {
            let at = Int(Date.now.timeIntervalSince1970 * 1000)
            #expect(try await catalogue.markPlayed(id: track.id, account: account, at: at))
        }

        /// Everything that an account can see: names, reasons and order.
        func seen(by account: Int64) async throws -> [String] {
            let list = try await suggestions.today(for: account, limit: 100)
            return list.items.map { "\($0.title) \($0.artist) \($0.reasons.map(\.title))" }
        }
    }

    @Test("Asked again and again, a list says nothing of what another plays before the next day's reading")
    func timeChannel() async throws {
        let town = try await Town()
        try await town.open {
            let (spy, victim) = (town.accounts[0], town.accounts[1])
            try await town.board.read()
            let before = try await town.seen(by: spy)
            #expect(before.contains { $0.hasPrefix("song 3") })
            // Four accounts have song 4, and the victim's play makes it five.
            for account in town.accounts[2...5] { try await town.play(try await town.own(4, account), account) }
            try await town.play(try await town.own(4, victim), victim)
            #expect(try await town.seen(by: spy) == before)
            try await town.board.read()
            #expect(try await town.seen(by: spy).contains { $0.hasPrefix("song 4") })
        }
    }

    @Test("What fewer than five accounts have is in nobody else's list, nor in its reasons")
    func rare() async throws {
        let town = try await Town()
        try await town.open {
            for account in town.accounts[1...4] {
                for _ in 0..<5 { try await town.play(try await town.own(9, account), account) }
            }
            try await town.board.read()
            for account in [town.accounts[0], town.accounts[30]] {
                let seen = try await town.seen(by: account)
                #expect(seen.allSatisfy { !$0.contains("song 9") && !$0.contains("artist 9") }, "\(seen)")
            }
        }
    }

    @Test("An account that is gone is in no list, no row and no array at once, and takes nothing along that enough others have")
    func gone() async throws {
        let town = try await Town()
        try await town.open {
            let (spy, victim) = (town.accounts[0], town.accounts[1])
            // Five have song 4 with the victim, and six have song 5.
            for account in town.accounts[1...5] { try await town.own(4, account) }
            for account in town.accounts[1...6] { try await town.own(5, account) }
            try await town.board.read()
            let before = try await town.seen(by: spy)
            #expect(["song 3", "song 4", "song 5"].allSatisfy { song in before.contains { $0.hasPrefix(song) } }, "\(before)")
            #expect(try await town.board.ask { $0.accounts[victim] } != nil)
            _ = try await town.suggestions.today(for: victim, limit: 9)
            #expect(town.board.libraries.withLock { $0.use(victim) } != nil)
            _ = try await town.catalogue.removeAccount(id: victim)
            // Before anyone asks.
            #expect(try await town.board.ask { $0.accounts[victim] } == nil)
            #expect(town.board.libraries.withLock { $0.use(victim) } == nil)
            let after = try await town.seen(by: spy)
            // Four have it now.
            #expect(!after.contains { $0.hasPrefix("song 4") })
            #expect(Set(before).subtracting(after).allSatisfy { $0.hasPrefix("song 4") })
            #expect(Set(after).isSubset(of: before))
            var accounts: Set<Int64> = []
            try town.catalogue.readTastes { try $0.tastes { accounts.insert($0.account) } }
            #expect(!accounts.isEmpty && !accounts.contains(victim))
        }
    }

    @Test("What an account erases, or has when it opts out, is in no array at once; opted in again, it is another listener")
    func erased() async throws {
        let town = try await Town()
        try await town.open {
            let board = town.board
            try await board.read()
            for (account, erase) in [
                (town.accounts[1], { @Sendable account in try await town.catalogue.eraseHistory(account: account) }),
                (town.accounts[2], { @Sendable account in _ = try await town.catalogue.setTaste(false, account: account) })
            ] as [(Int64, @Sendable (Int64) async throws -> Void)] {
                _ = try await town.suggestions.today(for: account, limit: 9)
                try await erase(account)
                #expect(try await board.ask { $0.accounts[account] } == nil)
                #expect(board.libraries.withLock { $0.use(account) } == nil)
            }
            _ = try await town.catalogue.setTaste(true, account: town.accounts[2])
            try await board.dropDeparted()
            #expect(try await board.ask { $0.accounts[town.accounts[2]] } == nil)
        }
    }

    @Test("An account that gets the id of one that is gone is not taken for it")
    func reusedID() async throws {
        let town = try await Town()
        try await town.open {
            let last = try #require(town.accounts.last)
            try await town.board.read()
            // As another process does it, of which no news has come.
            try await town.catalogue.database.write(.keeping) { db in
                try db.run("UPDATE account SET taste = taste + 1 WHERE id = ?", [last])
            }
            #expect(try await town.board.ask { $0.accounts[last] } != nil)
            try await town.board.dropDeparted()
            #expect(try await town.board.ask { $0.accounts[last] } == nil)
        }
    }

    @Test("What was read before is out of memory before all is read again")
    func readingAgain() async throws {
        let town = try await Town()
        try await town.open {
            try await town.catalogue.database.write(.keeping) { try $0.run("ALTER TABLE departure RENAME TO gone") }
            await #expect(throws: CatalogueError.self) { try await town.board.read() }
            #expect(try await town.board.ask { $0.listenerCount } == 0)
            try await town.catalogue.database.write(.keeping) { try $0.run("ALTER TABLE gone RENAME TO departure") }
            try await town.board.read()
            #expect(try await town.board.ask { $0.listenerCount } == Self.listeners)
        }
    }

    @Test("What another process erases or removes is in no answer from then on")
    func otherProcess() async throws {
        let town = try await Town()
        try await town.open {
            let other = Catalogue(database: try SQLiteDatabase(path: town.folder.path + "/catalogue.sqlite"))
            let track = try #require(try await other.tracks(account: town.accounts[1], sort: .added).items.first)
            try await town.play(track, town.accounts[1])
            try await town.board.read()
            try await town.board.dropDeparted()
            #expect(try await town.board.ask { $0.listenerCount } == Self.listeners)
            try await other.eraseHistory(account: town.accounts[1], in: 0..<Int.max)
            _ = try await other.removeAccount(id: town.accounts[2])
            _ = try await town.suggestions.today(for: town.accounts[0], limit: 9)
            #expect(try await town.board.ask { likes in town.accounts[1...2].allSatisfy { likes.accounts[$0] == nil } })
            #expect(try await town.board.ask { $0.listenerCount } == Self.listeners - 2)
            try other.close()
        }
    }

    @Test("A name that five agree on since the reading is shown from the next on, and one that four are left of goes at once")
    func names() async throws {
        let town = try await Town()
        try await town.open {
            let spy = town.accounts[0]
            var tracks: [Int64: Locker.Track] = [:]
            for account in town.accounts[1...5] {
                tracks[account] = try await town.own(4, account, called: account == town.accounts[5] ? "mine" : nil)
            }
            try await town.board.read()
            func isShown() async throws -> Bool { try await town.seen(by: spy).contains { $0.hasPrefix("song 4") } }
            func rename(_ title: String) async throws {
                let account = town.accounts[5]
                let track = try #require(tracks[account])
                var edit = TagEdit()
                edit.title = title
                #expect(try await town.catalogue.edit(edit, ofTrack: track.id, account: account)?.title == title)
            }
            #expect(try await !isShown())
            try await rename("song 4")
            #expect(try await !isShown())
            try await town.board.read()
            #expect(try await isShown())
            try await rename("mine")
            #expect(try await !isShown())
        }
    }

    @Test("What was shown can be hidden after the list has changed; what suggestions do not name cannot")
    func hidesWhatWasShown() async throws {
        let town = try await Town()
        try await town.open {
            let spy = town.accounts[0]
            try await town.board.read()
            let shown = try #require(try await town.suggestions.today(for: spy, limit: 9).items.first { $0.track == nil })
            #expect(shown.title == "song 3")
            // Today's list has nothing of others any more.
            for track in try await town.catalogue.tracks(account: spy, sort: .added).items {
                let recording = try await town.catalogue.recording(of: track.hash)
                let item = HiddenItem(item: track.id, recording: recording, title: "t", artist: "a")
                try await town.catalogue.hide(item, account: spy)
            }
            #expect(try await town.suggestions.today(for: spy, limit: 9).items.allSatisfy { $0.track != nil })
            let item = try #require(try await town.suggestions.item(shown.item, for: spy))
            #expect(item.title == "song 3" && item.recording == shown.recording)
            #expect(try await town.suggestions.item(shown.item, for: town.accounts[1]) == nil)
            // Neither an id nor the like is looked for.
            #expect(try await town.suggestions.item(String(shown.item.dropLast()) + "-", for: spy) == nil)
            for account in town.accounts[1...56] { _ = try await town.catalogue.setTaste(false, account: account) }
            #expect(try await town.suggestions.item(shown.item, for: spy) == nil)
        }
    }

    @Test("A play changes the next answer where the history is full, and tracks that come meanwhile take no sound of others")
    func fullHistory() async throws {
        let town = try await Town()
        try await town.open {
            let account = town.accounts[1]
            let tracks = try await town.catalogue.tracks(account: account, sort: .added).items
            for (number, track) in tracks.prefix(2).enumerated() {
                #expect(try await town.catalogue.markPlayed(id: track.id, account: account, at: 10 + number, keeping: 1))
                let plays = try await town.board.library(of: account).own.plays
                #expect(plays.map(\.at) == [10 + number])
            }
            let measures = SoundMeasures(features: SoundFeatures((0..<SoundFeatures.count).map { Float($0) }))
            let last = try await town.own(9, account, measures: measures)
            #expect(try await town.board.library(of: account).sound?.count == tracks.count + 1)
            // As if it were removed between the reading of the stamp and of the tracks.
            try await town.catalogue.database.write(.keeping) { db in try db.run("DELETE FROM track WHERE id = ?", [last.id]) }
            // A play has no tracks read again.
            #expect(try await town.catalogue.markPlayed(id: tracks[0].id, account: account, at: 20, keeping: 1))
            let played = try await town.board.library(of: account)
            #expect(played.own.plays.map(\.at) == [20] && played.own.tracks.count == tracks.count + 1 && played.sound != nil)
            try await town.catalogue.database.write(.keeping) { db in
                try db.run("UPDATE account SET libraryChanged = libraryChanged + 1 WHERE id = ?", [account])
            }
            let library = try await town.board.library(of: account)
            #expect(library.own.tracks.count == tracks.count && library.sound == nil)
        }
    }

    @Test("Sound that is measured later is in the account's library")
    func measuredLater() async throws {
        let town = try await Town()
        try await town.open {
            let account = town.accounts[0]
            #expect(try await town.board.library(of: account).sound == nil)
            let track = try #require(try await town.catalogue.tracks(account: account, sort: .added).items.first)
            let features = SoundFeatures((0..<SoundFeatures.count).map { Float($0) })
            let announcement = try await town.catalogue.announce([track.hash])
            let rows = try await town.catalogue.setMeasures(
                SoundMeasures(features: features), of: track.hash, announced: announcement)
            #expect(rows == Self.listeners)
            #expect(try await town.board.library(of: account).sound != nil)
        }
    }

    @Test("An account looks for one path at a time, and no longer than it may")
    func seeking() async throws {
        let town = try await Town()
        try await town.open {
            let board = town.board
            let started = AsyncStream.makeStream(of: Void.self)
            let isEnough = Atomic(false)
            async let first = board.seek(for: 1, atMost: .seconds(300)) { _, isOver in
                started.continuation.finish()
                while !isOver(), !isEnough.load(ordering: .relaxed) {}
                return true
            }
            for await _ in started.stream {}
            let second = try await board.seek(for: 1, atMost: .zero) { _, _ in true }
            // It is let in, and waits for the thread of all.
            async let other = board.seek(for: 2, atMost: .zero) { _, isOver in isOver() }
            isEnough.store(true, ordering: .relaxed)
            let (found, sought) = (try await first, try await other)
            let third = try await board.seek(for: 1, atMost: .zero) { _, isOver in isOver() }
            #expect(second == nil && sought == true && found == true && third == true)
        }
    }
}
