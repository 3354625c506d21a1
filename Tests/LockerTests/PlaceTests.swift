import Audio
import TestSupport
import Testing

@testable import Locker

@Suite("Places in lists", .everyDriver) struct PlaceTests {
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    /// Tracks of few titles, artists and albums, so that most sort keys are equal, and some of another account.
    private func fill(_ count: Int = 40) async throws -> [Track] {
        let other = try await catalogue.account(named: "other")
        var tracks: [Track] = []
        for number in 0..<count {
            let tags = TrackTags(
                title: ["Same", "Äther", "99", "日本"][number % 4], artist: ["A", "B feat. A", ""][number % 3],
                albumArtist: "", album: ["X", "Y", ""][number % 3], track: number, genres: ["Rock", "Pop"])
            let track = try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-").track
            tracks.append(track)
            if number % 3 == 0 {
                for time in 1...(1 + number % 5) {
                    try await catalogue.markPlayed(id: track.id, account: account, at: number * 10 + time)
                }
                _ = try await catalogue.setFavourite(true, .track, id: track.id, account: account)
            }
            _ = try await catalogue.add(account: other, hash: .numbered(number), map: map(tags), title: "-")
        }
        return tracks
    }

    /// Checks the page at every place of a list against the whole list.
    private func check<Item: Equatable>(
        _ name: String, _ page: (_ after: String?, _ place: Int?, _ limit: Int) async throws -> Page<Item>
    ) async throws {
        let whole = try await page(nil, nil, 500)
        #expect(!whole.items.isEmpty && whole.total == nil, "\(name)")
        for place in 0...whole.items.count + 1 {
            let found = try await page(nil, place, 3)
            #expect(found.items == Array(whole.items.dropFirst(place).prefix(3)), "\(name) at \(place)")
            #expect(found.total == whole.items.count, "\(name)")
            #expect((found.next == nil) == (place + 3 >= whole.items.count), "\(name) at \(place)")
            guard let next = found.next else { continue }
            #expect(try await page(next, nil, 500).items == Array(whole.items.dropFirst(place + 3)), "\(name) at \(place)")
        }
    }

