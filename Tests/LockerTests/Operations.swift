import Audio
import Testing

@testable import Locker

/// Everything that a catalogue can be asked, so that each of its statements is run once.
struct Operations {
    let catalogue: Catalogue
    /// What the catalogue takes the time from.
    let clock: SetClock

    func run() async throws {
        let (ada, eve) = try await accounts()
        let tracks = try await additions(ada, eve)
        try await lists(ada, tracks)
        try await entries(ada, tracks)
        try await playlists(ada, tracks)
        try await smartPlaylists(ada)
        try await shares(ada, tracks)
        try await imports(ada, tracks)
        try await uploads(ada, tracks[0])
        try await history(ada, tracks[0])
        try await listening(ada, tracks[0])
        try await reports(ada, tracks[0])
        try await offers(ada)
        try await scrobbles(ada)
        try await measures(tracks[0])
        try await suggestions(ada)
        try await removals(ada, eve, tracks)
        let feed = catalogue.feed
        try await catalogue.database.write(.keeping) { db in for _ in 0..<300 { try feed.note(.other, [], of: nil, db) } }
        try await catalogue.lookForChanges()
        try await catalogue.lookForChanges()
    }

    private func accounts() async throws -> (ada: Int64, eve: Int64) {
        let password = try #require(PasswordHash(of: "correct horse"))
        let local = try await catalogue.localAccount()
        let ada = try await catalogue.addAccount(named: "local", password: password, plan: "free", isFirst: true)
        #expect(ada == local)
        let eve = try await catalogue.addAccount(named: "eve", password: password, plan: "free")
        let mark = [UInt8](repeating: 7, count: 16)
        #expect(try await catalogue.accounts().count == 2)
        #expect(try await catalogue.findAccount(named: "EVE")?.id == eve)
        #expect(try await catalogue.account(id: eve) != nil)
        #expect(try await catalogue.hasAccounts())
        #expect(try await catalogue.plansInUse() == ["free"])
        #expect(try await catalogue.setPlan("family", account: eve))
        let session = try await catalogue.beginSession(account: ada, from: mark)
        #expect(try await catalogue.password(ofAccountNamed: "Local", from: mark)?.isFromKnownAddress == true)
        #expect(try await catalogue.holder(ofAccount: ada) != nil)
        clock.time += 120_000
        #expect(try await catalogue.holder(ofSession: session.text) != nil)
        let known = try #require(try await catalogue.sessions(account: ada).items.first)
        #expect(try await !catalogue.endSession(id: known.id, account: eve))
        try await catalogue.endSession(session.text)
        let (key, secret) = try await catalogue.addKey(account: ada, label: "phone", scopes: .all)
        #expect(try await catalogue.holder(ofKey: secret.text) != nil)
        #expect(try await catalogue.keys(account: ada).count == 1)
        #expect(try await catalogue.revokeKey(id: key.id, account: ada))
        let seal = try AppPasswordSeal(key: [UInt8](repeating: 7, count: 32))
        let (appPassword, text) = try await catalogue.addAppPassword(account: ada, label: "phone", seal: seal)
        #expect(try await catalogue.holder(ofAppPassword: text, seal: seal) != nil)
        #expect(try await catalogue.holder(ofAppPasswordNamed: "Local", seal: seal) { $0 == text }.holder != nil)
        #expect(try await catalogue.appPasswords(account: ada).count == 1)
        #expect(try await catalogue.revokeAppPassword(id: appPassword.id, account: ada))
        return (ada, eve)
    }

    private func tags(_ title: String, by artist: String, on album: String = "L", year: Int = 0) -> TrackTags {
        var tags = TrackTags(title: title, artist: artist, album: album, track: 1, year: year, genres: ["Rock"])
        tags.lyrics = .init(text: "la", isSynchronised: false)
        return tags
    }

