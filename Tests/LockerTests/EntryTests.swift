import Audio
import TestSupport
import Testing

@testable import Locker

@Suite("What players of other protocols are shown", .everyDriver) struct EntryTests {
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private func add(
        _ number: Int, by artist: String = "A", on album: String = "X", year: Int = 0, genres: [String] = []
    ) async throws -> Track {
        let tags = TrackTags(
            title: "\(number)", artist: artist, albumArtist: "", album: album, track: number, year: year, genres: genres)
        return try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-").track
    }

    private func names(_ choice: AlbumChoice, at place: Int = 0, limit: Int = 100) async throws -> [String] {
        try await catalogue.albumEntries(choice, account: account, at: place, limit: limit).map(\.album.name)
    }

    @Test("Every page of every list is that piece of the list, in whatever order the pages are read, before and after a change")
    func pages() async throws {
        for number in 0..<37 {
            _ = try await add(
                number, by: ["A", "B", ""][number % 3], on: number % 5 == 0 ? "" : "L\(number % 7)", year: number % 4,
                genres: ["G"])
        }
        func check() async throws {
            let songs = try await catalogue.songs(account: account, at: 0, limit: 1000).map(\.track.id)
            let albums = try await names(.byName)
            for place in Array(0...songs.count + 1).shuffled() {
                let page = try await catalogue.songs(account: account, at: place, limit: 5).map(\.track.id)
                #expect(page == Array(songs.dropFirst(place).prefix(5)), "songs at \(place)")
                let ofGenre = try await catalogue.songs(account: account, .genre("g"), at: place, limit: 4).count
                #expect(ofGenre == max(0, min(4, songs.count - place)), "genre at \(place)")
                #expect(try await names(.byName, at: place, limit: 3) == Array(albums.dropFirst(place).prefix(3)), "\(place)")
            }
        }
        try await check()
        // A page behind a place that was known before the change.
        _ = try await catalogue.remove(
            id: try await catalogue.songs(account: account, at: 0, limit: 1)[0].track.id, account: account)
        _ = try await add(99, on: "A first", genres: ["G"])
        try await check()
    }

