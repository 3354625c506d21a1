import Foundation
import NIOHTTP1
import Testing

@testable import Gateway

@Suite("Control characters", .server(), .timeLimit(.minutes(10)))
struct PlainTextTests {
    private let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private static let characters: [Unicode.Scalar] = [
        "\0", "\u{1}", "\n", "\u{1F}", "\u{7F}", "\u{85}", "\u{9F}", "\u{2028}", "\u{2029}"
    ]

    @Test("are refused in every name, label and id, wherever it comes in, and nothing is made or changed")
    func doors() async throws {
        let track = try await server.upload(Sound.wav(seconds: 0.2, seed: 77), name: "a.wav")
        let id = try #require(track["id"]?.text)
        let list = try await server.send(.POST, "/api/v1/playlists", body: Array(#"{"name":"P"}"#.utf8)).json
        let playlist = try #require(list["id"]?.text)
        for character in Self.characters {
            let text = "a\(character)b"
            let encoded = text.utf8.map { String(format: "%%%02X", Int($0)) }.joined()
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
            for query in [
                "tracks?album=", "tracks?artist=", "tracks?genre=", "tracks?sort=", "tracks?after=", "albums?artist=",
                "albums?appearsOn=", "artists?after=", "search?q=", "genres?limit="
            ] {
                try expectProblem(try await server.get("/api/v1/\(query)\(encoded)"), 400, nil)
            }
            let upload = try await server.send(
                .POST, "/api/v1/tracks?name=\(encoded).wav", body: Sound.wav(seconds: 0.1, seed: 5))
            try expectProblem(upload, 400, nil)
            try expectProblem(try await server.get("/stream/\(id)?next=\(encoded)"), 400, nil)
            let name = Data(text.utf8).base64EncodedString()
            for key in ["filename", "name", "other"] {
                let fields = [("Tus-Resumable", "1.0.0"), ("Upload-Length", "5"), ("Upload-Metadata", "\(key) \(name)")]
                try expectProblem(try await server.send(.POST, "/api/v1/uploads", fields), 400, nil)
            }
            // No resource is called so.
            for path in [
                "/stream/\(id)\(encoded)/mp3-64", "/stream/\(id)/mp3-64\(encoded)", "/api/v1/tracks/\(id)\(encoded)",
                "/art/\(id)\(encoded)",
                "/hls/\(id)\(encoded)/aac.m3u8", "/api/v1/albums/\(encoded)", "/api/v1/playlists/\(playlist)\(encoded)",
                "/api/v1/uploads/\(encoded)", "/\(encoded)"
            ] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
        }
        #expect(try await server.get("/api/v1/tracks/\(id)").json == track)
        #expect(try await server.get("/api/v1/playlists").json["items"]?.list?.count == 1)
        #expect(try await server.get("/api/v1/tracks").json["items"]?.list?.count == 1)
        #expect(try await server.get("/api/v1/search?q=%E6%AD%8C%E2%80%8D").status == 200)
    }

    @Test("are found in a target as it is decoded, once")
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