    @Test("A page at a place is that part of the list, goes on by its cursor, and has the total")
    func places() async throws {
        let tracks = try await fill()
        let (catalogue, account) = (catalogue, account)
        for sort in TrackSort.allCases {
            try await check("tracks \(sort)") {
                try await catalogue.tracks(account: account, sort: sort, after: $0, at: $1, limit: $2)
            }
        }
        let filters: [TrackFilter] = [
            .album(tracks[0].albumID), .album(tracks[2].albumID), .artist(tracks[0].artistID), .genre("rock"), .favourites
        ]
        for filter in filters {
            try await check("\(filter)") { try await catalogue.tracks(account: account, filter, after: $0, at: $1, limit: $2) }
        }
        for sort in AlbumSort.allCases {
            try await check("albums \(sort)") {
                try await catalogue.albums(account: account, sort: sort, after: $0, at: $1, limit: $2)
            }
        }
        let artist = tracks[0].artistID
        try await check("albums of artist") {
            try await catalogue.albums(account: account, ofArtist: artist, after: $0, at: $1, limit: $2)
        }
        try await check("appearances") {
            try await catalogue.albums(account: account, withArtist: artist, after: $0, at: $1, limit: $2)
        }
        try await check("artists") { try await catalogue.artists(account: account, after: $0, at: $1, limit: $2) }
        try await check("genres") { try await catalogue.genres(account: account, after: $0, at: $1, limit: $2) }
        let list = try await catalogue.addPlaylist(
            named: "p", tracks: (tracks + tracks.reversed()).map(\.id), account: account)
        try await check("playlist") {
            try #require(
                try await catalogue.tracks(ofPlaylist: list.id, account: account, after: $0, at: $1, limit: $2))
        }
    }

    @Test("A list without items has the total 0 at any place")
    func empty() async throws {
        for place in [0, 1, 1_000_000_000] {
            let page = try await catalogue.tracks(account: account, sort: .title, at: place)
            #expect(page == Page(items: [], total: 0))
            #expect(try await catalogue.tracks(account: account, .genre("none"), at: place) == Page(items: [], total: 0))
            #expect(try await catalogue.artists(account: account, at: place).total == 0)
        }
    }

    @Test("Totals hold when tracks come, are edited and go")
    func totals() async throws {
        let tracks = try await fill(12)
        func total(_ sort: TrackSort) async throws -> Int? {
            try await catalogue.tracks(account: account, sort: sort, at: 0, limit: 1).total
        }
        #expect(try await total(.title) == 12)
        var edit = TagEdit()
        (edit.artist, edit.genres) = ("New", ["Jazz"])
        _ = try await catalogue.edit(edit, ofTrack: tracks[0].id, account: account)
        for track in tracks.suffix(3) { _ = try await catalogue.remove(id: track.id, account: account) }
        #expect(try await total(.newest) == 9)
        #expect(try await catalogue.count(account: account) == 9)
        #expect(try await catalogue.tracks(account: account, .genre("Rock"), at: 0).total == 8)
        #expect(try await catalogue.tracks(account: account, .genre("Jazz"), at: 0).total == 1)
        _ = try await catalogue.removeAccount(id: account)
        #expect(try await catalogue.count(account: account) == 0)
    }

    @Test("Every choice of random tracks has no track twice, and none of another account")
    func sample() async throws {
        let tracks = Set(try await fill(30).map(\.id))
        for limit in [1, 2, 7, 29, 30, 31, 500] {
            let found = try await catalogue.randomTracks(account: account, limit: limit).map(\.id)
            #expect(found.count == min(30, limit) && Set(found).count == found.count && tracks.isSuperset(of: found))
        }
        let albums = try await catalogue.albums(account: account, sort: .name).items.map(\.id)
        #expect(Set(try await catalogue.randomAlbums(account: account).map(\.id)) == Set(albums))
        let nobody = try await catalogue.account(named: "nobody")
        #expect(try await catalogue.randomTracks(account: nobody).isEmpty)
        #expect(try await catalogue.randomAlbums(account: nobody).isEmpty)
    }

    @Test("Every track is as likely to be chosen as any other, at every place of the choice")
    func uniform() async throws {
        let tracks = try await fill(10).map(\.id)
        var (chosen, first): ([String: Int], [String: Int]) = ([:], [:])
        let rounds = 2000
        for _ in 0..<rounds {
            let found = try await catalogue.randomTracks(account: account, limit: 3).map(\.id)
            for id in found { chosen[id, default: 0] += 1 }
            first[found[0], default: 0] += 1
        }
        // 600 and 200 are expected, with deviations of 20 and 13: six of them come once in half a billion times.
        for id in tracks {
            #expect(abs((chosen[id] ?? 0) - rounds * 3 / 10) < 125, "\(chosen)")
            #expect(abs((first[id] ?? 0) - rounds / 10) < 82, "\(first)")
        }
    }

    @Test("The letters of a list are in its order, and each begins where its first item is")
    func letters() async throws {
        let names = [
            "!!!", "1984", "Abba", "Äther", "Élan", "ezra", "Þórr", "Ήλιος", "Ёлка", "Йод", "봄날", "あい", "ガナ", "かな", "中", "日本"
        ]
        for (number, name) in names.enumerated() {
            let tags = TrackTags(title: name, artist: name, albumArtist: "", album: name)
            try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-")
        }
        let expected = Letters(
            letters: [
                ("#", 0), ("A", 2), ("E", 4), ("Þ", 6), ("Η", 7), ("Е", 8), ("И", 9), ("ㅂ", 10), ("あ", 11), ("か", 12), ("漢", 14)
            ].map { .init(name: $0, place: $1) }, total: names.count)
        for sort in [TrackSort.title, .artist, .album] {
            #expect(try await catalogue.letters(ofTracks: sort, account: account) == expected, "\(sort)")
        }
        for sort in [AlbumSort.name, .artist] {
            #expect(try await catalogue.letters(ofAlbums: sort, account: account) == expected, "\(sort)")
        }
        #expect(try await catalogue.lettersOfArtists(account: account) == expected)
        #expect(try await catalogue.letters(ofTracks: .newest, account: account) == nil)
        #expect(try await catalogue.letters(ofAlbums: .year, account: account) == nil)
        let items = try await catalogue.tracks(account: account, sort: .title, limit: 500).items
        for letter in expected.letters {
            let page = try await catalogue.tracks(account: account, sort: .title, at: letter.place, limit: 1)
            #expect(page.items == [items[letter.place]])
        }
    }

    @Test("Letters are bounded, whatever the names are, and an empty list has none")
    func manyLetters() async throws {
        #expect(try await catalogue.lettersOfArtists(account: account) == Letters(letters: [], total: 0))
        for number in 0..<400 {
            // Each a syllable of another letter, or a mark.
            let scalar = try #require(Unicode.Scalar((number < 300 ? 0x1400 : 0x300) + UInt32(number)))
            let tags = TrackTags(title: "\(scalar)")
            try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-")
        }
        let found = try #require(try await catalogue.letters(ofTracks: .title, account: account))
        #expect(found.total == 400 && (100...Catalogue.mostLetters).contains(found.letters.count))
        #expect(zip(found.letters, found.letters.dropFirst()).allSatisfy { $0.place < $1.place && $0.name != $1.name })
    }

    @Test("Places, totals and letters are read from indexes alone", arguments: TrackSort.allCases)
    func plans(sort: TrackSort) async throws {
        for continued in [false, true] {
            let plan = try await catalogue.plan(of: sort.listing.keyStatement(continued: continued))
            #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH track USING COVERING INDEX track_"), "\(plan)")
            if continued { #expect(plan[0].contains("(account=? AND "), "\(plan)") }
        }
        #expect(try await catalogue.plan(of: sort.listing.totalStatement).allSatisfy { $0.hasPrefix("SEARCH account") })
        guard sort.isAlphabetical else { return }
        for statement in [sort.listing.nextKeyStatement, sort.listing.countStatement] {
            let plan = try await catalogue.plan(of: statement)
            #expect(plan.count == 1 && plan[0].hasPrefix("SEARCH track USING COVERING INDEX track_"), "\(plan)")
            #expect(plan[0].contains("Order>?"), "\(plan)")
        }
    }

    @Test("The place in a list of a table of its own is found without the tracks")
    func keyPlans() async throws {
        for listing in [Listing.tracksOfArtist, .tracksOfGenre, Catalogue.playlistTrackListing] {
            for statement in [listing.keyStatement(continued: false), listing.keyStatement(continued: true)] {
                let plan = try await catalogue.plan(of: statement)
                #expect(plan.contains { $0.contains("USING PRIMARY KEY") }, "\(plan)")
                #expect(!plan.contains { $0.contains("SEARCH track ") }, "\(plan)")
            }
        }
    }
}