    @Test("Whole lists of albums end with the tracks that are on none, which are an album of their artist without a name")
    func unnamed() async throws {
        let loose = try await add(1, by: "B", on: "")
        _ = try await add(2, by: "B", on: "")
        _ = try await add(3, by: "B", on: "X")
        for choice in [AlbumChoice.byName, .byArtist, .newest] { #expect(try await names(choice) == ["X", ""]) }
        #expect(try await names(.byName, at: 1) == [""])
        #expect(try await names(.byName, at: 2).isEmpty)
        let album = try #require(try await catalogue.albumEntry(id: loose.albumID, account: account))
        #expect(album.album.tracks == 2 && album.album.added > loose.added && album.album.duration > 0)
        let ofArtist = try await catalogue.albumEntries(ofArtist: loose.artistID, account: account)
        #expect(ofArtist.map(\.album.name) == ["X", ""])
        let other = try await catalogue.account(named: "other")
        #expect(try await catalogue.albumEntry(id: loose.albumID, account: other) == nil)
    }

    @Test("An album without a name is in the lists of what was played, rated and marked, as long as it has tracks")
    func unnamedLists() async throws {
        let tracks = [try await add(1, on: ""), try await add(2, on: ""), try await add(3, on: "X")]
        for (place, time) in [10, 20, 15].enumerated() {
            #expect(try await catalogue.markPlayed(id: tracks[place].id, account: account, at: time))
        }
        for album in [tracks[0].albumID, tracks[2].albumID] {
            #expect(try await catalogue.setRating(3, .album, id: album, account: account))
            #expect(try await catalogue.setFavourite(true, .album, id: album, account: account))
        }
        for choice in [AlbumChoice.frequent, .recent] {
            #expect(try await names(choice) == ["", "X"])
            #expect(try await names(choice, at: 1) == ["X"])
        }
        for choice in [AlbumChoice.highest, .favourites] { #expect(try await Set(names(choice)) == ["", "X"]) }
        #expect(try await catalogue.albumEntries(.recent, account: account).map(\.plays) == [2, 1])
        #expect(try await catalogue.albumEntries(.recent, account: account).map(\.played) == [20, 15])
        // The last that was played goes, then the other one.
        _ = try await catalogue.remove(id: tracks[1].id, account: account)
        #expect(try await names(.recent) == ["X", ""])
        var edit = TagEdit()
        edit.album = "Y"
        _ = try await catalogue.edit(edit, ofTrack: tracks[0].id, account: account)
        for choice in [AlbumChoice.frequent, .recent] { #expect(try await Set(names(choice)) == ["X", "Y"]) }
        for choice in [AlbumChoice.highest, .favourites] { #expect(try await names(choice) == ["X"]) }
    }

    @Test("Lists without a limit are whole, however long they are")
    func whole() async throws {
        let (account, count) = (account, 10_050)
        try await catalogue.database.write(.keeping) { db in
            for number in 0..<count {
                try db.run(
                    "INSERT INTO artist (id, account, name, nameOrder, uses, favourite) VALUES (?, ?, ?, ?, 1, 1)",
                    [Identifier.random(), account, "\(number)", "\(number)"])
            }
        }
        #expect(try await catalogue.artistEntries(account: account).count == count)
        #expect(try await catalogue.favouriteArtistEntries(account: account).count == count)
        #expect(try await catalogue.artistEntries(account: account, at: 10_000, limit: 20).count == 20)
    }

    @Test("An album's plays are those of its tracks, wherever these go")
    func plays() async throws {
        let tracks = [try await add(1, on: "X"), try await add(2, on: "Y"), try await add(3, on: "X")]
        for (track, time) in [(1, 10), (1, 20), (0, 30), (2, 40), (2, 50)] {
            try await catalogue.markPlayed(id: tracks[track].id, account: account, at: time)
        }
        func counts() async throws -> [String: Int] {
            Dictionary(
                uniqueKeysWithValues: try await catalogue.albumEntries(.frequent, account: account).map {
                    ($0.album.name, $0.plays)
                })
        }
        #expect(try await counts() == ["X": 3, "Y": 2])
        #expect(try await names(.frequent) == ["X", "Y"])
        #expect(try await names(.recent) == ["X", "Y"])
        var edit = TagEdit()
        edit.album = "Y"
        _ = try await catalogue.edit(edit, ofTrack: tracks[2].id, account: account)
        #expect(try await counts() == ["X": 1, "Y": 4])
        #expect(try await names(.frequent) == ["Y", "X"])
        _ = try await catalogue.remove(id: tracks[1].id, account: account)
        #expect(try await counts() == ["X": 1, "Y": 2])
        try await catalogue.eraseHistory(account: account)
        #expect(try await counts().isEmpty)
        #expect(try await names(.recent).isEmpty)
    }

    @Test("An album has the genres of its tracks, as long as it has the tracks")
    func genres() async throws {
        let rock = try await add(1, on: "X", genres: ["Rock"])
        _ = try await add(2, on: "X", genres: ["Rock", "Pop"])
        let jazz = try await add(3, on: "Y", genres: ["Jazz", "rock"])
        #expect(try await names(.genre("ROCK")) == ["X", "Y"])
        #expect(try await catalogue.albumEntry(id: rock.albumID, account: account)?.genres == ["Rock", "Pop"])
        #expect(try await catalogue.albumEntry(id: jazz.albumID, account: account)?.genres == ["Jazz", "Rock"])
        func albums() async throws -> [String: Int] {
            Dictionary(
                uniqueKeysWithValues: try await catalogue.genreEntries(account: account).map { ($0.genre.name, $0.albums) })
        }
        #expect(try await albums() == ["Rock": 2, "Pop": 1, "Jazz": 1])
        var edit = TagEdit()
        (edit.album, edit.genres) = ("X", ["Blues"])
        _ = try await catalogue.edit(edit, ofTrack: jazz.id, account: account)
        #expect(try await names(.genre("rock")) == ["X"])
        #expect(try await names(.genre("blues")) == ["X"])
        #expect(try await albums() == ["Rock": 1, "Pop": 1, "Blues": 1])
        _ = try await catalogue.remove(id: jazz.id, account: account)
        #expect(try await names(.genre("blues")).isEmpty)
        _ = try await catalogue.remove(id: rock.id, account: account)
        #expect(try await names(.genre("rock")) == ["X"])
    }

    @Test("Albums of some years come by year, from the first or from the last; those of no year never")
    func years() async throws {
        for (number, year) in [2001, 1999, 0, 2010].enumerated() { _ = try await add(number, on: "\(year)", year: year) }
        #expect(try await names(.years(0...3000, isDescending: false)) == ["1999", "2001", "2010"])
        #expect(try await names(.years(1999...2001, isDescending: true)) == ["2001", "1999"])
        #expect(try await catalogue.randomSongs(account: account, years: 2000...2005, limit: 9).map(\.track.year) == [2001])
    }

    @Test("A bookmark is set over the one before it, keeps when it was made, and goes with its track")
    func bookmarks() async throws {
        let track = try await add(1)
        #expect(try await catalogue.setBookmark(ofTrack: track.id, position: 5, comment: "a", account: account))
        #expect(try await catalogue.setBookmark(ofTrack: track.id, position: 7, comment: "b", account: account))
        let bookmarks = try await catalogue.bookmarks(account: account)
        #expect(bookmarks.count == 1 && bookmarks[0].position == 7 && bookmarks[0].comment == "b")
        #expect(bookmarks[0].song.track.id == track.id && bookmarks[0].song.bookmark == 7)
        let other = try await catalogue.account(named: "other")
        #expect(try await !catalogue.setBookmark(ofTrack: track.id, position: 5, comment: "", account: other))
        #expect(try await !catalogue.removeBookmark(ofTrack: track.id, account: other))
        #expect(try await catalogue.removeBookmark(ofTrack: track.id, account: account))
        #expect(try await !catalogue.removeBookmark(ofTrack: track.id, account: account))
        #expect(try await catalogue.setBookmark(ofTrack: track.id, position: 5, comment: "", account: account))
        _ = try await catalogue.remove(id: track.id, account: account)
        #expect(try await catalogue.bookmarks(account: account).isEmpty)
    }

    @Test("When the library changed rises with every change of it, and of no other")
    func changed() async throws {
        let track = try await add(1)
        var last = try await catalogue.libraryChanged(account: account)
        func rises() async throws -> Bool {
            let now = try await catalogue.libraryChanged(account: account)
            defer { last = now }
            return now > last
        }
        _ = try await catalogue.setRating(3, .track, id: track.id, account: account)
        #expect(try await rises())
        var edit = TagEdit()
        edit.title = "other"
        _ = try await catalogue.edit(edit, ofTrack: track.id, account: account)
        #expect(try await rises())
        try await catalogue.setPlayQueue(tracks: [track.id], current: 0, position: 0, account: account)
        #expect(try await !rises())
        let other = try await catalogue.account(named: "other")
        _ = try await catalogue.add(account: other, hash: .numbered(8), map: map(TrackTags(title: "x")), title: "-")
        #expect(try await !rises())
        _ = try await catalogue.remove(id: track.id, account: account)
        #expect(try await rises())
    }

    @Test("A search for an artist finds the artist's songs, piece by piece")
    func search() async throws {
        for number in 0..<9 { _ = try await add(number, by: "Oumou", on: "X") }
        _ = try await add(20, by: "Other", on: "Z")
        let whole = try await catalogue.search("oumou", account: account, artists: 0..<9, albums: 0..<9, songs: 0..<100)
        #expect(whole.songs.count == 9 && whole.artists.count == 1 && whole.albums.count == 1)
        let piece = try await catalogue.search("oumou", account: account, artists: 0..<0, albums: 1..<5, songs: 4..<6)
        #expect(piece.artists.isEmpty && piece.albums.isEmpty)
        #expect(piece.songs.map(\.track.id) == whole.songs[4..<6].map(\.track.id))
        // A single letter is a word, and not the beginning of one.
        let letter = try await add(21, by: "O", on: "Other")
        let found = try await catalogue.search("o", account: account, artists: 0..<9, albums: 0..<9, songs: 0..<9)
        #expect(found.artists.map(\.artist.name) == ["O"] && found.songs.map(\.track.id) == [letter.id])
    }

    @Test("Similar songs share the artist or a genre, and are not the song itself")
    func similar() async throws {
        let seed = try await add(0, by: "A", genres: ["Rock"])
        let near = [try await add(1, by: "A"), try await add(2, by: "B", on: "Y", genres: ["Rock"])]
        _ = try await add(3, by: "C", on: "Z", genres: ["Jazz"])
        let song = try #require(try await catalogue.song(id: seed.id, account: account))
        let found = try await catalogue.similarSongs(to: [song], account: account, limit: 10).map(\.track.id)
        #expect(Set(found) == Set(near.map(\.id)))
        let artists = try await catalogue.similarArtists(to: seed.artistID, account: account, limit: 5)
        #expect(artists.map(\.artist.name) == ["B"])
    }

    @Test("A playlist is amended at once or not at all")
    func amended() async throws {
        let ids = [try await add(0), try await add(1), try await add(2)].map(\.id)
        let list = try await catalogue.addPlaylist(named: "p", tracks: ids + ids, account: account)
        func tracks() async throws -> [String] {
            try await catalogue.songs(ofPlaylist: list.id, account: account)?.map(\.track.id) ?? []
        }
        let amended = try await catalogue.amendPlaylist(
            id: list.id, name: "q", comment: "c", removing: [0, 4, 99], adding: [ids[2]], account: account)
        #expect(amended?.name == "q" && amended?.comment == "c" && amended?.tracks == 5)
        let expected = [ids[1], ids[2], ids[0], ids[2], ids[2]]
        #expect(try await tracks() == expected)
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.amendPlaylist(id: list.id, removing: [0], adding: ["x"], account: account)
        }
        await #expect(throws: CatalogueError.overQuota) {
            try await catalogue.amendPlaylist(id: list.id, adding: ids, ofAtMost: 6, account: account)
        }
        #expect(try await tracks() == expected)
        let other = try await catalogue.account(named: "other")
        #expect(try await catalogue.amendPlaylist(id: list.id, name: "x", account: other) == nil)
    }
}
