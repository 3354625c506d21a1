import Audio
import Testing

@testable import Locker

@Suite("Shares", .everyDriver) struct ShareTests {
    private let clock = SetClock(1_000_000)
    private let fixture: Fixture
    private let ada: Int64
    private let eve: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        let clock = clock
        fixture = try Fixture(now: { clock.time })
        ada = try await fixture.catalogue.account(named: "ada")
        eve = try await fixture.catalogue.account(named: "eve")
    }

    private func add(_ number: Int, _ title: String, on album: String = "L") async throws -> Track {
        let tags = TrackTags(title: title, artist: "A", albumArtist: "", album: album, track: number)
        return try await catalogue.add(account: ada, hash: .numbered(number), map: map(tags), title: "-").track
    }

    private func share(_ subject: Share.Subject, expires: Int? = nil) async throws -> Share {
        try #require(try await catalogue.addShare(of: subject, description: "d", expires: expires, account: ada))
    }

    private func titles(_ share: Share) async throws -> [String] { try await catalogue.tracks(of: share).items.map(\.title) }

    @Test("A share of tracks keeps their order, and loses those that are deleted")
    func tracks() async throws {
        let (a, b) = (try await add(1, "a"), try await add(2, "b"))
        let share = try await share(.tracks([b.id, a.id, b.id]))
        #expect(share.kind == .tracks && share.name == "b" && share.tracks == 3 && share.created == clock.time)
        #expect(try await titles(share) == ["b", "a", "b"])
        let first = try await catalogue.tracks(of: share, limit: 2)
        #expect(try await catalogue.tracks(of: share, after: first.next, limit: 2).items.map(\.id) == [b.id])
        _ = try await catalogue.remove(id: b.id, account: ada)
        let left = try #require(try await catalogue.share(id: share.id, account: ada))
        #expect(left.name == "a" && left.tracks == 1)
        #expect(try await titles(share) == ["a"])
        _ = try await catalogue.remove(id: a.id, account: ada)
        #expect(try await catalogue.share(id: share.id, account: ada)?.name == "")
    }

    @Test("A share of an album or a playlist follows it, and the playlist's ends with it")
    func follows() async throws {
        let (a, b) = (try await add(1, "a"), try await add(2, "b"))
        let list = try await catalogue.addPlaylist(named: "p", tracks: [b.id], account: ada)
        let (ofAlbum, ofList) = (try await share(.album(a.albumID)), try await share(.playlist(list.id)))
        #expect(ofAlbum.kind == .album && ofAlbum.name == "L" && ofAlbum.tracks == 2)
        #expect(ofList.kind == .playlist && ofList.name == "p" && ofList.tracks == 1)
        let c = try await add(3, "c")
        _ = try await catalogue.changePlaylist(id: list.id, name: "q", tracks: [c.id, b.id], account: ada)
        #expect(try await titles(ofAlbum) == ["a", "b", "c"])
        #expect(try await titles(ofList) == ["c", "b"])
        #expect(try await catalogue.share(id: ofList.id, account: ada)?.name == "q")
        let removals = catalogue.removals
        #expect(try await catalogue.isShared(c.id, by: ofList.id, account: ada))
        #expect(try await catalogue.removePlaylist(id: list.id, account: ada))
        #expect(try await catalogue.share(id: ofList.id, account: ada) == nil)
        #expect(try await !catalogue.isShared(c.id, by: ofList.id, account: ada))
        #expect(catalogue.removals > removals, "streams by the share would go on")
        #expect(try await catalogue.isShared(c.id, by: ofAlbum.id, account: ada))
    }

    @Test("An album keeps its marks and shares under another title or album artist, an artist its marks under another name")
    func renamed() async throws {
        let tracks = [try await add(1, "a"), try await add(2, "b")]
        let share = try await share(.album(tracks[0].albumID))
        for (kind, id) in [(Markable.album, tracks[0].albumID), (.artist, tracks[0].artistID)] {
            #expect(try await catalogue.setFavourite(true, kind, id: id, account: ada))
            #expect(try await catalogue.setRating(4, kind, id: id, account: ada))
        }
        for change in [\TagEdit.album, \.albumArtist, \.artist] {
            var edit = TagEdit()
            edit[keyPath: change] = "Zero"
            for track in tracks { _ = try await catalogue.edit(edit, ofTrack: track.id, account: ada) }
            let now = try #require(try await catalogue.share(id: share.id, account: ada))
            #expect(try await titles(now) == ["a", "b"] && now.name == "Zero")
            #expect(try await catalogue.isShared(tracks[1].id, by: share.id, account: ada))
            let albums = try await catalogue.favouriteAlbums(account: ada).items
            #expect(albums.map(\.tracks) == [2] && albums.map(\.marks.rating) == [4])
        }
        let artists = try await catalogue.favouriteArtists(account: ada).items
        #expect(artists.map(\.name) == ["Zero"] && artists.map(\.marks.rating) == [4])
    }

    @Test("A share of an album whose last track joins another album does not show that one")
    func joined() async throws {
        let (a, b) = (try await add(1, "a"), try await add(2, "b", on: "M"))
        let share = try await share(.album(a.albumID))
        var edit = TagEdit()
        edit.album = "M"
        #expect(try await catalogue.edit(edit, ofTrack: a.id, account: ada)?.albumID == b.albumID)
        #expect(try await titles(#require(try await catalogue.share(id: share.id, account: ada))).isEmpty)
        #expect(try await !catalogue.isShared(b.id, by: share.id, account: ada))
    }

    @Test("Only what the account has is shared, and only the account changes or ends it")
    func isOwn() async throws {
        let a = try await add(1, "a")
        let list = try await catalogue.addPlaylist(named: "p", tracks: [a.id], account: ada)
        let share = try await share(.tracks([a.id]))
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.addShare(of: .tracks([a.id]), description: "", expires: nil, account: eve)
        }
        for subject in [Share.Subject.album(a.albumID), .playlist(list.id), .album("none")] {
            #expect(try await catalogue.addShare(of: subject, description: "", expires: nil, account: eve) == nil)
        }
        #expect(try await catalogue.shares(account: eve).items.isEmpty)
        #expect(try await catalogue.share(id: share.id, account: eve) == nil)
        #expect(try await catalogue.changeShare(id: share.id, description: "x", expires: nil, account: eve) == nil)
        #expect(try await !catalogue.removeShare(id: share.id, account: eve))
        #expect(try await !catalogue.isShared(a.id, by: share.id, account: eve))
        #expect(try await catalogue.shares(account: ada).items == [share])
    }

    @Test("A share offers its own tracks until it expires or is removed")
    func ends() async throws {
        let (a, b) = (try await add(1, "a"), try await add(2, "b", on: "M"))
        let share = try await share(.album(a.albumID), expires: clock.time + 100)
        #expect(try await catalogue.isShared(a.id, by: share.id, account: ada))
        #expect(try await !catalogue.isShared(b.id, by: share.id, account: ada))
        #expect(try await catalogue.openShare(id: share.id)?.owner == "ada")
        clock.time += 100
        #expect(try await !catalogue.isShared(a.id, by: share.id, account: ada))
        #expect(try await catalogue.openShare(id: share.id) == nil)
        // Its owner still sees it, and may give it another end.
        let changed = try await catalogue.changeShare(id: share.id, description: nil, expires: .some(nil), account: ada)
        #expect(changed?.expires == nil && changed?.description == "d")
        #expect(try await catalogue.isShared(a.id, by: share.id, account: ada))
        let removals = catalogue.removals
        #expect(try await catalogue.removeShare(id: share.id, account: ada))
        #expect(try await !catalogue.isShared(a.id, by: share.id, account: ada))
        #expect(try await catalogue.openShare(id: share.id) == nil)
        #expect(catalogue.removals > removals)
    }

    @Test("A removed share ends waits for its tracks, and waits of the account's own go on")
    func endsWaits() async throws {
        let a = try await add(1, "a")
        let share = try await share(.tracks([a.id]))
        let (catalogue, removals, ada) = (catalogue, catalogue.removals, ada)
        try await withThrowingTaskGroup(of: Void.self) { group in
            let (waiting, begun) = AsyncStream<Void>.makeStream()
            let (opened, open) = AsyncStream<Void>.makeStream()
            group.addTask {
                try await catalogue.whileStored(a, since: removals) {
                    begun.yield()
                    for await _ in opened { return }
                    throw CancellationError()
                }
            }
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await catalogue.whileStored(a, sharedBy: share.id, since: removals) {
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
            #expect(try await catalogue.removeShare(id: share.id, account: ada))
            try await group.next()
            open.yield()
            try await group.waitForAll()
        }
    }

    @Test("An account has 1,000 shares and no more, the latest are listed first, and visits are counted")
    func list() async throws {
        let a = try await add(1, "a")
        var ids: [String] = []
        for _ in 0..<Share.most {
            clock.time += 1
            ids.append(try await share(.tracks([a.id])).id)
        }
        await #expect(throws: CatalogueError.tooManyShares) { _ = try await share(.tracks([a.id])) }
        var listed: [String] = []
        var next: String?
        repeat {
            let page = try await catalogue.shares(account: ada, after: next, limit: 400)
            listed += page.items.map(\.id)
            next = page.next
        } while next != nil
        #expect(listed == ids.reversed())
        #expect(try await catalogue.removeShare(id: ids[0], account: ada))
        let last = try await share(.tracks([a.id]))
        #expect(last.visits == 0 && last.visited == nil)
        for _ in 0..<2 { try await catalogue.noteVisit(ofShare: last.id) }
        let visited = try await catalogue.share(id: last.id, account: ada)
        #expect(visited?.visits == 2 && visited?.visited == clock.time)
        _ = try await catalogue.removeAccount(id: ada)
        #expect(try await catalogue.openShare(id: last.id) == nil)
    }

    @Test("Lists of shares and of sessions, and what a share offers, are read from indexes")
    func plans() async throws {
        for listing in [
            Catalogue.shareListing, Catalogue.sessionListing, Catalogue.shareTrackListing, Catalogue.queueTrackListing
        ] {
            for continued in [false, true] {
                let plan = try await catalogue.plan(of: listing.statement(continued: continued)).joined(separator: "; ")
                #expect(!plan.contains("SCAN"), "\(plan)")
                #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
            }
        }
    }
}
