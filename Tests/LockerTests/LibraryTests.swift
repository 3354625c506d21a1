import Audio
import TestSupport
import Testing

@testable import Locker

@Suite("The library in the catalogue", .everyDriver) struct LibraryTests {
    private let fixture: Fixture
    private let account: Int64
    private let other: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
        other = try await fixture.catalogue.account(named: "other")
    }

    @discardableResult
    private func add(
        _ number: Int, _ title: String, by artist: String, on album: String = "", albumArtist: String = "", year: Int = 0,
        disc: Int = 0, track: Int = 0, genres: [String] = [], account: Int64? = nil
    ) async throws -> Track {
        var tags = TrackTags(
            title: title, artist: artist, albumArtist: albumArtist, album: album, track: track, disc: disc)
        tags.year = year
        tags.genres = genres
        return try await catalogue.add(account: account ?? self.account, hash: .numbered(number), map: map(tags), title: "-")
            .track
    }

    private func names(_ page: Page<Album>) -> [String] { page.items.map(\.name) }

    /// Six songs, of which the last is on no album. Returns the first.
    @discardableResult
    private func addSix() async throws -> Track {
        let first = try await add(1, "One", by: "B", on: "Same", year: 1990, track: 2)
        try await add(2, "Two", by: "B", on: "Same", year: 1991, track: 1)
        try await add(3, "Three", by: "A", on: "Same", year: 1980)
        try await add(4, "Four", by: "C", on: "Mixed", albumArtist: "Various", year: 2000)
        try await add(5, "Five", by: "D", on: "Mixed", albumArtist: "Various")
        try await add(6, "Six", by: "E")
        return first
    }

    @Test("An album is the tracks of one name and one album artist, with what those have together")
    func albums() async throws {
        try await addSix()
        let page = try await catalogue.albums(account: account, sort: .artist)
        #expect(page.items.map(\.artist) == ["A", "B", "Various"] && names(page) == ["Same", "Same", "Mixed"])
        #expect(page.items.map(\.tracks) == [1, 2, 2] && page.items.map(\.year) == [1980, 1991, 2000])
        #expect(page.items.map(\.isCompilation) == [false, false, true])
        #expect(abs(page.items[1].duration - 2 * 1000.0 / 44_100) < 1e-5)
    }

    @Test("Albums are listed by year and by their newest track, in their own account alone")
    func albumOrders() async throws {
        try await addSix()
        #expect(try await catalogue.albums(account: account, sort: .year).items.map(\.year) == [1980, 1991, 2000])
        #expect(try await names(catalogue.albums(account: account, sort: .newest)) == ["Mixed", "Same", "Same"])
        #expect(try await catalogue.albums(account: other, sort: .name).items.isEmpty)
    }

    @Test("An album lists its tracks by number, to its own account alone")
    func albumTracks() async throws {
        let first = try await addSix()
        let tracks = try await catalogue.tracks(account: account, .album(first.albumID)).items
        #expect(tracks.map(\.title) == ["Two", "One"])
        #expect(try await catalogue.tracks(account: other, .album(first.albumID)).items.isEmpty)
        #expect(try await catalogue.album(id: first.albumID, account: other) == nil)
    }

    @Test("An artist counts and lists its tracks and its albums")
    func artists() async throws {
        let first = try await addSix()
        let artists = try await catalogue.artists(account: account).items
        #expect(artists.map(\.name) == ["A", "B", "C", "D", "E", "Various"])
        #expect(artists.map(\.tracks) == [1, 2, 1, 1, 1, 0] && artists.map(\.albums) == [1, 1, 0, 0, 0, 1])
        #expect(try await names(catalogue.albums(account: account, ofArtist: first.artistID)) == ["Same"])
        #expect(try await catalogue.albums(account: other, ofArtist: first.artistID).items.isEmpty)
        #expect(try await catalogue.tracks(account: account, .artist(first.artistID)).items.map(\.title) == ["Two", "One"])
    }

    @Test("An album or an artist without a track is in no list and in no search")
    func removal() async throws {
        let first = try await addSix()
        for track in try await catalogue.tracks(account: account, sort: .title).items where track.title != "Six" {
            _ = try await catalogue.remove(id: track.id, account: account)
        }
        #expect(try await catalogue.albums(account: account, sort: .name).items.isEmpty)
        #expect(try await catalogue.artists(account: account).items.map(\.name) == ["E"])
        #expect(try await catalogue.album(id: first.albumID, account: account) == nil)
        #expect(try await catalogue.artist(id: first.artistID, account: account) == nil)
        #expect(try await catalogue.search("same", account: account) == SearchResult(artists: [], albums: [], tracks: []))
    }

    @Test("A genre is one whatever its case, and counts its tracks")
    func genres() async throws {
        let first = try await add(1, "b", by: "A", genres: ["Rock", "Pop"])
        try await add(2, "a", by: "A", genres: ["rock", "ROCK", ""])
        try await add(3, "a", by: "A", genres: ["Rock"], account: other)
        #expect(
            try await catalogue.genres(account: account).items == [
                Genre(name: "Pop", tracks: 1), Genre(name: "Rock", tracks: 2)
            ])
        #expect(try await catalogue.tracks(account: account, .genre("ROCK")).items.map(\.title) == ["a", "b"])
        #expect(try await catalogue.tracks(account: account, .genre("none")).items.isEmpty)
        _ = try await catalogue.remove(id: first.id, account: account)
        #expect(try await catalogue.genres(account: account).items == [Genre(name: "Rock", tracks: 1)])
    }

    @Test("Favourites and ratings are for the account's own tracks, albums and artists")
    func marks() async throws {
        let track = try await add(1, "a", by: "A", on: "L")
        let second = try await add(2, "b", by: "A", on: "L")
        let ids: [(Markable, String)] = [(.track, track.id), (.album, track.albumID), (.artist, track.artistID)]
        for (kind, id) in ids {
            #expect(try await catalogue.setFavourite(true, kind, id: id, account: account))
            #expect(try await catalogue.setRating(4, kind, id: id, account: account))
            #expect(try await !catalogue.setFavourite(true, kind, id: id, account: other))
            #expect(try await !catalogue.setRating(1, kind, id: id, account: other))
        }
        let marks = Marks(favourite: 1_000, rating: 4)
        #expect(try await catalogue.track(id: track.id, account: account)?.marks == marks)
        #expect(try await catalogue.album(id: track.albumID, account: account)?.marks == marks)
        #expect(try await catalogue.artist(id: track.artistID, account: account)?.marks == marks)
        #expect(try await catalogue.tracks(account: account, .favourites).items.map(\.id) == [track.id])
        #expect(try await catalogue.favouriteAlbums(account: account).items.map(\.id) == [track.albumID])
        #expect(try await catalogue.favouriteArtists(account: account).items.map(\.id) == [track.artistID])
        #expect(try await catalogue.setFavourite(false, .track, id: track.id, account: account))
        #expect(try await catalogue.tracks(account: account, .favourites).items.isEmpty)
        #expect(try await catalogue.setFavourite(true, .track, id: second.id, account: account))
        #expect(try await catalogue.tracks(account: account, .favourites).items.map(\.id) == [second.id])
        await #expect(throws: (any Error).self) {
            try await catalogue.setRating(6, .track, id: track.id, account: account)
        }
    }

    @Test("An album or an artist without tracks keeps its marks, but is in no list and takes none until it has some again")
    func marksOfNone() async throws {
        let track = try await add(1, "a", by: "A", on: "L")
        let ids: [(Markable, String)] = [(.album, track.albumID), (.artist, track.artistID)]
        func favourites() async throws -> [[String]] {
            [
                try await catalogue.favouriteAlbums(account: account, at: 0).items.map(\.name),
                try await catalogue.favouriteArtists(account: account, at: 0).items.map(\.name)
            ]
        }
        for (kind, id) in ids { #expect(try await catalogue.setFavourite(true, kind, id: id, account: account)) }
        #expect(try await catalogue.remove(id: track.id, account: account) != nil)
        #expect(try await favourites() == [[], []])
        for (kind, id) in ids {
            #expect(try await !catalogue.setFavourite(false, kind, id: id, account: account))
            #expect(try await !catalogue.setRating(1, kind, id: id, account: account))
        }
        try await add(1, "a", by: "A", on: "L")
        #expect(try await favourites() == [["L"], ["A"]])
    }

    @Test("Tracks without tags are on no list of favourite artists or albums, and of no artist or album that is played most")
    func unnamed() async throws {
        let track = try await add(1, "a", by: "")
        for (kind, id) in [(Markable.album, track.albumID), (.artist, track.artistID)] {
            #expect(try await catalogue.setFavourite(true, kind, id: id, account: account))
        }
        #expect(try await catalogue.favouriteAlbums(account: account).items.isEmpty)
        #expect(try await catalogue.favouriteArtists(account: account).items.isEmpty)
        #expect(try await catalogue.favouriteArtistEntries(account: account).map(\.artist.id) == [track.artistID])
        #expect(try await catalogue.markPlayed(id: track.id, account: account, at: 5))
        let most = try await catalogue.mostPlayed(account: account, in: 0..<10)
        #expect(most.plays == 1 && most.artists.isEmpty && most.albums.isEmpty)
    }

    @Test("An edit moves a track to another album, artist and genre, and nothing else of it changes")
    func edits() async throws {
        let track = try await add(1, "a", by: "A", on: "L", year: 1999, genres: ["Rock"])
        var edit = TagEdit()
        (edit.title, edit.artist, edit.album, edit.genres) = ("Ä", "B", "M", ["Jazz"])
        let edited = try #require(try await catalogue.edit(edit, ofTrack: track.id, account: account))
        #expect(edited.title == "Ä" && edited.artist == "B" && edited.album == "M" && edited.year == 1999)
        #expect(edited.hash == track.hash && edited.added == track.added && edited.albumID != track.albumID)
        #expect(try await catalogue.track(id: track.id, account: account) == edited)
        #expect(try await names(catalogue.albums(account: account, sort: .name)) == ["M"])
        #expect(try await catalogue.artists(account: account).items.map(\.name) == ["B"])
        #expect(try await catalogue.genres(account: account).items == [Genre(name: "Jazz", tracks: 1)])
        #expect(try await catalogue.search("a l", account: account).tracks.isEmpty)
        #expect(try await catalogue.search("ä", account: account).tracks.isEmpty)
        #expect(try await catalogue.search("Ä M bb", account: account).tracks.isEmpty)
        #expect(try await catalogue.edit(edit, ofTrack: track.id, account: other) == nil)
        // Back where it was.
        (edit.title, edit.artist, edit.album) = ("a", "A", "L")
        #expect(try await catalogue.edit(edit, ofTrack: track.id, account: account)?.albumID == track.albumID)
    }

    @Test("A search finds the beginnings of words, without accents, the best first, in its own account")
    func search() async throws {
        try await add(1, "Déjà vu", by: "Beyoncé", on: "B'Day")
        try await add(2, "Crazy", by: "Déjà Sisters")
        try await add(3, "Not déjà", by: "C")
        try await add(4, "Größe", by: "Straße", on: "日本の歌")
        try await add(5, "Deja", by: "X", account: other)
        func titles(_ text: String) async throws -> [String] {
            try await catalogue.search(text, account: account).tracks.map(\.title)
        }
        #expect(try await titles("deja") == ["Déjà vu", "Not déjà", "Crazy"])
        #expect(try await titles("DÉJ") == ["Déjà vu", "Not déjà", "Crazy"])
        #expect(try await titles("beyonce vu") == ["Déjà vu"])
        #expect(try await titles("größ") == ["Größe"])
        #expect(try await titles("gros") == ["Größe"])
        #expect(try await titles("日本") == ["Größe"])
        #expect(try await catalogue.search("sis", account: account).artists.map(\.name) == ["Déjà Sisters"])
        #expect(try await catalogue.search("day", account: account).albums.map(\.name) == ["B'Day"])
        for text in ["", "d", "\"", "*", "NEAR(", "owner", "t1", "deja OR x", "^", "a b c d e f g h i j", "vu\0", "-vu --"] {
            _ = try await catalogue.search(text, account: account)
        }
        #expect(try await titles("t2").isEmpty)
        #expect(try await titles("\"vu").count == 1)
        #expect(try await catalogue.search("de", account: account, limit: 1).tracks.map(\.title) == ["Déjà vu"])
    }

    @Test("The queue is kept in its order, without deleted tracks")
    func queue() async throws {
        let tracks = [try await add(1, "a", by: "A"), try await add(2, "b", by: "A")]
        #expect(try await catalogue.playQueue(account: account) == nil)
        let ids = [tracks[1].id, tracks[0].id, tracks[1].id]
        try await catalogue.setPlayQueue(tracks: ids, current: 2, position: 5_000, account: account)
        #expect(
            try await catalogue.playQueue(account: account) == PlayQueue(tracks: ids, current: 2, position: 5_000, changed: 1_000)
        )
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.setPlayQueue(tracks: [tracks[0].id, "x"], current: 0, position: 0, account: account)
        }
        #expect(try await catalogue.playQueue(account: account)?.tracks == ids)
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.setPlayQueue(tracks: ids, current: 0, position: 0, account: other)
        }
        _ = try await catalogue.remove(id: tracks[0].id, account: account)
        #expect(try await catalogue.playQueue(account: account)?.current == 1)
        try await catalogue.setPlayQueue(tracks: [], current: nil, position: 0, account: account)
        #expect(try await catalogue.playQueue(account: account)?.tracks == [])
    }

    @Test("Of two devices that replace the same queue only the first succeeds, and a refusal changes nothing")
    func queuePrecondition() async throws {
        struct Refused: Error {}
        let track = try await add(1, "a", by: "A").id
        let first = try await catalogue.setPlayQueue(tracks: [track], current: nil, position: 7, account: account)
        #expect(try await catalogue.playQueue(account: account) == first && first.position == 0)
        let (catalogue, account) = (catalogue, account)
        @Sendable func set(_ position: Int, if expected: PlayQueue?) async throws -> PlayQueue {
            try await catalogue.setPlayQueue(tracks: [track], current: 0, position: position, account: account) { former in
                if former != expected { throw Refused() }
            }
        }
        let won = try await withThrowingTaskGroup(of: PlayQueue?.self) { group in
            for position in 1...8 { group.addTask { try? await set(position, if: first) } }
            return try await group.reduce(into: [PlayQueue]()) { if let queue = $1 { $0.append(queue) } }
        }
        #expect(won.count == 1)
        #expect(try await catalogue.playQueue(account: account) == won.first)
        await #expect(throws: Refused.self) { try await set(9, if: nil) }
        #expect(try await catalogue.playQueue(account: account) == won.first)
    }

    /// Every list there is, with the arguments of its condition.
    private static let listings: [(Listing, Int)] =
        AlbumSort.allCases.map { ($0.listing, 1) } + TrackSort.allCases.map { ($0.listing, 1) }
        + [AlbumChoice.highest, .frequent, .recent, .favourites].map { ($0.listing, 1) } + [
            (.albumsOfArtist, 2), (.appearances, 2), (.favouriteAlbums, 1), (.artists, 1), (.favouriteArtists, 1),
            (.genres, 1), (.tracksOfAlbum, 2), (.tracksOfArtist, 2), (.tracksOfGenre, 2), (.favouriteTracks, 1),
            (Catalogue.historyListing, 1), (Catalogue.playlistListing, 1), (Catalogue.playlistTrackListing, 1)
        ]

    @Test("Every list comes from indexes alone, and none is sorted", arguments: [false, true])
    func indexes(continued: Bool) async throws {
        for (listing, count) in Self.listings {
            let statement = listing.statement(continued: continued)
            #expect(statement.count { $0 == "?" } == count + (continued ? listing.columns.count : 0) + 1)
            let others = [listing.keyStatement, listing.rowStatement].map { $0(continued) } + [listing.totalStatement]
            for statement in [statement] + others {
                let plan = try await catalogue.plan(of: statement)
                let isIndexed = !plan.contains { $0.contains("SCAN") || $0.contains("TEMP B-TREE") }
                #expect(isIndexed, "\(listing.name): \(plan)")
            }
        }
    }

    /// Names of what is counted or listed otherwise than it is.
    static let unsound = """
        SELECT 'artist' FROM artist
        WHERE tracks <> (SELECT count(*) FROM credit WHERE artist = artist.id AND isOfAlbum = 0)
            OR uses <> (SELECT count(*) FROM credit WHERE artist = artist.id)
        UNION ALL
        SELECT 'first artist' FROM track
        WHERE NOT EXISTS (SELECT 1 FROM credit WHERE credit.track = track.id AND credit.artist = track.artistId AND isOfAlbum = 0)
        UNION ALL
        SELECT 'credit' FROM credit JOIN track ON track.id = credit.track
        WHERE (credit.albumOrder, credit.disc, credit.number) <> (track.albumOrder, track.disc, track.track)
        UNION ALL
        SELECT 'album' FROM album WHERE name <> '' AND (tracks, year, isCompilation) IS NOT (
            SELECT count(*), ifnull(max(year), 0), ifnull(max(track.isCompilation)
                OR count(DISTINCT track.artistId) > 1 AND NOT max(track.artistId = album.artistId), 0)
            FROM track WHERE albumId = album.id)
        UNION ALL
        SELECT 'played album' FROM album
        WHERE played <> (SELECT ifnull(max(track.played), 0) FROM track WHERE albumId = album.id)
            OR plays <> (SELECT ifnull(sum(track.plays), 0) FROM track WHERE albumId = album.id)
        UNION ALL
        SELECT 'account' FROM account WHERE tracks <> (SELECT count(*) FROM track WHERE account = account.id)
            OR bytes <> (SELECT ifnull(sum(track.bytes), 0) FROM track WHERE account = account.id)
        UNION ALL
        SELECT 'plays' FROM track WHERE plays <> (SELECT count(*) FROM play WHERE play.track = track.id)
        UNION ALL
        SELECT 'album of another name or artist' FROM track JOIN album ON album.id = track.albumId
        WHERE track.album <> album.name OR track.albumOwner <> album.artistId OR track.albumOrder <> album.nameOrder AND album.name <> ''
        UNION ALL
        SELECT 'album credit' FROM albumCredit JOIN album ON album.id = album
        WHERE album.tracks > 0 AND ((albumCredit.year, albumCredit.nameOrder) <> (album.year, album.nameOrder)
            OR isOwn <> (albumCredit.artist = album.artistId OR instr(album.artists, albumCredit.artist) > 0)
            OR NOT isOwn AND NOT EXISTS (
                SELECT 1 FROM track JOIN credit ON credit.track = track.id
                WHERE track.albumId = album.id AND credit.artist = albumCredit.artist AND credit.isOfAlbum = 0))
        UNION ALL
        SELECT 'appearance' FROM track JOIN credit ON credit.track = track.id JOIN artist ON artist.id = credit.artist
        WHERE track.album <> '' AND artist.name <> '' AND NOT EXISTS (
            SELECT 1 FROM albumCredit WHERE albumCredit.album = track.albumId AND albumCredit.artist = credit.artist)
        UNION ALL SELECT 'album without a name' FROM album WHERE name = '' AND tracks > 0
        UNION ALL
        SELECT 'genre' FROM genre WHERE tracks <> (SELECT count(*) FROM trackGenre WHERE genre = genre.id)
        UNION ALL
        SELECT 'search' FROM (SELECT id AS named FROM track UNION SELECT id FROM artist WHERE name <> ''
            UNION SELECT id FROM album WHERE name <> '') FULL JOIN searchEntry ON item = named
        WHERE named IS NULL OR item IS NULL
        """

    @Test("Counts are right after any changes")
    func countsHold() async throws {
        var generator = SeededGenerator(for: "counts hold")
        for round in 0..<120 {
            let tracks = try await catalogue.tracks(account: account, sort: .added, limit: 500).items
            switch Int.random(in: 0..<5, using: &generator) {
            case 4:
                guard let track = tracks.randomElement(using: &generator) else { continue }
                try await catalogue.markPlayed(id: track.id, account: account, at: Int.random(in: 1..<99, using: &generator))
            case 0, 1:
                try await add(
                    round, "t", by: "A\(Int.random(in: 0..<4, using: &generator))",
                    on: ["", "X", "Y"].randomElement(using: &generator) ?? "",
                    albumArtist: ["", "A1", "V"].randomElement(using: &generator) ?? "",
                    year: Int.random(in: 0..<3, using: &generator),
                    genres: ["g\(Int.random(in: 0..<3, using: &generator))", "G1"])
            case 2:
                guard let track = tracks.randomElement(using: &generator) else { continue }
                var edit = TagEdit()
                edit.artist = "A\(Int.random(in: 0..<4, using: &generator))"
                edit.album = ["", "X", "Y"].randomElement(using: &generator)
                edit.year = Int.random(in: 0..<3, using: &generator)
                edit.genres = ["g\(Int.random(in: 0..<3, using: &generator))"]
                _ = try await catalogue.edit(edit, ofTrack: track.id, account: account)
            default:
                guard let track = tracks.randomElement(using: &generator) else { continue }
                _ = try await catalogue.remove(id: track.id, account: account)
            }
        }
        let wrong = try await catalogue.database.read { try $0.values(Self.unsound) as [String] }
        #expect(wrong.isEmpty, "\(wrong)")
        for track in try await catalogue.tracks(account: account, sort: .added, limit: 500).items {
            let words: String? = try await catalogue.database.read { db in
                try db.value("SELECT main || '|' || more FROM searchEntry WHERE item = ?", [track.id])
            }
            let more = SearchText.indexed([track.artist, track.album, track.albumArtist])
            #expect(words == SearchText.indexed(track.title) + "|" + more)
        }
        try await catalogue.database.write(.keeping) { try $0.run("INSERT INTO search (search) VALUES ('integrity-check')") }
    }
}
