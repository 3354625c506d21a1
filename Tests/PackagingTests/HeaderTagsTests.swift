import Audio
import Packaging
import TestSupport
import Testing

@Suite("Tags travel in the header region", .tags(.packaging, .oracle), .enabled(if: areInstalled("ffprobe"), "needs ffprobe"))
struct HeaderTagsTests {
    private static let names = ["title": \TrackTags.title, "artist": \.artist, "album": \.album]

    @Test("Tags that fit the header region are there in whole", arguments: ["mp3-128", "opus-64"])
    func whole(name: String) throws {
        let tags = TrackTags(
            title: "Ærøskøbing – 春の海 🎻", artist: "Čeněk & the \"Quotes\"", albumArtist: "Various", album: "L'été = 2", track: 7,
            disc: 2, year: 1987, genres: ["Folk", "Jazz"])
        let found = try Tool.tags(
            of: try MadeStream(name, samples: 50_000, tags: tags).bytes, extension: String(name.prefix { $0 != "-" }))
        for (tag, path) in Self.names { #expect(found[tag] == tags[keyPath: path]) }
        #expect(found["album_artist"] ?? found["albumartist"] == "Various")
        #expect(found["track"] ?? found["tracknumber"] == "7")
        #expect(found["disc"] ?? found["discnumber"] == "2")
        #expect(found["date"] == "1987")
        #expect(found["genre"] == "Folk")
    }

    @Test("A tag that is too long is cut between scalars, and short fields stay whole", arguments: ["mp3-128", "opus-64"])
    func cut(name: String) throws {
        for unit in ["a", "é", "春", "🎻", "aé春🎻"] {
            let long = String(repeating: unit, count: 1000)
            let tags = TrackTags(title: long, artist: "Short", album: long, track: 3)
            let bytes = try MadeStream(name, samples: 50_000, tags: tags).bytes
            let found = try Tool.tags(of: bytes, extension: String(name.prefix { $0 != "-" }))
            #expect(found["artist"] == "Short")
            #expect(found["track"] ?? found["tracknumber"] == "3")
            for field in ["title", "album"] {
                let text = try #require(found[field])
                #expect(long.unicodeScalars.starts(with: text.unicodeScalars))
                #expect(text.utf8.count > 400, "half of the room, less what is cut of a scalar")
            }
        }
    }

    @Test("Unknown fields are left out of the header region", arguments: ["mp3-128", "opus-64"])
    func none(name: String) throws {
        let found = try Tool.tags(of: try MadeStream(name, samples: 50_000).bytes, extension: String(name.prefix { $0 != "-" }))
        #expect(found.keys.filter { $0 != "encoder" } == [])
    }

    @Test("A NUL inside a field does not end it")
    func nul() throws {
        let found = try Tool.tags(
            of: try MadeStream("mp3-128", samples: 50_000, tags: TrackTags(title: "a\0b")).bytes, extension: "mp3")
        #expect(found["title"] == "ab")
    }
}
