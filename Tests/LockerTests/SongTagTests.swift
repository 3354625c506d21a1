import Audio
import TestSupport
import Testing

@testable import Locker

@Suite("Tags that decide no list", .everyDriver) struct SongTagTests {
    private let fixture: Fixture
    private let account: Int64
    private var catalogue: Catalogue { fixture.catalogue }

    init() async throws {
        fixture = try Fixture()
        account = try await fixture.catalogue.localAccount()
    }

    private static func tags(_ title: String, on album: String = "Box", disc: Int = 1, discTitle: String = "") -> TrackTags {
        var tags = TrackTags(title: title, artist: "A", album: album, track: 1, disc: disc)
        (tags.comment, tags.isrc, tags.tempo) = ("by hand", "GBAYE0601498", 121)
        (tags.composers, tags.moods, tags.discTitle) = (["Clara", "Fanny"], ["Calm"], discTitle)
        return tags
    }

    private func add(_ number: Int, _ tags: TrackTags) async throws -> Track {
        try await catalogue.add(account: account, hash: .numbered(number), map: map(tags), title: "-").track
    }

    private func known(_ track: Track) async throws -> SongTags? {
        try await catalogue.song(id: track.id, account: account)?.tags
    }

    private func discs(_ track: Track) async throws -> [String] {
        let id = try #require(try await catalogue.track(id: track.id, account: account)).albumID
        return try await catalogue.albumEntry(id: id, account: account)?.discs.map { "\($0.number) \($0.title)" } ?? []
    }

    @Test("A track has the tags of its file, without control characters, and one without tags has none")
    func kept() async throws {
        var tags = Self.tags("t", discTitle: "Night")
        tags.comment = "by\0 hand\n"
        tags.musicBrainz.recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
        let track = try await add(1, tags)
        let found = try #require(try await known(track))
        #expect(found == SongTags(Self.tags("t", discTitle: "Night")))
        #expect(found.composers == ["Clara", "Fanny"] && found.moods == ["Calm"] && found.tempo == 121)
        #expect(try await catalogue.song(id: track.id, account: account)?.recording == "cf639964-eabb-4c40-9673-c2117e456ea5")
        #expect(try await known(add(2, TrackTags(title: "bare"))) == SongTags(TrackTags()))
    }

    @Test("They are with the track after it was deleted and put back, and after a new file with the same sound")
    func stay() async throws {
        let track = try await add(1, Self.tags("t", discTitle: "Night"))
        _ = try await catalogue.remove(id: track.id, account: account)
        _ = try await catalogue.restore(id: track.id, account: account, deletedSince: 0, quota: nil)
        #expect(try await known(track) == SongTags(Self.tags("t", discTitle: "Night")))
        #expect(try await discs(track) == ["1 Night"])
    }

    @Test("An album has the titles of its discs, as long as tracks are on them")
    func discTitles() async throws {
        let first = try await add(1, Self.tags("a", disc: 1, discTitle: "Day"))
        let second = try await add(2, Self.tags("b", disc: 2, discTitle: "Night"))
        _ = try await add(3, Self.tags("c", disc: 3))
        #expect(try await discs(first) == ["1 Day", "2 Night"])
        // A disc that the track is put on has another title, if any, and so has another album's.
        var edit = TagEdit()
        edit.disc = 3
        _ = try await catalogue.edit(edit, ofTrack: second.id, account: account)
        #expect(try await discs(first) == ["1 Day"])
        edit = TagEdit()
        edit.title = "d"
        _ = try await catalogue.edit(edit, ofTrack: first.id, account: account)
        #expect(try await discs(first) == ["1 Day"])
        edit.album = "Else"
        _ = try await catalogue.edit(edit, ofTrack: first.id, account: account)
        #expect(try await discs(first).isEmpty)
        #expect(try await known(first)?.comment == "by hand")
        let plan = try await catalogue.plan(
            of: """
                SELECT albumId, disc, min(discTitle) FROM track WHERE albumId IN (?, ?) AND discTitle <> ''
                GROUP BY albumId, disc ORDER BY albumId, disc
                """)
        #expect(plan.count == 1 && plan[0].contains("COVERING INDEX track_discTitle"), "\(plan)")
    }

    @Test("A catalogue of the schema before gets them out of the maps, and edited tags stay")
    func migrates() async throws {
        let track = try await add(1, Self.tags("t", discTitle: "Night"))
        let moved = try await add(2, Self.tags("u", discTitle: "Night"))
        var edit = TagEdit()
        (edit.title, edit.disc) = ("edited", 2)
        _ = try await catalogue.edit(edit, ofTrack: moved.id, account: account)
        try await catalogue.database.write(.keeping) { db in
            try db.run(
                "UPDATE track SET tagged = 0, comment = '', isrc = '', tempo = 0, composers = '', moods = '', discTitle = ''")
        }
        let untagged = try await catalogue.untagged(after: nil)
        #expect(untagged.count == 2)
        try await catalogue.retag(.numbered(1), Self.tags("t", discTitle: "Night"))
        try await catalogue.retag(.numbered(2), Self.tags("u", discTitle: "Night"))
        #expect(try await catalogue.untagged(after: nil).isEmpty)
        #expect(try await known(track) == SongTags(Self.tags("t", discTitle: "Night")))
        #expect(try await known(moved) == SongTags(Self.tags("u")))
        #expect(try await catalogue.track(id: moved.id, account: account)?.title == "edited")
    }

    @Test("Lyrics are found by the title that is shown, whatever it is sorted by, and by no sort title")
    func lyrics() async throws {
        for (number, title, sort) in [(1, "\u{C9}tude \u{2116} 1", "Etude 01"), (2, "The Night", ""), (3, "Other", "The Day")] {
            var tags = Self.tags(title)
            tags.titleSort = sort
            tags.lyrics = .init(text: "of \(number)", isSynchronised: false)
            _ = try await add(number, tags)
        }
        func text(_ title: String, _ artist: String? = nil) async throws -> String? {
            try await catalogue.lyrics(title: title, artist: artist, account: account)?.lyrics.text
        }
        #expect(try await text("\u{C9}tude \u{2116} 1") == "of 1")
        #expect(try await text("\u{C9}tude \u{2116} 1", "a") == "of 1")
        #expect(try await text("\u{C9}tude \u{2116} 1", "B") == nil)
        #expect(try await text("the night") == "of 2")
        #expect(try await text("other") == "of 3")
        #expect(try await text("Etude 01") == nil)
        #expect(try await text("The Day") == nil)
        let plan = try await catalogue.plan(
            of: "SELECT id FROM track WHERE account = ? AND titleSort <> '' AND title COLLATE NOCASE = ? COLLATE NOCASE")
        #expect(plan.count == 1 && plan[0].contains("track_sortedTitle"), "\(plan)")
    }
}
