import Foundation
import NIOHTTP1
import Testing

@Suite("Tracks", .timeLimit(.minutes(10)))
struct TrackTests {
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

    @Test("a track's document has every field, in its own type, and says null for what is not known")
    func document() async throws {
        try await RunningServer.run { server in
            let file = Sound.wav(seconds: 2.5, channels: 1, rate: 48_000)
            let track = try await server.upload(file, name: "Some%20song.wav")
            guard case .object(let members) = track else {
                Issue.record("\(track)")
                return
            }
            var kinds = members.mapValues(\.kind)
            if ["object", "null"].contains(kinds["loudness"]) { kinds["loudness"] = "object or null" }
            #expect(kinds == Self.kinds)

            let id = try #require(track["id"]?.text)
            #expect(id.wholeMatch(of: /[0-9A-Za-z]{22}/) != nil)
            #expect(track["title"] == .text("Some song"))
            #expect(track["duration"] == .number(2.5) && track["samples"] == .number(120_000))
            #expect(track["sampleRate"] == .number(48_000) && track["channels"] == .number(1))
            #expect(track["codec"] == .text("pcm_s16le") && track["container"] == .text("wav"))
            #expect(track["bitrate"] == .number(768) && track["bytes"] == .number(Double(file.count)))
            #expect(track["compact"] == .bool(false))
            let ladders = ["aac", "flac", "opus"]
            #expect(track["hls"] == .object(.init(uniqueKeysWithValues: ladders.map { ($0, .text("/hls/\(id)/\($0).m3u8")) })))
            #expect(track["dash"] == .object(.init(uniqueKeysWithValues: ladders.map { ($0, .text("/dash/\(id)/\($0).mpd")) })))
            let hash = try #require(track["sha256"]?.text)
            #expect(hash.wholeMatch(of: /[0-9a-f]{64}/) != nil && hash != id)
            #expect(track["original"] == .text("/stream/\(id)/original.wav?v=\(hash.prefix(8))"))
            let added = try #require(track["added"]?.text)
            #expect(added.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil)
            let date = try Date(added, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            #expect(abs(date.timeIntervalSinceNow) < 60)

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
                if ["aac", "flac"].contains(ladder) {
                    #expect(rendition["url"] == .text("/hls/\(id)/\(name)/index.m3u8?v=\(version)"))
                    #expect(rendition["bytes"] == .null && rendition["type"] == .text("application/vnd.apple.mpegurl"))
                } else {
                    #expect(rendition["url"] == .text("/stream/\(id)/\(name).\(ladder)?v=\(version)"))
                    #expect(rendition["bytes"]?.integer ?? 0 > 1024)
                }
            }

            let again = try await server.get("/api/v1/tracks/\(id)")
            #expect(again.status == 200 && again["Content-Type"] == "application/json" && again["Cache-Control"] == "no-store")
            #expect(try again.json == track)
        }
    }

    @Test("a list comes in pages, each track once, in the order asked for; and a track that is removed is gone")
    func lists() async throws {
        try await RunningServer.run { server in
            let empty = try await server.get("/api/v1/tracks").json
            #expect(empty == .object(["items": .list([]), "next": .null]))

            let names = ["echo", "alpha", "delta", "Bravo", "charlie"]
            var ids: [String: String] = [:]
            for (seed, name) in names.enumerated() {
                let track = try await server.upload(Sound.wav(seconds: 0.1, seed: UInt64(seed + 1)), name: "\(name).wav")
                ids[name] = track["id"]?.text
            }
            func titles(_ query: String) async throws -> [String] {
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
            let alphabetical = ["alpha", "Bravo", "charlie", "delta", "echo"]
            for limit in ["limit=1", "limit=2", "limit=5", "limit=500", ""] {
                try await #expect(titles(limit) == names.reversed())
                try await #expect(titles(limit + "&sort=added") == names)
                try await #expect(titles(limit + "&sort=-added") == names.reversed())
                try await #expect(titles(limit + "&sort=title") == alphabetical)
                for sort in ["artist", "album", "played"] {
                    try await #expect(Set(titles(limit + "&sort=\(sort)")) == Set(names))
                }
            }
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

            let id = try #require(ids["delta"])
            let removed = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
            #expect(removed.status == 204 && removed.body.isEmpty && removed["Content-Length"] == nil)
            for path in ["/api/v1/tracks/\(id)", "/stream/\(id)/mp3-128", "/stream/\(id)/original"] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
            try expectProblem(try await server.send(.DELETE, "/api/v1/tracks/\(id)"), 404, "not-found")
            try await #expect(titles("sort=title") == ["alpha", "Bravo", "charlie", "echo"])
        }
    }
}