    /// Three tracks of one account: two on albums of one name, of which one then joins the other.
    private func additions(_ ada: Int64, _ eve: Int64) async throws -> [Track] {
        let picture = Picture(format: .png, width: 1, height: 1, bytes: 1)
        let first = try map(tags("a", by: "A", year: 1990), art: picture)
        let sound = SoundMeasures(soundHash: 1)
        let arrival = Arrival(hash: try .numbered(1), map: first, measures: sound, title: "t", art: try .numbered(9))
        let one = try await catalogue.add(arrival, account: ada).track
        _ = try await catalogue.add(Arrival(hash: .numbered(1), map: first, measures: sound, title: "t"), account: eve)
        var sorted = tags("b", by: "A", year: 2000)
        (sorted.artistSort, sorted.titleSort, sorted.discTitle) = ("Aa", "Bb", "Night")
        let two = try await catalogue.add(
            Arrival(hash: .numbered(2), map: map(sorted), title: "t", path: "m/l/2"), account: ada
        ).track
        let three = try await catalogue.add(Arrival(hash: .numbered(3), map: map(), title: "t"), account: ada).track
        #expect(one.albumID != two.albumID)
        for id in [one.albumID, two.albumID] {
            #expect(try await catalogue.setFavourite(true, .album, id: id, account: ada))
            #expect(try await catalogue.setRating(5, .album, id: id, account: ada))
        }
        #expect(try await catalogue.setFavourite(false, .track, id: one.id, account: ada))
        var edit = TagEdit()
        (edit.year, edit.track) = (1990, 2)
        #expect(try await catalogue.edit(edit, ofTrack: two.id, account: ada)?.albumID == one.albumID)
        edit.artist = "C"
        let third = try #require(try await catalogue.edit(edit, ofTrack: two.id, account: ada)).artistID
        #expect(try await catalogue.setFavourite(true, .artist, id: third, account: ada))
        (edit.artist, edit.genres) = ("B", ["Jazz"])
        #expect(try await catalogue.edit(edit, ofTrack: two.id, account: ada)?.artist == "B")
        var louder = first
        var measures = sound
        measures.loudness = .init(integrated: 1, truePeak: 1, range: 1)
        louder.tags.lyrics = nil
        #expect(try await catalogue.remeasure(.numbered(1), map: louder, measures: measures, art: .numbered(9)) != nil)
        #expect(try await catalogue.untagged(after: nil).isEmpty)
        try await catalogue.retag(.numbered(3), TrackTags())
        return [one, two, three]
    }

    private func lists(_ ada: Int64, _ tracks: [Track]) async throws {
        for sort in TrackSort.allCases {
            let page = try await catalogue.tracks(account: ada, sort: sort, limit: 1)
            _ = try await catalogue.tracks(account: ada, sort: sort, after: page.next)
            #expect(try await catalogue.tracks(account: ada, sort: sort, at: 1).total == 3)
            _ = try await catalogue.letters(ofTracks: sort, account: ada)
        }
        #expect(try await catalogue.randomTracks(account: ada, limit: 2).count == 2)
        #expect(try await !catalogue.randomAlbums(account: ada).isEmpty)
        #expect(try await !catalogue.lettersOfArtists(account: ada).letters.isEmpty)
        for filter in [TrackFilter.album(tracks[0].albumID), .artist(tracks[0].artistID), .genre("Rock"), .favourites] {
            _ = try await catalogue.tracks(account: ada, filter)
            _ = try await catalogue.tracks(account: ada, filter, at: 1)
        }
        for sort in AlbumSort.allCases {
            #expect(try await !catalogue.albums(account: ada, sort: sort, at: 0).items.isEmpty)
            _ = try await catalogue.letters(ofAlbums: sort, account: ada)
        }
        _ = try await catalogue.loudness(ofAlbum: tracks[0].albumID, account: ada)
        #expect(try await catalogue.genres(account: ada, at: 1).total == 2)
        #expect(try await catalogue.albums(account: ada, ofArtist: tracks[0].artistID).items.count == 1)
        _ = try await catalogue.albums(account: ada, withArtist: tracks[0].artistID)
        #expect(try await catalogue.favouriteAlbums(account: ada).items.count == 1)
        #expect(try await catalogue.album(id: tracks[0].albumID, account: ada) != nil)
        #expect(try await !catalogue.artists(account: ada).items.isEmpty)
        _ = try await catalogue.favouriteArtists(account: ada)
        #expect(try await catalogue.artist(id: tracks[0].artistID, account: ada) != nil)
        #expect(try await !catalogue.genres(account: ada).items.isEmpty)
        #expect(try await catalogue.search("l", account: ada).tracks.isEmpty)
        #expect(try await catalogue.search("b l", account: ada, limit: 1).tracks.count <= 1)
        #expect(try await catalogue.recentTrack(id: tracks[0].id, account: ada) != nil)
        _ = try await catalogue.lyrics(of: tracks[0].id, account: ada)
        #expect(try await catalogue.count(account: ada) == 3)
        #expect(try await catalogue.has(tracks[0].hash, account: ada))
        #expect(try await catalogue.originals(after: nil).count == 3)
    }

