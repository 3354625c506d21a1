import Audio
import Foundation
import Testing

@testable import Locker

@Suite("Albums of tracks", .everyDriver) struct AlbumTests {
    private let fixture: Fixture
    private let account: Int64

    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    /// A track of some tags.
    private struct Song {
        var artist = ""
        var album = "Weezer"
        var albumArtist = ""
        var year = 0
        var disc = 0
        var track = 0
        var title = ""
        var release = ""
        var isCompilation = false
        var artists: [String] = []
        var albumArtists: [String] = []
        var sorts: (title: String, artist: String, album: String, albumArtist: String) = ("", "", "", "")
        var path = ""

        var tags: TrackTags {
            var tags = TrackTags(
                title: title.isEmpty ? "\(artist) \(track)" : title, artist: artist, albumArtist: albumArtist, album: album,
                track: track, disc: disc, year: year)
            (tags.artists, tags.albumArtists, tags.isCompilation) = (artists, albumArtists, isCompilation)
            tags.musicBrainz.release = release
            (tags.titleSort, tags.artistSort, tags.albumSort, tags.albumArtistSort) = sorts
            return tags
        }
    }

    private func arrival(_ number: Int, _ song: Song, soundHash: UInt64 = 0) throws -> Arrival {
        Arrival(
            hash: try .numbered(number), map: try map(song.tags), measures: SoundMeasures(soundHash: soundHash), title: "-",
            path: song.path)
    }

    @discardableResult
    private func add(_ songs: [Song], from first: Int = 0) async throws -> [Track] {
        var ids: [String] = []
        for (number, song) in songs.enumerated() {
            ids.append(try await catalogue.add(arrival(first + number, song), account: account).track.id)
        }
        return try await tracks(ids)
    }

