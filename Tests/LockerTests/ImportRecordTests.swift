import Audio
import Synchronization
import Testing

@testable import Locker

@Suite("Records of imported files", .everyDriver) struct ImportRecordTests {
    private static let identity = ImportRecord.Identity(
        device: .max, inode: 1 << 63, size: 5, modified: 1_700_000_000_123_456_789)

    private func record(_ path: [UInt8], _ verdict: ImportRecord.Verdict, inode: UInt64 = 1 << 63) -> ImportRecord {
        var identity = Self.identity
        identity.inode = inode
        return ImportRecord(path: path, identity: identity, beside: "art 1.2.3", verdict: verdict, version: "2 extra")
    }

    private func record(_ path: String, _ verdict: ImportRecord.Verdict, inode: UInt64 = 1 << 63) -> ImportRecord {
        record(Array(path.utf8), verdict, inode: inode)
    }

    @Test("A record is written with its track, and stays when that is removed")
    func isWrittenWithTheTrack() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        let other = try await catalogue.account(named: "other")
        // Not UTF-8, and with a zero inside.
        let taken = record([0x2F, 0xF6, 0, 0x2E], .taken(try .numbered(1)))
        let arrival = Arrival(hash: try .numbered(1), map: try map(), title: "t", record: taken)
        let track = try await catalogue.add(arrival, account: account).track
        #expect(try await catalogue.imported(path: taken.path, account: account) == .init(record: taken, track: track))
        #expect(try await catalogue.imported(path: taken.path, account: other) == nil)
        #expect(try await catalogue.imported(path: [0x2F], account: account) == nil)
        #expect(try await catalogue.imported(identity: taken.identity, account: account).map(\.record) == [taken])
        #expect(try await catalogue.imported(identity: taken.identity, account: other) == [])
        _ = try await catalogue.remove(id: track.id, account: account)
        #expect(try await catalogue.imported(path: taken.path, account: account) == .init(record: taken, track: nil))

