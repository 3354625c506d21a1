import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite(
    "Suggestions over HTTP", .tags(.codec, .http), .serialized, .server(access: .accounts), .timeLimit(.minutes(10)))
struct SuggestionTests {
    private let server: RunningServer
    private let account: Int64
    private let key: (String, String)

    init() async throws {
        server = try #require(RunningServer.current)
        let catalogue = server.application.catalogue
        account = try await catalogue.addAccount(named: uniqueName("ada"), password: .ofNobody, plan: "free")
        key = ("Authorization", "Bearer \(try await catalogue.addKey(account: account, label: "", scopes: .all).secret.text)")
    }

    private func upload(_ seed: UInt64, artist: String, genre: String) async throws -> String {
        let id = try #require(try await server.upload(Sound.wav(seconds: 2, seed: seed), name: "a.wav", [key])["id"]?.text)
        let tags = #"{"title": "T\#(seed)", "artist": "\#(artist)", "album": "\#(artist) \#(seed)", "genres": ["\#(genre)"]}"#
        let body = Array(tags.utf8)
        #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", [key], body: body).status == 200)
        return id
    }

    private func ids(_ document: JSON) -> [String] {
        (document["items"]?.list ?? []).compactMap { $0["track"]?["id"]?.text ?? $0["id"]?.text }
    }

    @Test("Nothing is suggested to an account that did not opt in, and nothing is wrong with that")
    func off() async throws {
        let list = try await server.get("/api/v1/recommendations", key).json
        #expect(list["enabled"] == .bool(false) && list["items"]?.list == [] && list["basis"] == .null)
    }

    @Test("Tracks that were heard together come back with the reason, until they are hidden")
    func sittings() async throws {
        let songs = try await [
            upload(70, artist: "A", genre: "Folk"), upload(71, artist: "B", genre: "Folk"),
            upload(72, artist: "C", genre: "Noise")
        ]
        let body = Array(#"{"enabled": true}"#.utf8)
        #expect(try await server.send(.PUT, "/api/v1/me/taste", [key], body: body).status == 200)
        let now = Date.now
        func play(_ song: String, daysAgo: Double) async throws {
            let at = (now - daysAgo * 86_400).ISO8601Format()
            let body = Array(#"{"track": "\#(song)", "at": "\#(at)"}"#.utf8)
            #expect(try await server.send(.POST, "/api/v1/history", [key], body: body).status == 204)
        }
        // Long ago both in one sitting, today only the first.
        try await play(songs[0], daysAgo: 40)
        try await play(songs[1], daysAgo: 40)
        try await play(songs[0], daysAgo: 0)
        let list = try await server.get("/api/v1/recommendations", key).json
        #expect(list["enabled"] == .bool(true) && list["basis"]?.text == "library")
        #expect(ids(list).contains(songs[1]) && !ids(list).contains(songs[0]))
        let item = try #require(list["items"]?.list?.first { $0["track"]?["id"]?.text == songs[1] })
        #expect(item["reasons"]?.list?.first?["kind"]?.text == "session")
        #expect(item["reasons"]?.list?.first?["id"]?.text == songs[0])
        #expect(try await server.send(.PUT, "/api/v1/hidden/\(songs[1])", [key]).status == 204)
        #expect(try await !ids(server.get("/api/v1/recommendations", key).json).contains(songs[1]))
        #expect(try await server.get("/api/v1/hidden", key).json["items"]?.list?.first?["item"]?.text == songs[1])
        // The archive has what is hidden.
        let export = try await server.get("/api/v1/me/export", key).text
        #expect(
            export.contains("hidden.json") && export.contains(#""item":"\#(songs[1])""#) && export.contains("scrobbling.json"))
        #expect(try await server.send(.DELETE, "/api/v1/hidden/\(songs[1])", [key]).status == 204)
        #expect(try await server.send(.DELETE, "/api/v1/hidden/\(songs[1])", [key]).status == 404)
        #expect(try await ids(server.get("/api/v1/recommendations", key).json).contains(songs[1]))
        #expect(try await server.send(.DELETE, "/api/v1/me/taste", [key]).status == 204)
        #expect(try await server.get("/api/v1/recommendations", key).json["items"]?.list == [])
    }

    @Test("A radio starts with its track, goes on with what is like it, and ends")
    func radio() async throws {
        let folk = try await [upload(80, artist: "D", genre: "Folk"), upload(81, artist: "E", genre: "Folk")]
        _ = try await upload(82, artist: "F", genre: "Noise")
        let radio = ids(try await server.get("/api/v1/radio?seed=track:\(folk[0])&fields=id", key).json)
        #expect(radio.first == folk[0] && Set(radio).count == radio.count)
        for limit in 1...3 {
            let genre = ids(try await server.get("/api/v1/radio?seed=genre:Folk&limit=\(limit)&fields=id", key).json)
            #expect(genre.count == min(limit, 2) && Set(genre).isSubset(of: folk))
        }
        for (seed, status) in [
            ("track:xxxxxxxxxxxxxxxxxxxxxx", 404), ("genre:Nothing", 404), ("playlist:x", 404), ("song:\(folk[0])", 400),
            ("track:", 400), ("", 400)
        ] {
            #expect(try await server.get("/api/v1/radio?seed=\(seed)", key).status == status, "\(seed)")
        }
    }

    @Test("A path has both ends, and tracks that do not exist are 404")
    func path() async throws {
        let song = try await upload(90, artist: "G", genre: "Folk")
        #expect(ids(try await server.get("/api/v1/path?from=\(song)&to=\(song)&fields=id", key).json) == [song])
        try expectProblem(try await server.get("/api/v1/path?from=\(song)&to=x", key), 404, "not-found")
        try expectProblem(try await server.get("/api/v1/path?from=\(song)", key), 400, nil)
    }

    @Test("Another account's track can be neither hidden nor a seed")
    func others() async throws {
        let catalogue = server.application.catalogue
        let other = try await catalogue.addAccount(named: uniqueName("bob"), password: .ofNobody, plan: "free")
        let bob = try await catalogue.addKey(account: other, label: "", scopes: .all).secret.text
        let song = try await upload(95, artist: "H", genre: "Folk")
        let stranger = ("Authorization", "Bearer \(bob)")
        #expect(try await server.send(.PUT, "/api/v1/hidden/\(song)", [stranger]).status == 404)
        #expect(try await server.get("/api/v1/radio?seed=track:\(song)", stranger).status == 404)
        #expect(try await server.get("/api/v1/path?from=\(song)&to=\(song)", stranger).status == 404)
    }
}