    private func entries(_ ada: Int64, _ tracks: [Track]) async throws {
        for choice in [
            AlbumChoice.byName, .byArtist, .newest, .highest, .frequent, .recent, .favourites,
            .years(1...3000, isDescending: true), .genre("Rock")
        ] {
            for place in 0...1 { _ = try await catalogue.albumEntries(choice, account: ada, at: place, limit: 1) }
            _ = try await catalogue.albumEntries(choice, account: ada, at: 2)
        }
        #expect(try await catalogue.albumEntry(id: tracks[0].albumID, account: ada) != nil)
        #expect(try await !catalogue.albumEntries(ofArtist: tracks[0].artistID, account: ada).isEmpty)
        #expect(try await !catalogue.randomAlbumEntries(account: ada, limit: 2).isEmpty)
        _ = try await catalogue.albumCount(account: ada)
        #expect(try await catalogue.artistEntries(account: ada, at: 90).isEmpty)
        #expect(try await !catalogue.artistEntries(account: ada).isEmpty)
        _ = try await catalogue.favouriteArtistEntries(account: ada)
        #expect(try await catalogue.artistEntry(id: tracks[0].artistID, account: ada) != nil)
        #expect(try await catalogue.artistID(named: "AA", account: ada) != nil)
        _ = try await catalogue.similarArtists(to: tracks[0].artistID, account: ada, limit: 3)
        #expect(try await catalogue.genreEntries(account: ada).count == 2)
        #expect(try await catalogue.libraryChanged(account: ada) > 0)
        #expect(try await catalogue.songs(account: ada, at: 1, limit: 9).count == 2)
        for filter in [TrackFilter.album(tracks[0].albumID), .artist(tracks[0].artistID), .genre("Rock"), .favourites] {
            _ = try await catalogue.songs(account: ada, filter)
            _ = try await catalogue.songs(account: ada, filter, at: 1)
        }
        let song = try #require(try await catalogue.song(id: tracks[0].id, account: ada))
        for genre in ["Rock", nil] {
            for years in [1...3000, nil] as [ClosedRange<Int>?] {
                _ = try await catalogue.randomSongs(account: ada, genre: genre, years: years, limit: 2)
            }
        }
        _ = try await catalogue.topSongs(ofArtist: tracks[0].artistID, account: ada, limit: 3)
        _ = try await catalogue.similarSongs(to: [song], account: ada, limit: 3)
        #expect(try await catalogue.lyrics(title: "b", artist: nil, account: ada) != nil)
        _ = try await catalogue.search("b l", account: ada, artists: 0..<2, albums: 0..<2, songs: 0..<2)
        #expect(try await catalogue.setBookmark(ofTrack: song.track.id, position: 1, comment: "c", account: ada))
        #expect(try await catalogue.bookmarks(account: ada).count == 1)
        #expect(try await catalogue.removeBookmark(ofTrack: song.track.id, account: ada))
    }

