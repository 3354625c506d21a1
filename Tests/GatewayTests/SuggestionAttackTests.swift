import Audio
import Crypto
import Foundation
import Logging
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
            do { try await body() } catch { failure = error }
            running.cancel()
            try? await running.value
            try? FileManager.default.removeItem(at: folder)
            if let failure { throw failure }
        }

        @discardableResult
        func own(_ song: Int, _ account: Int64) async throws -> Locker.Track {
            var packets = PacketTable()
            let fits = packets.append(offset: 44, size: 4000, samples: 1000)
            try #require(fits)
            let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
            let map = TrackMap(
                container: "wav", source: source, originalBytes: 4044, leadIn: 0, samples: 1000, packets: packets,
                usesPacketFile: false, tags: TrackTags(title: "song \(song)", artist: "artist \(song)"), art: nil)
            let hash = try #require(OriginalHash(bytes: [UInt8(song)] + Array(repeating: 7, count: 31)))
            let arrival = Arrival(hash: hash, map: map, measures: SoundMeasures(), title: "song \(song)")
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
            #expect(town.board.likes(of: try await town.catalogue.listeners()).accounts[victim] != nil)
            _ = try await town.catalogue.removeAccount(id: victim)
            let after = try await town.seen(by: spy)
            #expect(town.board.likes(of: try await town.catalogue.listeners()).accounts[victim] == nil)
            // Four have it now.
            #expect(!after.contains { $0.hasPrefix("song 4") })
            #expect(Set(before).subtracting(after).allSatisfy { $0.hasPrefix("song 4") })
            #expect(Set(after).isSubset(of: before))
            let rows = try await town.catalogue.recordingTastes(after: nil).tastes
            #expect(!rows.isEmpty && rows.allSatisfy { $0.account != victim })
        }
    }
}
