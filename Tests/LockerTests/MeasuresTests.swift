import Audio
import Foundation
import Testing

@testable import Locker

/// What ingest measured, covers and lyrics.
@Suite("Measures, covers and lyrics of a track", .everyDriver) struct MeasuresTests {
    private static let picture = Picture(format: .png, width: 10, height: 10, bytes: 99)
    private static let loudness = SoundMeasures.Loudness(integrated: -14.5, truePeak: 0.25, range: 7)

    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private func embedded(_ number: Int) throws -> Art {
        Art(hash: try .numbered(number), format: .png, bytes: 99, isBeside: false)
    }

    private func beside(_ number: Int) throws -> Art {
        Art(hash: try .numbered(number), format: .jpeg, bytes: 5, isBeside: true)
    }

    private func lyrics(_ text: String, _ isSynchronised: Bool = false) -> TrackTags.Lyrics {
        TrackTags.Lyrics(text: text, isSynchronised: isSynchronised)
    }

    private func add(
        _ number: Int, _ map: TrackMap, _ measures: SoundMeasures = SoundMeasures(), art: Int? = nil, beside: Beside = Beside(),
        to other: Int64? = nil
    ) async throws -> Addition {
        let art = try art.map(OriginalHash.numbered)
        return try await catalogue.add(
            Arrival(hash: .numbered(number), map: map, measures: measures, title: "t", art: art, beside: beside),
            account: other ?? account)
    }

    @Test("Measures and the cover are stored with the track")
    func isStoredWithTheTrack() async throws {
        let track = try await add(
            1, map(art: Self.picture), SoundMeasures(loudness: Self.loudness, soundHash: .max), art: 100
        ).track
        #expect(track.loudness == Self.loudness && track.soundHash == .max)
        #expect(track.measuresVersion == SoundMeasures.currentVersion)
        #expect(try track.art == embedded(100))
        #expect(try await Catalogue(path: fixture.path).track(id: track.id, account: account) == track)
        let quiet = try await add(2, map()).track
        #expect(quiet.loudness == nil && quiet.art == nil && quiet.soundHash == 0)
    }

    @Test("A cover is needed as long as a row in any account shows it")
    func countsReferences() async throws {
        let other = try await catalogue.account(named: "other")
        let map = try map(art: Self.picture)
        let first = try await add(1, map, art: 100).track
        // Nobody needs to say again which picture it is.
        let second = try await add(1, map, to: other).track
        #expect(second.art == first.art)
        for track in [first, second] {
            #expect(try await catalogue.isReferenced(.numbered(100)))
            #expect(try await catalogue.remove(.numbered(100)) == false)
            _ = try await catalogue.remove(id: track.id, account: track.account)
        }
        #expect(try await catalogue.isReferenced(.numbered(100)) == false)
        await #expect(throws: CatalogueError.unknownArt) { try await add(1, map) }
        #expect(try await catalogue.count(account: account) == 0)
    }

    @Test("A map made again is written to the rows of every account, whose ids, tags and dates stay")
    func remeasures() async throws {
        let other = try await catalogue.account(named: "other")
        let old = try map(TrackTags(title: "Title", lyrics: lyrics("old")))
        var tracks = [try await add(1, old).track, try await add(1, old, to: other).track]
        let bystander = try await add(2, old).track
        var new = try map(
            TrackTags(title: "Ignored", lyrics: lyrics("new")), art: Self.picture)
        new.samples = 999
        let measures = SoundMeasures(loudness: Self.loudness, soundHash: 7, warnings: ["cut"])
        let released = try await catalogue.remeasure(.numbered(1), map: new, measures: measures, art: .numbered(100))
        #expect(released == [])
        for index in tracks.indices {
            tracks[index].take(new)
            tracks[index].take(measures)
            tracks[index].art = try embedded(100)
            let stored = try await catalogue.track(id: tracks[index].id, account: tracks[index].account)
            #expect(stored == tracks[index] && stored?.samples == 999 && stored?.title == "Title")
            #expect(stored?.loudness == Self.loudness && stored?.warnings == ["cut"] && stored?.soundHash == 7)
            #expect(try await catalogue.lyrics(of: tracks[index].id, account: tracks[index].account) == lyrics("new"))
        }
        #expect(try await catalogue.track(id: bystander.id, account: account) == bystander)

        let without = try await catalogue.remeasure(.numbered(1), map: try map(), measures: SoundMeasures(), art: nil)
        #expect(try without == [.numbered(100), .numbered(100)])
        #expect(try await catalogue.lyrics(of: tracks[0].id, account: account) == nil)
        let nowhere = try await catalogue.remeasure(.numbered(9), map: new, measures: measures, art: .numbered(100))
        #expect(nowhere == nil)
    }