    private func tracks(_ ids: [String]) async throws -> [Track] {
        var tracks: [Track] = []
        for id in ids { tracks.append(try #require(try await catalogue.track(id: id, account: account))) }
        return tracks
    }

    private func albums() async throws -> [Album] { try await catalogue.albums(account: account, sort: .name, limit: 500).items }

    /// Which tracks share an album, in all orders of arrival: `[0, 0, 1]`, the first of each album being the least.
    private func sharing(_ songs: [Song]) async throws -> Set<[Int]> {
        var found: Set<[Int]> = []
        for order in [Array(songs.indices), songs.indices.reversed(), songs.indices.sorted { $0 % 2 < $1 % 2 }] {
            let fixture = try Fixture()
            let account = try await fixture.catalogue.localAccount()
            var ids: [Int: String] = [:]
            for place in order {
                let addition = try await fixture.catalogue.add(arrival(place, songs[place]), account: account)
                ids[place] = addition.track.id
            }
            var albums: [String] = []
            for place in songs.indices {
                let track = try await fixture.catalogue.track(id: ids[place] ?? "", account: account)
                albums.append(track?.albumID ?? "")
            }
            found.insert(albums.map { albums.firstIndex(of: $0) ?? -1 })
            try await expectSound(fixture.catalogue)
        }
        return found
    }

    /// Nothing that is counted or listed twice is other than what it is made of.
    private func expectSound(_ catalogue: Catalogue) async throws {
        let wrong = try await catalogue.database.read { try $0.values(LibraryTests.unsound) as [String] }
        #expect(wrong.isEmpty, "\(wrong)")
    }

    @Test("navidrome#622: a compilation is one album by Various Artists, whose tracks keep their artists")
    func compilation() async throws {
        let tracks = try await add(
            ["Ann", "Bob", "Cid"].enumerated().map {
                Song(
                    artist: $1, album: "Hits 99", year: 1990 + $0, track: $0 + 1, isCompilation: true, path: "\($1)/Hits 99/1.mp3"
                )
            })
        let album = try #require(try await albums().first)
        #expect(try await albums().count == 1 && album.tracks == 3 && album.isCompilation)
        #expect(album.artist == "Various Artists" && album.artists.map(\.name) == ["Various Artists"])
        #expect(tracks.map(\.artist) == ["Ann", "Bob", "Cid"] && tracks.allSatisfy { $0.albumArtist.isEmpty })
        #expect(
            tracks.allSatisfy { $0.albumArtists == album.artists && $0.artists == [Credit(id: $0.artistID, name: $0.artist)] })
        let artists = try await catalogue.artists(account: account).items
        #expect(artists.map(\.name) == ["Ann", "Bob", "Cid", "Various Artists"])
        #expect(artists.map(\.albums) == [0, 0, 0, 1] && artists.map(\.tracks) == [1, 1, 1, 0])
        for artist in artists.prefix(3) {
            #expect(try await catalogue.albums(account: account, ofArtist: artist.id).items.isEmpty)
            #expect(try await catalogue.albums(account: account, withArtist: artist.id).items == [album])
        }
        #expect(try await catalogue.albums(account: account, ofArtist: artists[3].id).items == [album])
        #expect(try await catalogue.albums(account: account, withArtist: artists[3].id).items.isEmpty)
        #expect(try await catalogue.search("various", account: account).albums == [album])
        try await expectSound(catalogue)
    }

    @Test("An album artist wins over the compilation flag")
    func albumArtistWins() async throws {
        try await add([
            Song(artist: "Ann", album: "Mix", albumArtist: "DJ", track: 1, isCompilation: true),
            Song(artist: "Bob", album: "Mix", albumArtist: "DJ", track: 2, isCompilation: true)
        ])
        let album = try #require(try await albums().first)
        #expect(try await albums().count == 1 && album.artist == "DJ" && album.isCompilation)
    }

    @Test("lollypop#307: a guest makes no compilation, with an album artist or without", arguments: ["Dora", ""])
    func guests(albumArtist: String) async throws {
        let tracks = try await add(
            ["Dora feat. Eve", "Dora", "Dora (ft. Fay)"].enumerated().map {
                Song(artist: $1, album: "Feat Album", albumArtist: albumArtist, track: $0 + 1)
            })
        let album = try #require(try await albums().first)
        #expect(try await albums().count == 1 && album.tracks == 3 && !album.isCompilation)
        #expect(album.artist == "Dora" && album.artists.map(\.name) == ["Dora"])
        #expect(tracks.map(\.artist) == ["Dora feat. Eve", "Dora", "Dora (ft. Fay)"])
        #expect(tracks.map { $0.artists.map(\.name) } == [["Dora", "Eve"], ["Dora"], ["Dora", "Fay"]])
        #expect(Set(tracks.map(\.artistID)).count == 1 && tracks.allSatisfy { $0.albumArtists == album.artists })
        let artists = try await catalogue.artists(account: account).items
        #expect(artists.map(\.name) == ["Dora", "Eve", "Fay"] && artists.map(\.tracks) == [3, 1, 1])
        let ofEve = try await catalogue.tracks(account: account, .artist(artists[1].id)).items
        #expect(ofEve.map(\.id) == [tracks[0].id])
        #expect(try await catalogue.albums(account: account, withArtist: artists[1].id).items == [album])
        try await expectSound(catalogue)
    }

    @Test("picard#159: several artists are several, and their text stays", arguments: [["Ida", "Jon"], []])
    func several(albumArtists: [String]) async throws {
        let text = albumArtists.joined(separator: ", ")
        let tracks = try await add([
            Song(
                artist: "Ida, Jon", album: "Duo", albumArtist: text, track: 1, artists: ["Ida", "Jon"], albumArtists: albumArtists
            ),
            Song(
                artist: "Ida, Jon", album: "Duo", albumArtist: text, track: 2, artists: ["Ida", "Jon"], albumArtists: albumArtists
            )
        ])
        let album = try #require(try await albums().first)
        #expect(album.artist == "Ida, Jon" && album.artists.map(\.name) == ["Ida", "Jon"] && !album.isCompilation)
        #expect(tracks[0].artists == album.artists && tracks[0].artist == "Ida, Jon" && tracks[0].artistID == album.artistID)
        for artist in album.artists {
            let page = try #require(try await catalogue.artist(id: artist.id, account: account))
            #expect(page.albums == 1 && page.tracks == 2)
            #expect(try await catalogue.albums(account: account, ofArtist: artist.id).items == [album])
            #expect(try await catalogue.tracks(account: account, .artist(artist.id)).items == tracks)
        }
        // A track by one of them alone makes it that one's album, with the other on it.
        guard albumArtists.isEmpty else { return }
        try await add([Song(artist: "Ida", album: "Duo", track: 3)], from: 5)
        #expect(try await albums().map(\.artist) == ["Ida"])
        #expect(try await catalogue.artist(id: album.artists[1].id, account: account)?.albums == 0)
        #expect(try await catalogue.albums(account: account, withArtist: album.artists[1].id).items.map(\.id) == [album.id])
        try await expectSound(catalogue)
    }

    private static let releases = ["11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"]

    private static let apart: [(String, [Song], [Int])] = {
        func two(_ one: Song, _ other: Song) -> [Song] {
            [1, 2].flatMap { track in
                [one, other].map { song in
                    var song = song
                    (song.artist, song.track) = ("Weezer", track)
                    song.title = "\(song.year) \(song.disc) \(track)"
                    if !song.path.isEmpty { song.path += "/\(track).mp3" }
                    return song
                }
            }
        }
        return [
            ("releases", two(Song(release: releases[0]), Song(release: releases[1])), [0, 1, 0, 1]),
            (
                "one release of two folders and years",
                two(Song(year: 1994, release: releases[0], path: "a"), Song(year: 2001, release: releases[0], path: "b")),
                [0, 0, 0, 0]
            ),
            ("years and folders", two(Song(year: 1994, path: "m/1994"), Song(year: 2001, path: "m/2001")), [0, 1, 0, 1]),
            ("years, and no folders", two(Song(year: 1994), Song(year: 2001)), [0, 1, 0, 1]),
            ("one year in two folders", two(Song(year: 1994, path: "a"), Song(year: 1994, path: "b")), [0, 0, 0, 0]),
            ("two years in one folder", two(Song(year: 1994, path: "a"), Song(year: 2001, path: "a")), [0, 0, 0, 0]),
            (
                "no years, and other songs in two folders",
                [
                    Song(artist: "W", track: 1, title: "a", path: "a/1"), Song(artist: "W", track: 1, title: "b", path: "b/1"),
                    Song(artist: "W", track: 2, title: "c", path: "a/2")
                ], [0, 1, 0]
            ),
            ("discs in folders of their own", two(Song(disc: 1, path: "m/W/CD1"), Song(disc: 2, path: "m/W/CD2")), [0, 0, 0, 0]),
            ("discs without tags", two(Song(path: "m/W/CD1"), Song(path: "m/W/CD2")), [0, 0, 0, 0]),
            (
                "discs of two years in folders of their own",
                two(Song(year: 1999, disc: 1, path: "m/One"), Song(year: 2000, disc: 2, path: "m/Two")), [0, 0, 0, 0]
            ),
            ("a best-of without folders", (0..<4).map { Song(artist: "W", year: 1990 + $0, track: $0 + 1) }, [0, 0, 0, 0]),
            ("other artists", [Song(artist: "A", track: 1), Song(artist: "B", track: 2)], [0, 1]),
            (
                "a compilation with no flag, by its folder",
                ["A", "B", "C"].enumerated().map { Song(artist: $1, track: $0 + 1, path: "m/x/\($0)") }, [0, 0, 0]
            ),
            (
                "a folder of everything",
                [
                    Song(artist: "A", track: 1, path: "m/a"), Song(artist: "B", track: 1, path: "m/b"),
                    Song(artist: "A", track: 2, path: "m/c"),
                    Song(artist: "B", track: 2, path: "m/d")
                ], [0, 1, 0, 1]
            ),
            (
                "a guest's track", (1...8).map { Song(artist: $0 == 3 ? "B" : "A", track: $0, path: "m/x/\($0)") },
                Array(repeating: 0, count: 8)
            )
        ]
    }()

    @Test("guayadeque#85: albums of one title are told apart, in any order of arrival", arguments: 0..<15)
    func apart(place: Int) async throws {
        let (name, songs, expected) = Self.apart[place]
        #expect(Self.apart.count == 15)
        #expect(try await sharing(songs) == [expected], "\(name)")
    }

    @Test("A folder that becomes a compilation is the album it was, and goes back to one")
    func compilationByFolder() async throws {
        let ann = try await add([Song(artist: "Ann", album: "X", track: 1, path: "m/x/1")])[0]
        #expect(try await catalogue.setRating(4, .album, id: ann.albumID, account: account))
        let bob = try await add([Song(artist: "Bob", album: "X", track: 2, path: "m/x/2")], from: 1)[0]
        let album = try #require(try await catalogue.album(id: ann.albumID, account: account))
        #expect(bob.albumID == ann.albumID && album.artist == "Various Artists" && album.isCompilation && album.marks.rating == 4)
        #expect(try await tracks([ann.id])[0].albumArtists.map(\.name) == ["Various Artists"])
        _ = try await catalogue.remove(id: bob.id, account: account)
        let again = try #require(try await catalogue.album(id: ann.albumID, account: account))
        #expect(again.artist == "Ann" && !again.isCompilation && again.artists == [Credit(id: ann.artistID, name: "Ann")])
        #expect(try await catalogue.artists(account: account).items.map(\.name) == ["Ann"])
        try await expectSound(catalogue)
    }

    @Test("An edit moves a track to the album where it fits, and back, and an album keeps its id")
    func edits() async throws {
        let songs = [
            Song(artist: "Weezer", year: 1994, track: 1, release: Self.releases[0], path: "m/1994/1"),
            Song(artist: "Weezer", year: 1994, track: 2, release: Self.releases[0], path: "m/1994/2"),
            Song(artist: "Weezer", year: 2001, track: 1, release: Self.releases[1], path: "m/2001/1"),
            Song(artist: "Weezer", album: "Pinkerton", year: 1996, track: 5, path: "m/1996/5")
        ]
        let tracks = try await add(songs)
        #expect(try await albums().map(\.tracks).sorted() == [1, 1, 2])
        var edit = TagEdit()
        edit.album = "Weezer"
        let stray = try #require(try await catalogue.edit(edit, ofTrack: tracks[3].id, account: account))
        #expect([tracks[0].albumID, tracks[2].albumID].contains(stray.albumID))
        edit.album = "Pinkerton"
        #expect(try await catalogue.edit(edit, ofTrack: tracks[3].id, account: account)?.albumID == tracks[3].albumID)
        // Removed and imported again.
        for track in tracks { _ = try await catalogue.remove(id: track.id, account: account) }
        #expect(try await albums().isEmpty)
        let again = try await add(songs.reversed())
        #expect(again.reversed().map(\.albumID) == tracks.map(\.albumID))
        // Other tags in the same file.
        var changed = songs[3]
        changed.artist = "Rivers"
        let (old, new) = (try OriginalHash.numbered(20), try arrival(21, changed, soundHash: 9))
        _ = try await catalogue.add(
            Arrival(
                hash: old, map: map(songs[3].tags), measures: SoundMeasures(soundHash: 9), title: "-", path: "n/5"),
            account: account)
        let replaced = try #require(try await catalogue.replace(old, by: new, account: account))
        #expect(replaced.track.artists.map(\.name) == ["Rivers"])
        try await expectSound(catalogue)
    }

    @Test("A file that comes again with its folder, or moves, is on the album of that folder")
    func folders() async throws {
        let songs = [Song(artist: "W", year: 1994, track: 1), Song(artist: "W", year: 2001, track: 2)]
        let tracks = try await add(songs)
        #expect(tracks[0].albumID == tracks[1].albumID)
        for (number, folder) in ["m/1994/1", "m/2001/2"].enumerated() {
            var song = songs[number]
            song.path = folder
            #expect(try await !catalogue.add(arrival(number, song), account: account).isNew)
        }
        #expect(try await albums().count == 2)
        let identity = ImportRecord.Identity(device: 1, inode: 1, size: 1, modified: 1)
        let record = ImportRecord(
            path: Array("/m/1994/2".utf8), identity: identity, beside: "", verdict: .taken(try .numbered(1)), version: "")
        try await catalogue.note(record, movedFrom: Array("/m/2001/2".utf8), account: account)
        #expect(try await albums().count == 1)
        try await expectSound(catalogue)
    }

    @Test("Sort tags order every list, also for names without their own")
    func sorts() async throws {
        try await add([
            Song(artist: "The Beatles", album: "A", track: 1, title: "The End"),
            Song(
                artist: "The Beatles", album: "The White Album", track: 1, title: "A",
                sorts: ("Zz", "Beatles, The", "White Album", "")),
            Song(artist: "Cat", album: "Kit", track: 1, title: "Mid"),
            Song(artist: "Zed", album: "Zoo", albumArtist: "The Who", track: 1, title: "B", sorts: ("", "", "", "Ado"))
        ])
        func titles(_ sort: TrackSort) async throws -> [String] {
            try await catalogue.tracks(account: account, sort: sort).items.map(\.title)
        }
        #expect(try await titles(.title) == ["B", "Mid", "The End", "A"])
        #expect(try await titles(.artist) == ["The End", "A", "Mid", "B"])
        #expect(try await titles(.album) == ["The End", "Mid", "A", "B"])
        #expect(try await albums().map(\.name) == ["A", "Kit", "The White Album", "Zoo"])
        #expect(
            try await catalogue.albums(account: account, sort: .artist).items.map(\.name) == [
                "Zoo", "A", "The White Album", "Kit"
            ])
        #expect(try await catalogue.artists(account: account).items.map(\.name) == ["The Who", "The Beatles", "Cat", "Zed"])
        let beatles = try await catalogue.artists(account: account).items[1].id
        #expect(try await catalogue.albums(account: account, ofArtist: beatles).items.map(\.name) == ["A", "The White Album"])
        // An edited name is ordered by itself.
        var edit = TagEdit()
        edit.title = "Aa"
        let last = try await catalogue.tracks(account: account, sort: .title).items[3]
        _ = try await catalogue.edit(edit, ofTrack: last.id, account: account)
        #expect(try await titles(.title).first == "Aa")
        try await expectSound(catalogue)
    }

