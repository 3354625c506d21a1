import Foundation
import NIOHTTP1
import TestSupport
import Testing

// One at a time: each looks at all there is on the server.
@Suite("Tracks", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct TrackTests {
    private let server: RunningServer

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        self.server = server
    }

    static let kinds: [String: String] = [
        "id": "string", "title": "string", "artist": "string", "albumArtist": "string", "album": "string", "albumId": "string",
        "artistId": "string", "artists": "list", "albumArtists": "list", "track": "null", "disc": "null", "year": "null",
        "genres": "list", "duration": "number",
        "samples": "number", "sampleRate": "number", "channels": "number", "codec": "string", "container": "string",
        "bitrate": "number", "bytes": "number", "sha256": "string", "added": "string", "loudness": "object or null",
        "warnings": "list",
        "compact": "bool", "art": "null", "renditions": "list", "hls": "object", "dash": "object", "original": "string",
        "favourite": "null", "rating": "number"
    ]

    private static let file = Sound.wav(seconds: 2.5, channels: 1, rate: 48_000)

    /// The document that the upload of ``file`` gives.
    private func uploadFile() async throws -> JSON { try await server.upload(Self.file, name: "Some%20song.wav") }

    @Test("A track's document has every field in its own type, and null for what is unknown")
    func fields() async throws {
        let track = try await uploadFile()
        guard case .object(let members) = track else {
            Issue.record("\(track)")
            return
        }
        var kinds = members.mapValues(\.kind)
        if ["object", "null"].contains(kinds["loudness"]) { kinds["loudness"] = "object or null" }
        #expect(kinds == Self.kinds)
    }

    @Test("A track's document has the file's title, and describes its sound")
    func sound() async throws {
        let track = try await uploadFile()
        #expect(track["title"] == .text("Some song"))
        #expect(track["duration"] == .number(2.5) && track["samples"] == .number(120_000))
        #expect(track["sampleRate"] == .number(48_000) && track["channels"] == .number(1))
        #expect(track["codec"] == .text("pcm_s16le") && track["container"] == .text("wav"))
        #expect(track["bitrate"] == .number(768) && track["bytes"] == .number(Double(Self.file.count)))
        #expect(track["compact"] == .bool(false))
    }

    @Test("A track's document has the addresses of its playlists and its Original")
    func addresses() async throws {
        let track = try await uploadFile()
        let id = try #require(track["id"]?.text)
        #expect(id.wholeMatch(of: /[0-9A-Za-z]{22}/) != nil)
        let ladders = ["aac", "flac", "opus"]
        #expect(track["hls"] == .object(.init(uniqueKeysWithValues: ladders.map { ($0, .text("/hls/\(id)/\($0).m3u8")) })))
        #expect(track["dash"] == .object(.init(uniqueKeysWithValues: ladders.map { ($0, .text("/dash/\(id)/\($0).mpd")) })))
        let hash = try #require(track["sha256"]?.text)
        #expect(hash.wholeMatch(of: /[0-9a-f]{64}/) != nil && hash != id)
        #expect(track["original"] == .text("/stream/\(id)/original.wav?v=\(hash.prefix(8))"))
    }

    @Test("A track's document says when the track was added")
    func added() async throws {
        let added = try #require(try await uploadFile()["added"]?.text)
        #expect(added.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
        let date = try Date(added, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(abs(date.timeIntervalSinceNow) < 60)
    }

    @Test("A track's document lists its renditions, each with its entity tag, its type and its address")
    func renditions() async throws {
        let track = try await uploadFile()
        let id = try #require(track["id"]?.text)
        let renditions = try #require(track["renditions"]?.list)
        let names = renditions.compactMap { $0["name"]?.text }
        #expect(names.starts(with: ["mp3-48", "mp3-64", "mp3-96"]) && names.suffix(2) == ["aac-256", "flac"])
        for rendition in renditions {
            #expect(rendition.keys == ["name", "ladder", "bytes", "etag", "type", "url"])
            let (name, ladder) = (rendition["name"]?.text ?? "", rendition["ladder"]?.text ?? "")
            let tag = try #require(rendition["etag"]?.text)
            #expect(tag.wholeMatch(of: /[0-9a-f]{32}/) != nil)
            #expect(name == "flac" || name.hasPrefix(ladder + "-"))
            let version = tag.prefix(8)
            if ladder == "flac" {
                #expect(rendition["url"] == .text("/hls/\(id)/\(name)/index.m3u8?v=\(version)"))
                #expect(rendition["bytes"] == .null && rendition["type"] == .text("application/vnd.apple.mpegurl"))
            } else {
                let suffix = ladder == "aac" ? "m4a" : ladder
                #expect(rendition["url"] == .text("/stream/\(id)/\(name).\(suffix)?v=\(version)"))
                #expect(rendition["bytes"]?.integer ?? 0 > 1024)
            }
        }
    }

    @Test("A track's own address gives the document that its upload gave")
    func document() async throws {
        let track = try await uploadFile()
        let again = try await server.get("/api/v1/tracks/\(try #require(track["id"]?.text))")
        #expect(
            again.status == 200 && again["Content-Type"] == "application/json" && again["Cache-Control"] == "private, no-cache")
        #expect(try again.json == track)
    }

    private static let names = ["echo", "alpha", "delta", "Bravo", "charlie"]

    /// The ids of five tracks by their ``names``.
    private func uploadFive() async throws -> [String: String] {
        var ids: [String: String] = [:]
        for (seed, name) in Self.names.enumerated() {
            let track = try await server.upload(Sound.wav(seconds: 0.1, seed: UInt64(seed + 1)), name: "\(name).wav")
            ids[name] = track["id"]?.text
        }
        return ids
    }

    /// The titles on all pages of a list.
    private func titles(_ query: String) async throws -> [String] {
        var titles: [String] = []
        var after: String?
        repeat {
            let page = try await server.get("/api/v1/tracks?\(query)" + (after.map { "&after=\($0)" } ?? "")).json
            #expect(page.keys == ["items", "next"])
            let items = try #require(page["items"]?.list)
            titles += items.compactMap { $0["title"]?.text }
            after = page["next"]?.text
        } while after != nil
        return titles
    }

    @Test("The list of an empty locker has no items and no next page")
    func emptyList() async throws {
        let empty = try await server.get("/api/v1/tracks").json
        #expect(empty == .object(["items": .list([]), "next": .null]))
    }

    @Test("A list comes in pages, each track once, in the order asked for")
    func lists() async throws {
        _ = try await uploadFive()
        let (names, alphabetical) = (Self.names, ["alpha", "Bravo", "charlie", "delta", "echo"])
        for limit in ["limit=1", "limit=2", "limit=5", "limit=500", ""] {
            try await #expect(titles(limit) == names.reversed())
            try await #expect(titles(limit + "&sort=added") == names)
            try await #expect(titles(limit + "&sort=-added") == names.reversed())
            try await #expect(titles(limit + "&sort=title") == alphabetical)
            for sort in ["artist", "album", "played"] {
                try await #expect(Set(titles(limit + "&sort=\(sort)")) == Set(names))
            }
        }
    }

    @Test("A limit, an order or a cursor that the list does not have gets 400")
    func malformedLists() async throws {
        _ = try await uploadFive()
        let next = try #require(try await server.get("/api/v1/tracks?limit=2&sort=title").json["next"]?.text)
        for query in [
            "limit=0", "limit=501", "limit=-1", "limit=", "limit=ten", "limit=1.5", "limit=99999999999999999999", "limit=%00",
            "sort=", "sort=bitrate", "sort=-title", "sort=TITLE", "sort=added%00", "after=", "after=%ff", "after=%zz",
            "after=AAAA",
            "after=\(next)&sort=artist", "after=\(next)", "after=\(next)x&sort=title",
            "after=\(String(repeating: "A", count: 60_000))"
        ] {
            try expectProblem(try await server.get("/api/v1/tracks?\(query)"), 400, nil)
        }
    }

    @Test("A removed track is gone from its addresses and from the lists")
    func removal() async throws {
        let id = try #require(try await uploadFive()["delta"])
        let removed = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
        #expect(removed.status == 204 && removed.body.isEmpty && removed["Content-Length"] == nil)
        for path in ["/api/v1/tracks/\(id)", "/stream/\(id)/mp3-128", "/stream/\(id)/original"] {
            try expectProblem(try await server.get(path), 404, "not-found")
        }
        try expectProblem(try await server.send(.DELETE, "/api/v1/tracks/\(id)"), 404, "not-found")
        try await #expect(titles("sort=title") == ["alpha", "Bravo", "charlie", "echo"])
    }
}