    private func suggestions(_ ada: Int64) async throws {
        try await catalogue.setTaste(true, account: ada)
        #expect(try await catalogue.listeners().keys.map(\.self) == [ada])
        #expect(try await catalogue.tasteStamp(account: ada).library.changed > 0)
        try await catalogue.forgetShownOffers()
        let own = try #require(try await catalogue.ownTracks(account: ada).first { $0.recording != nil })
        let track = try #require(try await catalogue.track(id: own.id, account: ada))
        let recording = try #require(try await catalogue.recording(of: track.hash))
        #expect(try await catalogue.commonNames(ofRecordings: [recording, -1], agreed: 1).keys.map(\.self) == [recording])
        #expect(try await catalogue.commonNames(ofRecordings: [recording], agreed: 2).isEmpty)
        #expect(try await !catalogue.ownSounds(account: ada).isEmpty)
        #expect(try await catalogue.departures() >= 0)
        let (tastes, artists) = try catalogue.tastesOfAll()
        #expect(tastes.contains { $0.recording == recording } && artists[recording] == own.artist)
        #expect(try await catalogue.tracks(ids: ["none", track.id], account: ada).map(\.id) == [track.id])
        for (place, item) in [track.id, Identifier.random()].enumerated() {
            clock.time += place
            let hidden = HiddenItem(item: item, recording: place == 0 ? recording : nil, title: "t", artist: "a")
            try await catalogue.hide(hidden, account: ada, keeping: 1)
        }
        #expect(try await catalogue.hidden(account: ada).tracks.count == 1)
        let last = try #require(try await catalogue.hiddenItems(account: ada).items.first)
        #expect(try await catalogue.unhide(item: last.item, account: ada))
        try await catalogue.markPlayed(id: track.id, account: ada, at: 5)
        #expect(try await catalogue.latestPlays(account: ada, limit: 1).count == 1)
        let span = try #require(try await catalogue.playSpan(account: ada))
        let all = span.lowerBound..<span.upperBound + 1
        #expect(try await catalogue.playCounts(account: ada, in: [all, 0..<1]) == [1, 0])
        let most = try await catalogue.mostPlayed(account: ada, in: all)
        #expect(most.tracks.contains { $0.item.id == track.id } && most.artists.isEmpty == track.artist.isEmpty)
        #expect(try await catalogue.tracksPlayed(account: ada, in: all, limit: 1).count == 1)
        try await catalogue.eraseHistory(account: ada)
        try await catalogue.setTaste(false, account: ada)
    }