    /// Songs of a catalogue of the schema before.
    private static let former = [
        Song(artist: "Ann", album: "Hits", track: 1, isCompilation: true),
        Song(artist: "Bob", album: "Hits", track: 1, isCompilation: true),
        Song(artist: "Dora", album: "D", track: 1), Song(artist: "Dora feat. Eve", album: "D", track: 2),
        Song(artist: "Weezer", album: "Weezer", year: 1994, track: 1),
        Song(artist: "Weezer", album: "Weezer", year: 2001, track: 1),
        Song(artist: "Ida, Jon", album: "", artists: ["Ida", "Jon"], sorts: ("", "zz", "", "")), Song(artist: "", album: "")
    ]

    /// Makes that catalogue, and opens it.
    private func openFormer() async throws -> Catalogue {
        let path = fixture.path + ".old"
        let old = try SQLiteDatabase(path: path, upTo: "library")
        try await old.write(.keeping) { db in
            try db.run("INSERT INTO account (id, name) VALUES (1, 'local')")
            for (number, song) in Self.former.enumerated() {
                func row(_ table: String, _ values: [Field]) throws -> String {
                    let conditions = values.map { "\($0.column) = ?" }.joined(separator: " AND ")
                    let known: String? = try db.value("SELECT id FROM \(table) WHERE \(conditions)", values.map(\.value))
                    if let known { return known }
                    let id = Identifier.random()
                    try db.insert(into: table, [("id", id)] + values)
                    return id
                }
                let artist = try row(
                    "artist", [("account", 1), ("name", song.artist), ("nameOrder", song.artist.lowercased())])
                let album = try row("album", [("account", 1), ("artistId", artist), ("name", song.album)])
                try db.insert(
                    into: "track",
                    [
                        ("id", Identifier.random()), ("account", 1), ("sha256", try OriginalHash.numbered(number)),
                        ("title", song.tags.title), ("artist", song.artist), ("albumArtist", ""), ("album", song.album),
                        ("artistId", artist), ("albumId", album), ("titleOrder", ""), ("artistOrder", ""),
                        ("albumOrder", song.album.lowercased()), ("track", song.track), ("disc", 0), ("year", song.year),
                        ("genres", "[]"), ("samples", 1), ("sampleRate", 1), ("channels", 1), ("bitsPerSample", 0),
                        ("codec", "mp3"),
                        ("container", "mp3"), ("bitrate", 1), ("bytes", 1), ("warnings", "[]"), ("added", number)
                    ])
            }
            try db.run("UPDATE album SET favourite = 7 WHERE name = 'D'")
            try db.run(
                """
                INSERT INTO imported (account, path, device, inode, size, mtime, beside, sha256, version)
                VALUES (1, x'2f6d2f612f31', 1, 1, 1, 1, '', ?, '')
                """, [try OriginalHash.numbered(0)])
        }
        try old.close()
        return try Catalogue(path: path)
    }