    @Test("Rows measured by an older version are listed, one Original at a time, until they have new values")
    func unmeasured() async throws {
        let other = try await catalogue.account(named: "other")
        let old = SoundMeasures(loudness: Self.loudness, soundHash: 5, warnings: ["old"])
        for number in [3, 1, 2] { _ = try await add(number, map(art: Self.picture), old, art: 100) }
        _ = try await add(2, map(art: Self.picture), old, to: other)
        let version = old.version + 1
        #expect(try await catalogue.unmeasured(before: old.version) == [])
        #expect(try await catalogue.unmeasuredCount(before: version) == 3)
        #expect(try await catalogue.unmeasured(before: version, limit: 2) == [.numbered(1), .numbered(2)])
        #expect(try await catalogue.unmeasured(before: version, after: .numbered(2)) == [.numbered(3)])

        var new = SoundMeasures(soundHash: 6, warnings: ["new"])
        new.version = version
        let before = try await catalogue.tracks(account: other, sort: .added).items
        let announcement = try await catalogue.announce([.numbered(2)])
        #expect(try await catalogue.setMeasures(new, of: .numbered(2), announced: announcement) == 2)
        for account in [account, other] {
            let track = try await catalogue.tracks(account: account, sort: .added).items.first { try $0.hash == .numbered(2) }
            #expect(track?.loudness == nil && track?.soundHash == 6 && track?.warnings == ["new"])
            #expect(track?.measuresVersion == version)
        }
        var expected = try #require(before.first)
        expected.take(new)
        #expect(try await catalogue.tracks(account: other, sort: .added).items == [expected])
        #expect(try await catalogue.unmeasured(before: version) == [.numbered(1), .numbered(3)])
        // Nothing that an older program measured is lost before there is something new.
        try await catalogue.forgetMeasures(of: .numbered(2))
        expected.measuresVersion = 0
        #expect(try await catalogue.tracks(account: other, sort: .added).items == [expected])
        #expect(try await catalogue.unmeasuredCount(before: 1) == 1)
    }

    @Test("The same song again repairs what its row lacks")
    func refreshes() async throws {
        let first = try await add(1, map()).track
        let again = try await add(1, map(art: Self.picture), SoundMeasures(loudness: Self.loudness), art: 100)
        #expect(!again.isNew && again.track.id == first.id && again.track.loudness == Self.loudness)
        #expect(try again.track.art == embedded(100))
        #expect(try await catalogue.track(id: first.id, account: account) == again.track)
    }

    @Test("A picture beside the file counts for its row alone, and only if the file has none")
    func besideArt() async throws {
        let other = try await catalogue.account(named: "other")
        let own = try await add(1, map(art: Self.picture), art: 100, beside: Beside(art: beside(200))).track
        #expect(try own.art == embedded(100))
        let bare = try await add(2, map(), beside: Beside(art: beside(200))).track
        #expect(try bare.art == beside(200))
        #expect(try await add(2, map(), to: other).track.art == nil)

        let changed = try await add(2, map(), beside: Beside(art: beside(201)))
        #expect(try changed.track.art == beside(201) && changed.released == [.numbered(200)])
        #expect(try await add(2, map()).track.art == beside(201))
        let embedded = try await catalogue.remeasure(
            .numbered(2), map: map(art: Self.picture), measures: SoundMeasures(), art: .numbered(100))
        #expect(try embedded == [.numbered(201)])
    }

    @Test(
        "Lyrics beside the file count unless the file has synchronised ones",
        arguments: [
            (nil, nil, nil), ("in", nil, "in"), (nil, "out", "out"), ("in", "out", "out"), ("[0:1]in", "out", "[0:1]in"),
            ("[0:1]in", "[0:2]out", "[0:1]in"), ("in", "[0:2]out", "[0:2]out"), ("a\0b\r", nil, "ab")
        ] as [(String?, String?, String?)])
    func besideLyrics(inside: String?, outside: String?, kept: String?) async throws {
        func parsed(_ text: String?) -> TrackTags.Lyrics? { text.map { lyrics($0, $0.hasPrefix("[")) } }
        let map = try map(TrackTags(title: "t", lyrics: parsed(inside)))
        let track = try await add(1, map, beside: Beside(lyrics: parsed(outside))).track
        #expect(try await catalogue.lyrics(of: track.id, account: account) == parsed(kept))
        // The same song again without its folder, and its map made again: both leave what is there.
        _ = try await add(1, map)
        _ = try await catalogue.remeasure(.numbered(1), map: map, measures: SoundMeasures(), art: nil)
        #expect(try await catalogue.lyrics(of: track.id, account: account) == parsed(kept))
        #expect(try await catalogue.lyrics(of: track.id, account: account + 1) == nil)
        _ = try await catalogue.remove(id: track.id, account: account)
        let rows = try await catalogue.database.read { try $0.value("SELECT count(*) FROM lyrics") as Int? }
        #expect(rows == 0)
    }