    private func playlists(_ ada: Int64, _ tracks: [Track]) async throws {
        let ids = tracks.map(\.id)
        let list = try await catalogue.addPlaylist(named: "p", tracks: ids, account: ada, ofAtMost: 9)
        #expect(try await catalogue.playlists(account: ada).items == [list])
        #expect(try await catalogue.tracks(ofPlaylist: list.id, account: ada, at: 1)?.items.count == 2)
        #expect(try await catalogue.changePlaylist(id: list.id, name: "q", tracks: ids.reversed(), account: ada) != nil)
        #expect(
            try await catalogue.amendPlaylist(
                id: list.id, comment: "c", removing: [0], adding: [ids[0]], account: ada)?.comment == "c")
        #expect(try await catalogue.songs(ofPlaylist: list.id, account: ada)?.count == 3)
        let path = Array("/m/p.m3u".utf8)
        for tracks in [ids, Array(ids.dropLast())] {
            #expect(try await catalogue.setPlaylist(ofFile: path, named: "f", tracks: tracks, missing: 1, account: ada))
        }
        #expect(try await catalogue.incompletePlaylistFiles(account: ada) == [path])
        #expect(
            try await !catalogue.setPlaylist(
                ofFile: Array("/m/copy".utf8), named: "f", tracks: Array(ids.dropLast()), missing: 0, account: ada))
        try await catalogue.forget(playlistFile: path, account: ada)
        #expect(try await catalogue.removePlaylist(id: list.id, account: ada))
        try await catalogue.setPlayQueue(tracks: ids, current: 1, position: 5, account: ada)
        #expect(try await catalogue.playQueue(account: ada)?.current == 1)
        #expect(try await catalogue.tracks(ofQueue: ada, at: 1).total == 3)
    }

    private func shares(_ ada: Int64, _ tracks: [Track]) async throws {
        let list = try await catalogue.addPlaylist(named: "p", tracks: tracks.map(\.id), account: ada)
        for subject in [Share.Subject.tracks(tracks.map(\.id)), .album(tracks[0].albumID), .playlist(list.id)] {
            let share = try #require(try await catalogue.addShare(of: subject, description: "", expires: nil, account: ada))
            #expect(try await !catalogue.tracks(of: share).items.isEmpty)
            #expect(try await catalogue.isShared(tracks[0].id, by: share.id, account: ada))
            try await catalogue.noteVisit(ofShare: share.id)
            #expect(try await catalogue.openShare(id: share.id)?.share.visits == 1)
            #expect(try await catalogue.changeShare(id: share.id, description: "d", expires: nil, account: ada) != nil)
            #expect(try await catalogue.share(id: share.id, account: ada)?.description == "d")
            #expect(try await catalogue.shares(account: ada, limit: 1).items.count == 1)
            if share.kind == .tracks { #expect(try await catalogue.removeShare(id: share.id, account: ada)) }
        }
        #expect(try await catalogue.removePlaylist(id: list.id, account: ada))
    }

    private func imports(_ ada: Int64, _ tracks: [Track]) async throws {
        let identity = ImportRecord.Identity(device: 1, inode: 2, size: 3, modified: 4)
        func record(_ path: String, _ hash: OriginalHash) -> ImportRecord {
            ImportRecord(path: Array(path.utf8), identity: identity, beside: "", verdict: .taken(hash), version: "1")
        }
        let old = record("/m/a", tracks[0].hash)
        try await catalogue.note(old, account: ada)
        try await catalogue.note(record("/n/a", tracks[0].hash), movedFrom: old.path, account: ada)
        try await catalogue.note([old], account: ada)
        #expect(try await catalogue.imported(path: old.path, account: ada)?.track != nil)
        #expect(try await catalogue.imported(identity: identity, account: ada).count == 2)
        #expect(try await catalogue.importedPaths(under: Array("/m".utf8), account: ada) == [old.path])
        #expect(try await catalogue.importedTracks(account: ada).count == 2)
        let beside = Beside(art: nil, lyrics: .init(text: "lo", isSynchronised: true))
        #expect(try await catalogue.setBeside(beside, of: tracks[0].id, account: ada, record: old) != nil)
        try await catalogue.forget(paths: [Array("/n/a".utf8)], account: ada)
        var arrival = Arrival(
            hash: try .numbered(4), map: try map(tags("c", by: "C")), measures: SoundMeasures(soundHash: 1), title: "t")
        arrival.record = record("/m/a", try .numbered(4))
        #expect(try await catalogue.replace(tracks[0].hash, by: arrival, account: ada) != nil)
    }

    private func uploads(_ ada: Int64, _ track: Track) async throws {
        func begin() async throws -> String {
            let declaration = UploadRecord.Declaration(name: "a", length: 1, isResumable: true)
            return try await catalogue.beginUpload(declaration, id: Identifier.random(), account: ada, quota: 1 << 30).id
        }
        let ids = [try await begin(), try await begin(), try await begin(), try await begin()]
        #expect(try await catalogue.advanceUpload(ids[0], to: 1, isComplete: true))
        #expect(try await catalogue.upload(id: ids[0], account: ada)?.state == .checking)
        #expect(try await catalogue.isOpen(upload: ids[0]))
        _ = try await catalogue.add(
            Arrival(hash: .numbered(5), map: map(), title: "t"), account: ada, settling: ids[0])
        try await catalogue.refuseUpload(ids[1], kind: "undecodable", reason: "it is bad")
        try await catalogue.removeUpload(ids[2])
        try await catalogue.removeOpenUpload(ids[3])
        #expect(try await catalogue.openUploads().isEmpty)
        _ = try await catalogue.expireUploads()
    }

    private func history(_ ada: Int64, _ track: Track) async throws {
        for time in 1...3 { #expect(try await catalogue.markPlayed(id: track.id, account: ada, at: time, keeping: 2)) }
        #expect(try await catalogue.markPlayed(id: track.id, account: ada, at: 3, stopped: 5))
        #expect(try await catalogue.history(account: ada).items.count == 2)
        try await catalogue.eraseHistory(account: ada)
    }

    /// Everything of the history that is learned from, erased in part, and brought from elsewhere.
    private func listening(_ ada: Int64, _ track: Track) async throws {
        #expect(try await catalogue.setTaste(true, account: ada)?.isOn == true)
        var whole = try map(tags("d", by: "D"))
        whole.samples = 4_410_000
        let long = try await catalogue.add(Arrival(hash: .numbered(6), map: whole, title: "t"), account: ada).track
        for (time, heard) in [(1, nil), (1, 90_000), (2, 1), (3, 1)] as [(Int, Int?)] {
            #expect(try await catalogue.markPlayed(id: long.id, account: ada, at: time, heard: heard, keeping: 1))
        }
        #expect(try await catalogue.skips(account: ada).items.map(\.at) == [3])
        #expect(try await catalogue.setRating(5, .track, id: long.id, account: ada))
        #expect(try await catalogue.setRating(1, .track, id: long.id, account: ada))
        #expect(try await !catalogue.tasteRows(account: ada).isEmpty)
        let index = try await catalogue.listenIndex(account: ada)
        let listen = Listen(at: 5_000, title: "d", artist: "D")
        #expect(try await catalogue.add([listen], foundBy: index, account: ada, keeping: 1).joined == 1)
        #expect(try await catalogue.add([listen], foundBy: index, account: ada, keeping: 1).known == 1)
        #expect(try await catalogue.forgetHistory(before: 5_001))
        // A play that turns out to be a skip, and then a play.
        for heard in [nil, 1, 90_000] as [Int?] {
            #expect(try await catalogue.markPlayed(id: long.id, account: ada, at: 60, heard: heard))
        }
        _ = try await catalogue.remove(id: long.id, account: ada)
        try await catalogue.eraseHistory(account: ada, in: 60..<61)
        #expect(try await catalogue.restore(id: long.id, account: ada, deletedSince: 0, quota: nil) != nil)
        #expect(try await catalogue.markPlayed(id: long.id, account: ada, at: 60))
        try await catalogue.eraseHistory(account: ada, in: 60..<61)
        #expect(try await catalogue.setTaste(false, account: ada)?.tracks == 0)
        _ = try await catalogue.remove(id: long.id, account: ada)
        try await catalogue.expireDeleted(before: .max)
    }

    private func scrobbles(_ ada: Int64) async throws {
        let seal = try AppPasswordSeal(key: [UInt8](repeating: 7, count: 32))
        var whole = try map(tags("e", by: "E"))
        whole.samples = 4_410_000
        let track = try await catalogue.add(Arrival(hash: .numbered(7), map: whole, title: "t"), account: ada).track
        try await catalogue.setScrobbler(.lastFM, name: "n", token: "t", account: ada, seal: seal)
        try await catalogue.database.write(.keeping) { db in
            try db.run("UPDATE scrobbler SET waiting = 20000 WHERE account = ?", [ada])
        }
        #expect(try await catalogue.markPlayed(id: track.id, account: ada, at: 70))
        #expect(try await catalogue.scrobbles(for: .lastFM, account: ada, limit: 9, seal: seal) == nil)
        try await catalogue.setScrobbler(.lastFM, name: "n", token: "t", account: ada, seal: seal)
        try await catalogue.database.write(.keeping) { db in
            try db.run("UPDATE scrobbler SET waiting = 0 WHERE account = ?", [ada])
        }
        #expect(try await catalogue.markPlayed(id: track.id, account: ada, at: 80))
        #expect(try await catalogue.scrobblersDue(for: .lastFM).count == 1)
        let found = try #require(try await catalogue.scrobbles(for: .lastFM, account: ada, limit: 9, seal: seal))
        try await catalogue.postponeScrobbles(until: 1, for: .lastFM, account: ada)
        try await catalogue.endScrobbles(found.plays, taken: 1, for: .lastFM, account: ada)
        try await catalogue.stopScrobbles(for: .lastFM, account: ada, fault: "no")
        #expect(try await catalogue.scrobblers(account: ada).first?.fault == "no")
        #expect(try await catalogue.removeScrobbler(.lastFM, account: ada))
        _ = try await catalogue.remove(id: track.id, account: ada)
        try await catalogue.expireDeleted(before: .max)
    }

    private func reports(_ ada: Int64, _ track: Track) async throws {
        #expect(try await catalogue.setTaste(true, account: ada) != nil)
        clock.time += 1
        #expect(try await catalogue.markPlayed(id: track.id, account: ada))
        #expect(try await catalogue.reportedAccounts().map(\.id) == [ada])
        #expect(try await catalogue.reportedPlays(account: ada, in: 0..<Int.max).map(\.track) == [track.id])
        #expect(try await catalogue.setTaste(false, account: ada) != nil)
        try await catalogue.eraseHistory(account: ada)
        let report = StoredReport(month: "2026-10", mode: "k", document: "{}")
        #expect(try await catalogue.add(report, most: 12) == report)
        #expect(try await catalogue.report(ofMonth: "2026-10") == report)
        #expect(try await catalogue.reportCount(ofYear: 2026, mode: "k") == 1)
    }

    private func offers(_ ada: Int64) async throws {
        #expect(try await catalogue.setTaste(true, account: ada) != nil)
        #expect(try await catalogue.setOffers(true, account: ada))
        try await catalogue.noteShown(offer: "a", account: ada)
        try await catalogue.noteClicked(offer: "a", account: ada)
        #expect(try await catalogue.dismiss(offer: "a", account: ada))
        try await catalogue.database.write(.keeping) { db in
            for number in 0..<10_000 {
                try db.run("INSERT INTO dismissedOffer (account, offer, at) VALUES (?, ?, 0)", [ada, "b\(number)"])
            }
        }
        #expect(try await catalogue.dismiss(offer: "c", account: ada))
        #expect(try await catalogue.offers(account: ada)?.dismissed.count == 10_000)
        #expect(try await catalogue.offerCounts().map(\.clicked) == [1])
        try await catalogue.forgetDismissedOffers(account: ada)
        #expect(try await catalogue.setTaste(false, account: ada) != nil)
    }

    private func removals(_ ada: Int64, _ eve: Int64, _ tracks: [Track]) async throws {
        #expect(try await catalogue.remove(id: tracks[1].id, account: ada) != nil)
        _ = try await catalogue.removeAccount(id: eve)
        #expect(try await catalogue.released(before: .max).isEmpty == false)
        #expect(try await !catalogue.isReferenced(tracks[1].hash))
        try await deletions(ada, tracks[1])
        let removal = try await catalogue.beginRemoval(of: [tracks[1].hash])
        #expect(removal.hashes == [tracks[1].hash])
        try await catalogue.end(removal, removed: removal.hashes, untouched: [])
        try await catalogue.withdraw(try await catalogue.announce([tracks[1].hash]))
        try await catalogue.expireAnnouncements()
    }

    /// A deleted track, put back twice, the second time after its file came again.
    private func deletions(_ ada: Int64, _ track: Track) async throws {
        let other = try #require(try await catalogue.tracks(account: ada, sort: .added).items.first)
        #expect(try await catalogue.deletedTracks(account: ada, since: 0).items.map(\.id) == [track.id])
        #expect(try await catalogue.beginRemoval(of: [track.hash]).hashes == [])
        #expect(try await catalogue.restore(id: track.id, account: ada, deletedSince: 0, quota: 1 << 30) != nil)
        let list = try await catalogue.addPlaylist(named: "p", tracks: [track.id, other.id], account: ada)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        #expect(try await catalogue.filesOfDeleted(account: ada) == [track.hash])
        let again = try await catalogue.add(Arrival(hash: track.hash, map: map(), title: "t"), account: ada).track
        #expect(try await catalogue.changePlaylist(id: list.id, name: nil, tracks: [other.id, again.id], account: ada) != nil)
        try await catalogue.setPlayQueue(tracks: [again.id], current: nil, position: 0, account: ada)
        #expect(try await catalogue.restore(id: track.id, account: ada, deletedSince: 0, quota: nil)?.id == track.id)
        #expect(try await catalogue.remove(id: track.id, account: ada) != nil)
        try await catalogue.expireDeleted(before: .max)
    }

    private func measures(_ track: Track) async throws {
        try await catalogue.forgetMeasures(of: track.hash)
        #expect(try await catalogue.unmeasuredCount(before: 1) == 1)
        #expect(try await catalogue.unmeasured(before: 1) == [track.hash])
        let announcement = try await catalogue.announce([track.hash])
        #expect(try await catalogue.setMeasures(SoundMeasures(), of: track.hash, announced: announcement) != nil)
        var sound = SoundMeasures(fingerprint: .numbered(1))
        sound.features = SoundFeatures([Float](repeating: 1, count: SoundFeatures.count))
        for number in 20...21 {
            let search = try await catalogue.recordings(like: sound.fingerprint, of: .numbered(number), milliseconds: 22)
            let arrival = Arrival(
                hash: try .numbered(number), map: try map(), measures: sound, title: "t",
                recording: search.choice(search.candidates.first?.recording))
            _ = try await catalogue.add(arrival, account: track.account)
        }
        #expect(try await !catalogue.sounds(after: nil).isEmpty)
    }
}