    /// The names of the albums, with their artists and the number of their tracks.
    private func albums(of catalogue: Catalogue) async throws -> [String] {
        try await catalogue.albums(account: 1, sort: .name).items.map { "\($0.name) \($0.artist) \($0.tracks)" }
    }

    @Test("A catalogue of the schema before opens with the artists and albums that its columns name")
    func migratesByColumns() async throws {
        let opened = try await openFormer()
        try await expectSound(opened)
        #expect(
            try await albums(of: opened).sorted()
                == ["D Dora 2", "Hits Ann 1", "Hits Bob 1", "Weezer Weezer 1", "Weezer Weezer 1"])
        #expect(try await opened.favouriteAlbums(account: 1).items.map(\.tracks) == [2])
        #expect(try await opened.artists(account: 1).items.map(\.name) == ["Ann", "Bob", "Dora", "Eve", "Ida, Jon", "Weezer"])
        #expect(try await opened.search("weezer", account: 1).albums.count == 2)
        try opened.close()
    }

    @Test("A catalogue of the schema before gets the rest of its tags out of the maps")
    func migratesByMaps() async throws {
        let opened = try await openFormer()
        var read = 0
        for hash in try await opened.untagged(after: nil) {
            guard let number = try Self.former.indices.first(where: { try OriginalHash.numbered($0) == hash }) else { continue }
            try await opened.retag(hash, Self.former[number].tags)
            read += 1
        }
        #expect(read == Self.former.count)
        #expect(try await opened.untagged(after: nil).isEmpty)
        #expect(
            try await albums(of: opened).sorted() == [
                "D Dora 2", "Hits Various Artists 2", "Weezer Weezer 1", "Weezer Weezer 1"
            ])
        #expect(
            try await opened.artists(account: 1).items.map(\.name)
                == ["Ann", "Bob", "Dora", "Eve", "Ida", "Jon", "Various Artists", "Weezer"])
        try await expectSound(opened)
        try opened.close()
    }

    @Test("Very many tracks of one title and artist are one album, and each is added soon")
    func many() async throws {
        try await add((0..<330).map { Song(artist: "W", album: "All", track: $0 + 1, path: "m/all/\($0)") })
        #expect(try await albums().map(\.tracks) == [330])
        try await expectSound(catalogue)
    }
}
