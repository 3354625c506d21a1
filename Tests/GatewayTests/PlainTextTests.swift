import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

// One at a time: each looks at all there is on the server.
@Suite("Control characters", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct PlainTextTests {
    private let server: RunningServer

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        self.server = server
    }

    private static let characters: [Unicode.Scalar] = [
        "\0", "\u{1}", "\n", "\u{1F}", "\u{7F}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}"
    ]

    /// The ids of what there is.
    private struct Stored {
        let track: String
        let playlist: String
    }

    /// Runs `body` with texts that have a control character inside, also in percent-encoding, and expects that nothing is made or
    /// changed.
    private func withTexts(
        _ body: (_ stored: Stored, _ text: String, _ encoded: String) async throws -> Void
    ) async throws {
        let track = try await server.upload(Sound.wav(seconds: 0.2, seed: 77), name: "a.wav")
        let list = try await server.send(.POST, "/api/v1/playlists", body: Array(#"{"name":"P"}"#.utf8)).json
        let stored = Stored(track: try #require(track["id"]?.text), playlist: try #require(list["id"]?.text))
        for character in Self.characters {
            let text = "a\(character)b"
            try await body(stored, text, text.utf8.map { String(format: "%%%02X", Int($0)) }.joined())
        }
        #expect(try await server.get("/api/v1/tracks/\(stored.track)").json == track)
        #expect(try await server.get("/api/v1/playlists").json["items"]?.list?.count == 1)
        #expect(try await server.get("/api/v1/tracks").json["items"]?.list?.count == 1)
    }

    @Test("A document with a control character in a name, a label or an id gets 400")
    func documents() async throws {
        try await withTexts { stored, text, _ in
            let (id, playlist) = (stored.track, stored.playlist)
            let documents: [(HTTPMethod, String, Any)] = [
                (.PATCH, "/api/v1/tracks/\(id)", ["title": text]), (.PATCH, "/api/v1/tracks/\(id)", ["artist": text]),
                (.PATCH, "/api/v1/tracks/\(id)", ["albumArtist": text]), (.PATCH, "/api/v1/tracks/\(id)", ["album": text]),
                (.PATCH, "/api/v1/tracks/\(id)", ["genres": [text]]), (.POST, "/api/v1/playlists", ["name": text]),
                (.POST, "/api/v1/playlists", ["name": "x", "tracks": [id + text]]),
                (.PATCH, "/api/v1/playlists/\(playlist)", ["name": text]),
                (.PATCH, "/api/v1/playlists/\(playlist)", ["tracks": [id + text]]),
                (.PUT, "/api/v1/queue", ["tracks": [id + text]]),
                (.POST, "/api/v1/history", ["track": id + text]), (.POST, "/api/v1/tracks/\(id)/ticket", ["rendition": text]),
                (.POST, "/api/v1/known", ["sha256": [text]])
            ]
            for (method, path, document) in documents {
                let body = Array(try JSONSerialization.data(withJSONObject: document))
                try expectProblem(try await server.send(method, path, body: body), 400, nil)
            }
        }
    }

    @Test("A query with a control character gets 400")
    func queries() async throws {
        try await withTexts { stored, _, encoded in
            for query in [
                "tracks?album=", "tracks?artist=", "tracks?genre=", "tracks?sort=", "tracks?after=", "albums?artist=",
                "albums?appearsOn=", "artists?after=", "search?q=", "genres?limit="
            ] {
                try expectProblem(try await server.get("/api/v1/\(query)\(encoded)"), 400, nil)
            }
            try expectProblem(try await server.get("/stream/\(stored.track)?next=\(encoded)"), 400, nil)
        }
    }

    @Test("An upload with a control character in its name or its metadata gets 400")
    func uploads() async throws {
        try await withTexts { _, text, encoded in
            let upload = try await server.send(
                .POST, "/api/v1/tracks?name=\(encoded).wav", body: Sound.wav(seconds: 0.1, seed: 5))
            try expectProblem(upload, 400, nil)
            let name = Data(text.utf8).base64EncodedString()
            for key in ["filename", "name", "other"] {
                let fields = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "5"), ("Upload-Metadata", "\(key) \(name)")]
                try expectProblem(try await server.send(.POST, "/api/v1/uploads", fields), 400, nil)
            }
        }
    }

    @Test("A path with a control character gets 404, because no resource has it")
    func paths() async throws {
        try await withTexts { stored, _, encoded in
            let (id, playlist) = (stored.track, stored.playlist)
            for path in [
                "/stream/\(id)\(encoded)/mp3-64", "/stream/\(id)/mp3-64\(encoded)", "/api/v1/tracks/\(id)\(encoded)",
                "/art/\(id)\(encoded)",
                "/hls/\(id)\(encoded)/aac.m3u8", "/api/v1/albums/\(encoded)", "/api/v1/playlists/\(playlist)\(encoded)",
                "/api/v1/uploads/\(encoded)", "/\(encoded)"
            ] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
        }
    }

    @Test("A joiner is no control character")
    func joiners() async throws {
        #expect(try await server.get("/api/v1/search?q=%E6%AD%8C%E2%80%8D").status == 200)
    }

    @Test("Control characters are found in a target that is decoded once")
    func targets() {
        #expect(!PlainTarget.isRefused(query: "ticket=%00&code=%0a&a=b") && PlainTarget.isRefused(query: "ticket=x&name=%00"))
        #expect(
            PlainTarget.isRefused(query: "tick%65t=%00") && PlainTarget.isRefused(query: "%00")
                && !PlainTarget.isRefused(query: ""))
        for text in ["%00", "a%0ab", "%7F", "%C2%85", "%e2%80%a8", "\u{7F}", "%c2%80", "\u{85}"] {
            #expect(PlainTarget.hasControlCharacters(text[...]), "\(text)")
        }
        for text in ["", "a", "%", "%0", "%zz", "%2500", "%C2%A0", "%85", "für", "%E2%80%AA", "a+b", "%%"] {
            #expect(!PlainTarget.hasControlCharacters(text[...]), "\(text)")
        }
    }
}
