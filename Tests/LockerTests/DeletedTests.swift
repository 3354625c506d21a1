import Audio
import Testing

@testable import Locker

@Suite("Deleted tracks", .everyDriver) struct DeletedTests {
    private let clock = SetClock(1_000_000)
    private let fixture: Fixture
    private let ada: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        let clock = clock
        fixture = try Fixture(now: { clock.time })
        ada = try await fixture.catalogue.account(named: "ada")
    }

    private func add(_ number: Int, _ title: String, on album: String = "L", to account: Int64? = nil) async throws -> Track {
        var tags = TrackTags(title: title, artist: "A", albumArtist: "", album: album, track: number, genres: ["Rock"])
        tags.lyrics = .init(text: "la \(number)", isSynchronised: false)
        clock.time += 10
        let picture = Picture(format: .png, width: 1, height: 1, bytes: 1)
        let arrival = Arrival(
            hash: try .numbered(number), map: try map(tags, art: picture), title: "-", art: try .numbered(100 + number),
            path: "m/\(album)/\(number).flac")
        return try await catalogue.add(arrival, account: account ?? ada).track
    }

    /// Everything that lists and counts say of an account.
    private struct Look: Equatable {
        var tracks: [[Track]] = []
        var albums: [Album] = []
        var artists: [Artist] = []
        var genres: [Genre] = []
        var plays: [Play] = []
        var playlists: [Playlist] = []
        var found: [String] = []
        var lyrics: [TrackTags.Lyrics?] = []
        var account: Account?
    }

    private func look() async throws -> Look {
        var look = Look()
        for sort in TrackSort.allCases {
            look.tracks.append(try await catalogue.tracks(account: ada, sort: sort).items)
        }
        for track in look.tracks[0] {
            look.lyrics.append(try await catalogue.lyrics(of: track.id, account: ada))
            look.tracks.append(try await catalogue.tracks(account: ada, .album(track.albumID)).items)
        }
        look.tracks.append(try await catalogue.tracks(account: ada, .favourites).items)
        look.tracks.append(try await catalogue.tracks(account: ada, .genre("Rock")).items)
        look.albums = try await catalogue.albums(account: ada, sort: .name).items
        look.artists = try await catalogue.artists(account: ada).items
        look.genres = try await catalogue.genres(account: ada).items
        look.plays = try await catalogue.history(account: ada).items
        look.playlists = try await catalogue.playlists(account: ada).items
        look.found = try await catalogue.search("second", account: ada).tracks.map(\.id)
        look.account = try await catalogue.account(id: ada)
        return look
    }

    private func restore(_ id: String, since: Int = 0, quota: Int? = nil) async throws -> Track? {
        try await catalogue.restore(id: id, account: ada, deletedSince: since, quota: quota)
    }

    private func order(_ playlist: String) async throws -> [String] {
        try await catalogue.tracks(ofPlaylist: playlist, account: ada)?.items.map(\.title) ?? []
    }

    @Test("A track that is put back is as it was: tags as edited, marks, plays, lyrics, and its place in every list and count")
    func asItWas() async throws {
        let tracks = [try await add(1, "first"), try await add(2, "to edit"), try await add(3, "alone", on: "M")]
        var edit = TagEdit()
        (edit.title, edit.year, edit.genres, edit.artist) = ("second", 1987, ["Rock", "Jazz"], "A & B")
        _ = try await catalogue.edit(edit, ofTrack: tracks[1].id, account: ada)
        for track in tracks {
            #expect(try await catalogue.setFavourite(true, .track, id: track.id, account: ada))
            #expect(try await catalogue.setRating(4, .track, id: track.id, account: ada))
            for time in [5, 7] { try await catalogue.markPlayed(id: track.id, account: ada, at: time, stopped: 3) }
        }
        #expect(try await catalogue.setFavourite(true, .album, id: tracks[2].albumID, account: ada))
        let titles = tracks.map(\.id)
        let list = try await catalogue.addPlaylist(named: "p", tracks: titles + titles, account: ada)
        let share = try #require(
            try await catalogue.addShare(of: .tracks(titles), description: "", expires: nil, account: ada))
        let before = try await look()
        let order = try await order(list.id)
        // One after the other, then all together, and put back in another order.
        for removed in [[0], [1], [2], [0, 1, 2]] {
            for place in removed {
                clock.time += 10
                #expect(try await catalogue.remove(id: tracks[place].id, account: ada) != nil)
                #expect(try await catalogue.track(id: tracks[place].id, account: ada) == nil)
            }
            let listed = try await catalogue.deletedTracks(account: ada, since: 0).items
            #expect(listed.map(\.id) == removed.reversed().map { tracks[$0].id })
            #expect(listed.first?.deleted == clock.time)
            for place in removed.reversed() {
                let wanted = before.tracks[0].first { $0.id == tracks[place].id }
                let restored = try await restore(tracks[place].id)
                // What an album's tracks say of its artists is whole when they all are back.
                #expect(removed.count == 1 ? restored == wanted : restored?.id == wanted?.id)
            }
            var after = try await look()
            // It was changed just now.
            for place in after.playlists.indices { after.playlists[place].changed = before.playlists[place].changed }
            #expect(after == before)
            #expect(try await self.order(list.id) == order)
            #expect(try await catalogue.tracks(of: share).items.map(\.id) == titles)
            #expect(try await catalogue.deletedTracks(account: ada, since: 0).items.isEmpty)
            #expect(try await restore(tracks[0].id) == nil)
        }
    }

    @Test("What was deleted is its account's alone, and after its time it stays deleted")
    func ends() async throws {
        let eve = try await catalogue.account(named: "eve")
        let track = try await add(1, "a")
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        let time = clock.time
        #expect(try await catalogue.restore(id: track.id, account: eve, deletedSince: 0, quota: nil) == nil)
        #expect(try await catalogue.deletedTracks(account: eve, since: 0).items.isEmpty)
        #expect(try await catalogue.deletedTracks(account: ada, since: time).items.isEmpty)
        #expect(try await restore(track.id, since: time) == nil)
        #expect(try await restore("none") == nil)
        try await catalogue.expireDeleted(before: time - 1)
        #expect(try await catalogue.deletedTracks(account: ada, since: 0).items.map(\.id) == [track.id])
        try await catalogue.expireDeleted(before: time)
        #expect(try await restore(track.id) == nil)
        #expect(try await catalogue.count(account: ada) == 0)
    }

    @Test("A playlist that was changed meanwhile takes the track in at its former place, and one that is gone stays gone")
    func playlists() async throws {
        let tracks = [try await add(1, "a"), try await add(2, "b"), try await add(3, "c"), try await add(4, "d")]
        let ids = tracks.map(\.id)
        let kept = try await catalogue.addPlaylist(named: "kept", tracks: ids, account: ada)
        let changed = try await catalogue.addPlaylist(named: "changed", tracks: ids, account: ada)
        let short = try await catalogue.addPlaylist(named: "short", tracks: ids, account: ada)
        let gone = try await catalogue.addPlaylist(named: "gone", tracks: ids, account: ada)
        #expect(try await catalogue.remove(id: ids[1], account: ada) != nil)
        _ = try await catalogue.changePlaylist(id: changed.id, name: nil, tracks: [ids[3], ids[2], ids[0], ids[3]], account: ada)
        _ = try await catalogue.changePlaylist(id: short.id, name: nil, tracks: [], account: ada)
        #expect(try await catalogue.removePlaylist(id: gone.id, account: ada))
        clock.time += 10
        #expect(try await restore(ids[1]) != nil)
        #expect(try await order(kept.id) == ["a", "b", "c", "d"])
        #expect(try await order(changed.id) == ["d", "b", "c", "a", "d"])
        #expect(try await order(short.id) == ["b"])
        #expect(try await catalogue.playlists(account: ada).items.map(\.name).sorted() == ["changed", "kept", "short"])
        let now = try #require(try await catalogue.playlist(id: changed.id, account: ada))
        #expect(now.tracks == 5 && now.changed == clock.time)
        // And a second time, between tracks that moved on.
        #expect(try await catalogue.remove(id: ids[1], account: ada) != nil)
        #expect(try await restore(ids[1]) != nil)
        #expect(try await order(changed.id) == ["d", "b", "c", "a", "d"])
    }

    @Test("A track takes over what the same file, uploaded again, is part of")
    func twin() async throws {
        let first = try await add(1, "a")
        let other = try await add(2, "b")
        try await catalogue.markPlayed(id: first.id, account: ada, at: 5)
        let old = try await catalogue.addPlaylist(named: "old", tracks: [first.id, other.id], account: ada)
        #expect(try await catalogue.remove(id: first.id, account: ada) != nil)
        let twin = try await add(1, "a")
        #expect(twin.id != first.id)
        try await catalogue.markPlayed(id: twin.id, account: ada, at: 9)
        #expect(try await catalogue.setRating(3, .track, id: twin.id, account: ada))
        let new = try await catalogue.addPlaylist(named: "new", tracks: [other.id, twin.id], account: ada)
        let share = try #require(
            try await catalogue.addShare(of: .tracks([twin.id]), description: "", expires: nil, account: ada))
        let bytes = try await catalogue.account(id: ada)?.bytes
        // The room for it is its twin's, so a full account may have it back.
        let back = try #require(try await restore(first.id, quota: 1))
        #expect(back.id == first.id && back.albumID == first.albumID && back.marks.rating == 3 && back.played == 9)
        #expect(try await catalogue.tracks(account: ada, sort: .added).items.map(\.id) == [first.id, other.id])
        #expect(try await catalogue.history(account: ada).items.map(\.at) == [9, 5])
        #expect(try await catalogue.tracks(account: ada, sort: .mostPlayed).items.first?.id == first.id)
        #expect(try await order(old.id) == ["a", "b"])
        #expect(try await order(new.id) == ["b", "a"])
        #expect(try await catalogue.tracks(of: share).items.map(\.id) == [first.id])
        #expect(try await catalogue.account(id: ada)?.bytes == bytes)
        #expect(try await catalogue.account(id: ada)?.tracks == 2)
        #expect(try await catalogue.deletedTracks(account: ada, since: 0).items.isEmpty)
        #expect(try await catalogue.albums(account: ada, sort: .name).items.map(\.tracks) == [2])
    }

    @Test("A track comes back with its skips and its bookmark, unless what was learned was erased meanwhile")
    func listening() async throws {
        let track = try await add(1, "a")
        try await catalogue.setTaste(true, account: ada)
        try await catalogue.markPlayed(id: track.id, account: ada, at: 5, heard: 1)
        #expect(try await catalogue.setBookmark(ofTrack: track.id, position: 7, comment: "c", account: ada))
        let before = (try await catalogue.skips(account: ada).items, try await catalogue.tasteRows(account: ada).map(\.weight))
        #expect(before.0.map(\.at) == [5])
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        #expect(try await restore(track.id) != nil)
        #expect(try await catalogue.skips(account: ada).items == before.0)
        #expect(try await abs(catalogue.tasteRows(account: ada)[0].weight - before.1[0]) < 1e-6)
        let bookmark = try #require(try await catalogue.bookmarks(account: ada).first)
        #expect(bookmark.position == 7 && bookmark.comment == "c" && bookmark.song.track.id == track.id)
        for isLate in [true, false] {
            #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
            if isLate { try await catalogue.eraseHistory(account: ada, in: 6..<9) }
            if !isLate { try await catalogue.setTaste(false, account: ada) }
            #expect(try await restore(track.id) != nil)
            #expect(try await catalogue.skips(account: ada).items.count == (isLate ? 1 : 0))
        }
    }

    @Test("A track takes over the place in the queue, the bookmark and the hidden mark of the same file")
    func twinInQueue() async throws {
        let first = try await add(1, "a")
        let other = try await add(2, "b")
        #expect(try await catalogue.remove(id: first.id, account: ada) != nil)
        let twin = try await add(1, "a")
        try await catalogue.setPlayQueue(tracks: [other.id, twin.id, twin.id], current: 1, position: 5, account: ada)
        #expect(try await catalogue.setBookmark(ofTrack: twin.id, position: 7, comment: "", account: ada))
        try await catalogue.hide(HiddenItem(item: twin.id, recording: nil, title: "a", artist: "A"), account: ada)
        #expect(try await restore(first.id) != nil)
        let queue = try #require(try await catalogue.playQueue(account: ada))
        #expect(queue.tracks == [other.id, first.id, first.id] && queue.current == 1 && queue.position == 5)
        #expect(try await catalogue.bookmarks(account: ada).map(\.song.track.id) == [first.id])
        #expect(try await catalogue.hiddenItems(account: ada).items.map(\.item) == [first.id])
    }

    @Test("A track whose room was used meanwhile stays deleted until there is room again")
    func quota() async throws {
        let track = try await add(1, "a")
        let quota = track.bytes + 10
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        let declaration = UploadRecord.Declaration(name: "b", length: 11, isResumable: true)
        let upload = try await catalogue.beginUpload(declaration, id: Identifier.random(), account: ada, quota: quota)
        await #expect(throws: CatalogueError.overQuota) { try await restore(track.id, quota: quota) }
        #expect(try await catalogue.count(account: ada) == 0)
        #expect(try await catalogue.deletedTracks(account: ada, since: 0).items.map(\.id) == [track.id])
        try await catalogue.removeUpload(upload.id)
        #expect(try await restore(track.id, quota: quota) == track)
    }

    @Test("A history that was erased meanwhile does not come back")
    func erasedHistory() async throws {
        let track = try await add(1, "a")
        try await catalogue.markPlayed(id: track.id, account: ada, at: 5)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        try await catalogue.eraseHistory(account: ada)
        #expect(try await restore(track.id)?.played == nil)
        #expect(try await catalogue.history(account: ada).items.isEmpty)
    }

    @Test("When the moment at which it was added is another's by now, it gets the next")
    func added() async throws {
        let track = try await add(1, "a")
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        clock.time = track.added
        let tags = TrackTags(title: "b", artist: "A", albumArtist: "", album: "")
        #expect(try await catalogue.add(account: ada, hash: .numbered(2), map: map(tags), title: "-").track.added == track.added)
        #expect(try await restore(track.id)?.added == track.added + 1)
    }

    @Test("Files of a track that can be put back are not removed, by whichever account or failed upload")
    func files() async throws {
        let eve = try await catalogue.account(named: "eve")
        let track = try await add(1, "a")
        let same = try await add(1, "a", to: eve)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        #expect(try await catalogue.remove(id: same.id, account: eve) != nil)
        let cover = try #require(track.art?.hash)
        // An upload of the same file that is refused takes its files back.
        try await catalogue.withdraw(try await catalogue.announce([track.hash, cover]))
        #expect(try await catalogue.beginRemoval(of: [track.hash, cover]).hashes == [])
        #expect(Set(try await catalogue.released(before: .max)) == [track.hash, cover], "they are forgotten on the disk")
        _ = try await catalogue.removeAccount(id: eve)
        #expect(try await catalogue.beginRemoval(of: [track.hash, cover]).hashes == [])
        #expect(Set(try await catalogue.filesOfDeleted(account: ada)) == [track.hash, cover])
        // The server that deleted it has ended, and another has begun.
        let next = try fixture.another()
        #expect(try await next.restore(id: track.id, account: ada, deletedSince: 0, quota: nil) == track)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        try await catalogue.expireDeleted(before: clock.time)
        #expect(Set(try await catalogue.released(before: clock.time)) == [track.hash, cover])
        #expect(try await Set(catalogue.beginRemoval(of: [track.hash, cover]).hashes) == [track.hash, cover])
    }

    @Test("Of an account that is removed nothing deleted is left")
    func removedAccount() async throws {
        let track = try await add(1, "a")
        try await catalogue.markPlayed(id: track.id, account: ada)
        _ = try await catalogue.addPlaylist(named: "p", tracks: [track.id], account: ada)
        _ = try await catalogue.addShare(of: .tracks([track.id]), description: "", expires: nil, account: ada)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        _ = try await catalogue.removeAccount(id: ada)
        for table in ["deletedTrack", "deletedPlaylistTrack", "deletedShareTrack", "deletedPlay"] {
            let count: Int? = try await catalogue.database.read { try $0.value("SELECT count(*) FROM \(table)") }
            #expect(count == 0, "\(table)")
        }
    }

    @Test("Every column of a track is kept, but those that are made again")
    func columns() async throws {
        func columns(_ table: String) async throws -> Set<String> {
            Set(try await catalogue.database.read { try $0.all("PRAGMA table_info(\(table))") { $0[1] as String } })
        }
        let made: Set<String> = ["titleOrder", "artistOrder", "albumOrder", "albumOwner", "tagged"]
        #expect(try await columns("track").subtracting(columns("deletedTrack")) == made)
    }

    @Test("The list of deleted tracks, and what expires, are found in an index")
    func plans() async throws {
        let statements = [
            Catalogue.deletedListing.statement(continued: false), Catalogue.deletedListing.statement(continued: true),
            "DELETE FROM deletedTrack WHERE deleted <= ?", "SELECT 1 FROM deletedTrack WHERE sha256 = ? LIMIT 1",
            "SELECT 1 FROM deletedTrack WHERE art = ? LIMIT 1"
        ]
        for statement in statements {
            let plan = try await catalogue.plan(of: statement).joined(separator: "; ")
            #expect(!plan.contains("SCAN") && !plan.contains("TEMP B-TREE"), "\(statement): \(plan)")
        }
    }
}