    @Test("A file with the same sound and other tags keeps its track")
    func replaces() async throws {
        let track = try await add(
            1, map(TrackTags(title: "Old", artist: "A"), art: Self.picture), SoundMeasures(soundHash: 5), art: 100
        ).track
        try await catalogue.markPlayed(id: track.id, account: account)
        let new = Arrival(
            hash: try .numbered(2), map: try map(TrackTags(title: "New", artist: "B", lyrics: lyrics("la"))),
            measures: SoundMeasures(soundHash: 5), title: "t")
        let change = try #require(
            try await catalogue.replace(.numbered(1), by: new, account: account))
        #expect(try !change.isNew && Set(change.released) == [.numbered(1), .numbered(100)])
        #expect(change.track.id == track.id && change.track.added == track.added && change.track.played == 1000)
        #expect(change.track.title == "New" && change.track.artist == "B" && change.track.art == nil)
        #expect(try change.track.hash == .numbered(2) && change.track.artistID != track.artistID)
        #expect(try await catalogue.track(id: track.id, account: account) == change.track)
        #expect(try await catalogue.lyrics(of: track.id, account: account)?.text == "la")
        #expect(try await catalogue.tracks(account: account, sort: .title).items == [change.track])
    }

    @Test("Another sound, an unknown one, and an Original the locker has are no replacement", arguments: [6, 0, 5])
    func doesNotReplace(sound: UInt64) async throws {
        let kept = try await add(1, map(), SoundMeasures(soundHash: sound == 0 ? 0 : 5)).track
        if sound == 5 { _ = try await add(2, map(), SoundMeasures(soundHash: 5)) }
        let arrival = Arrival(
            hash: try .numbered(2), map: try map(), measures: SoundMeasures(soundHash: sound), title: "t")
        let change = try await catalogue.replace(.numbered(1), by: arrival, account: account)
        #expect(change == nil)
        #expect(try await catalogue.track(id: kept.id, account: account) == kept)
        #expect(try await catalogue.replace(.numbered(8), by: arrival, account: account) == nil)
    }

    @Test("A catalogue of the first schema opens with its tracks, and they are in every list")
    func migrates() async throws {
        let folder = try Fixture()
        let path = folder.path + ".old"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let old = try SQLiteDatabase(path: path, upTo: "tracks")
        let (artist, album, id) = (Identifier.random(), Identifier.random(), Identifier.random())
        try await old.write(.keeping) { db in
            try db.run("INSERT INTO account (id, name) VALUES (1, 'local')")
            try db.run("INSERT INTO artist (id, account, name) VALUES (?, 1, 'Ängie')", [artist])
            try db.run("INSERT INTO album (id, account, artistId, name) VALUES (?, 1, ?, 'First')", [album, artist])
            try db.run(
                """
                INSERT INTO track (
                    id, account, sha256, title, artist, albumArtist, album, artistId, albumId, titleOrder, artistOrder, albumOrder,
                    track, disc, year, genres, samples, sampleRate, channels, bitsPerSample, codec, container, bitrate, bytes,
                    warnings, added
                ) VALUES (?, 1, ?, 'Song', 'Ängie', '', 'First', ?, ?, 'song', 'ängie', 'first', 1, 0, 1999, '["Pop","pop"]',
                    88200, 44100, 2, 16, 'pcm_s16le', 'wav', 1411, 4044, '[]', 5)
                """, [id, try OriginalHash.numbered(1), artist, album])
        }
        try old.close()
        let opened = try Catalogue(path: path)
        let track = try #require(try await opened.track(id: id, account: 1))
        #expect(track.title == "Song" && track.marks == Marks(favourite: nil, rating: 0))
        #expect(try await opened.account(id: 1)?.bytes == 4044)
        let albums = try await opened.albums(account: 1, sort: .name).items
        #expect(albums.map(\.id) == [album] && albums[0].tracks == 1 && albums[0].duration == 2 && albums[0].year == 1999)
        #expect(try await opened.artists(account: 1).items.map(\.tracks) == [1])
        #expect(try await opened.genres(account: 1).items == [Genre(name: "Pop", tracks: 1)])
        let found = try await opened.search("ang fir", account: 1)
        #expect(found.tracks == [track] && found.albums.map(\.id) == [album] && found.artists.isEmpty)
        // What the rows were measured by is not known.
        #expect(track.measuresVersion == 0)
        #expect(try await opened.unmeasured(before: 1) == [.numbered(1)])
        let again = try await opened.add(
            Arrival(hash: .numbered(1), map: map(), measures: SoundMeasures(loudness: Self.loudness), title: "t"), account: 1)
        #expect(!again.isNew && again.track.loudness == Self.loudness)
        #expect(try await opened.unmeasured(before: 1) == [])
        try opened.close()
    }
}

extension TrackTags {
    fileprivate init(title: String, artist: String = "", lyrics: Lyrics?) {
        self.init(title: title, artist: artist)
        self.lyrics = lyrics
    }
}