        let refused = record(taken.path, .refused(reason: "no"))
        try await catalogue.note(refused, account: account)
        #expect(try await catalogue.imported(path: taken.path, account: account) == .init(record: refused, track: nil))
    }

    @Test("A record is not written if its track is not")
    func isNotWrittenWithoutTheTrack() async throws {
        let fixture = try Fixture()
        let account = try await fixture.catalogue.localAccount()
        let arrival = Arrival(
            hash: try .numbered(1), map: try map(), title: "t", record: record("/a", .taken(try .numbered(1))))
        let other = try await fixture.catalogue.announce([.numbered(2)])
        await #expect(throws: CatalogueError.announcementGone) {
            try await fixture.catalogue.add(arrival, account: account, announced: other)
        }
        #expect(try await fixture.catalogue.imported(path: Array("/a".utf8), account: account) == nil)
    }

    @Test("A file is found by its identity wherever it was, and its record follows its move")
    func moves() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        for path in ["/a/1", "/a/2"] { try await catalogue.note(record(path, .refused(reason: "no")), account: account) }
        try await catalogue.note(record("/b", .refused(reason: "no"), inode: 3), account: account)
        #expect(
            try await catalogue.imported(identity: Self.identity, account: account).map(\.record.path)
                == ["/a/1", "/a/2"].map { Array($0.utf8) })
        var changed = Self.identity
        changed.modified += 1
        #expect(try await catalogue.imported(identity: changed, account: account) == [])
        try await catalogue.note(record("/c", .refused(reason: "no")), movedFrom: Array("/a/1".utf8), account: account)
        #expect(
            try await catalogue.imported(identity: Self.identity, account: account).map(\.record.path)
                == ["/a/2", "/c"].map { Array($0.utf8) })
    }

    @Test("The paths under a folder come in pages, and no others")
    func pages() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        let inside = (0..<7).map { "/music/\($0 % 3)/\($0)" }.sorted()
        for path in inside + ["/music", "/music0", "/music-2/x", "/mus", "/z"] {
            try await catalogue.note(record(path, .refused(reason: "no")), account: account)
        }
        var found: [String] = []
        var last: [UInt8]?
        repeat {
            let page = try await catalogue.importedPaths(under: Array("/music".utf8), account: account, after: last, limit: 3)
            found += page.map { String(decoding: $0, as: UTF8.self) }
            last = page.last
        } while last != nil && found.count < 20
        #expect(found == inside)
        try await catalogue.forget(paths: inside.map { Array($0.utf8) }, account: account)
        #expect(try await catalogue.importedPaths(under: Array("/music".utf8), account: account) == [])
        #expect(try await catalogue.imported(path: Array("/music0".utf8), account: account) != nil)
    }

    @Test("Another imported file of the old Original keeps its track from becoming another")
    func keepsCopies() async throws {
        let fixture = try Fixture()
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        let old = try OriginalHash.numbered(1)
        for path in ["/a", "/copy"] {
            let arrival = Arrival(
                hash: old, map: try map(), measures: SoundMeasures(soundHash: 5), title: "t", record: record(path, .taken(old)))
            _ = try await catalogue.add(arrival, account: account)
        }
        let arrival = Arrival(
            hash: try .numbered(2), map: try map(), measures: SoundMeasures(soundHash: 5), title: "t",
            record: record("/a", .taken(try .numbered(2))))
        #expect(try await catalogue.replace(old, by: arrival, account: account) == nil)
        try await catalogue.forget(paths: [Array("/copy".utf8)], account: account)
        #expect(try await catalogue.replace(old, by: arrival, account: account) != nil)
    }

    @Test("Every statement that the catalogue runs is answered by an index")
    func usesIndexes() async throws {
        let statements = Mutex<Set<String>>([])
        let fixture = try Fixture(onStatement: { text in statements.withLock { _ = $0.insert(text) } })
        let catalogue = fixture.catalogue
        let account = try await catalogue.localAccount()
        statements.withLock { $0 = [] }
        let picture = Picture(format: .png, width: 1, height: 1, bytes: 1)
        let hash = try OriginalHash.numbered(1)
        let (old, path) = (record("/a", .taken(hash)), Array("/a".utf8))
        var tags = TrackTags(title: "t")
        tags.lyrics = .init(text: "la", isSynchronised: false)
        let (map, measures) = (try map(tags, art: picture), SoundMeasures(soundHash: 1))
        let arrival = Arrival(hash: hash, map: map, measures: measures, title: "t", art: try .numbered(9), record: old)
        let track = try await catalogue.add(arrival, account: account).track
        _ = try await catalogue.add(arrival, account: account)
        let other = Arrival(hash: hash, map: map, measures: measures, title: "t")
        _ = try await catalogue.add(other, account: catalogue.account(named: "other"))
        var louder = measures
        louder.loudness = .init(integrated: 1, truePeak: 1, range: 1)
        _ = try await catalogue.remeasure(hash, map: map, measures: louder, art: .numbered(9))
        _ = try await catalogue.setMeasures(measures, of: hash, announced: catalogue.announce([hash]))
        try await catalogue.forgetMeasures(of: hash)
        _ = try await catalogue.imported(path: path, account: account)
        _ = try await catalogue.imported(identity: old.identity, account: account)
        try await catalogue.note(old, movedFrom: Array("/b".utf8), account: account)
        _ = try await catalogue.importedPaths(under: path, account: account, after: path)
        let beside = Beside(art: nil, lyrics: tags.lyrics)
        _ = try await catalogue.setBeside(beside, of: track.id, account: account, record: old)
        var retagged = Arrival(hash: try .numbered(2), map: map, measures: measures, title: "t", art: try .numbered(9))
        retagged.record = record("/a", .taken(try .numbered(2)))
        #expect(try await catalogue.replace(hash, by: retagged, account: account) != nil)
        _ = try await catalogue.lyrics(of: track.id, account: account)
        _ = try await catalogue.remove(.numbered(3))
        try await catalogue.withdraw(try await catalogue.announce([.numbered(3)]))
        try await catalogue.expireAnnouncements()
        _ = try await catalogue.released(before: 0)
        try await catalogue.markPlayed(id: track.id, account: account, keeping: 0)
        _ = try await catalogue.addPlaylist(named: "a", tracks: [], account: account, ofAtMost: 1)
        _ = try await catalogue.track(id: track.id, account: account)
        for sort in TrackSort.allCases { _ = try await catalogue.tracks(account: account, sort: sort) }
        try await catalogue.forget(paths: [path], account: account)
        _ = try await catalogue.remove(id: track.id, account: account)

        let seen = statements.withLock { $0 }.filter { text in
            ["SELECT", "UPDATE", "DELETE", "INSERT"].contains { text.hasPrefix($0) } && !text.contains("sqlite_master")
                // FTS5's own, a few rows, after a change of the schema.
                && !text.contains("search_config")
                // What changes the library of all accounts is noted in all of them.
                && (!text.hasPrefix("UPDATE account SET libraryChanged") || text.contains("WHERE"))
        }
        #expect(seen.count > 25)
        for text in seen {
            for step in try await catalogue.plan(of: text) {
                #expect(!step.hasPrefix("SCAN") && !step.contains("TEMP B-TREE"), "\(text): \(step)")
            }
        }
    }
}
