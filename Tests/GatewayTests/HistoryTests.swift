import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

// One at a time: the account and its history are the server's one.
@Suite("Play history", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct HistoryTests {
    private let server: RunningServer
    private let songs: [String]

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        var songs: [String] = []
        for seed in [1, 2] as [UInt64] {
            songs.append(try #require(try await server.upload(Sound.wav(seconds: 0.2, seed: seed), name: "a.wav")["id"]?.text))
        }
        self.server = server
        self.songs = songs
    }

    private func play(_ body: String) async throws -> Reply {
        try await server.send(.POST, "/api/v1/history", body: Array(body.utf8))
    }

    /// Plays both songs twice, the second one now; one of the plays is sent again.
    private func playBoth() async throws {
        for (song, time) in [
            (0, "2026-11-01T10:00:00Z"), (1, "2026-11-01T10:00:00.5Z"), (0, "2026-11-02T10:00:00+01:00"),
            (0, "2026-11-01T10:00:00Z")
        ] {
            #expect(try await play(#"{"track":"\#(songs[song])","at":"\#(time)"}"#).status == 204)
        }
        #expect(try await play(#"{"track":"\#(songs[1])"}"#).status == 204)
    }

    @Test("Fetching a stream is no play")
    func streams() async throws {
        #expect(try await server.get("/stream/\(songs[0])/mp3-64").status == 200)
        #expect(try await server.get("/api/v1/history").json["items"] == .list([]))
    }

    @Test("The history lists the plays that players report, each once, the latest first")
    func plays() async throws {
        try await playBoth()
        let whole = try await server.get("/api/v1/history").json
        #expect(whole["next"] == .null)
        let items = try #require(whole["items"]?.list)
        #expect(items.compactMap { $0["track"]?["id"]?.text } == [songs[1], songs[0], songs[1], songs[0]])
        #expect(
            items.dropFirst().compactMap { $0["at"]?.text } == [
                "2026-11-02T09:00:00.000Z", "2026-11-01T10:00:00.500Z", "2026-11-01T10:00:00.000Z"
            ])
    }

    @Test("A play says where it stopped, which may be told later, or null")
    func stops() async throws {
        let time = "2026-11-03T10:00:00Z"
        for (song, stopped) in [(0, "12.5"), (1, "null"), (1, "0")] {
            #expect(try await play(#"{"track":"\#(songs[song])","at":"\#(time)","stopped":\#(stopped)}"#).status == 204)
        }
        #expect(try await play(#"{"track":"\#(songs[0])","at":"2026-11-04T10:00:00Z"}"#).status == 204)
        let items = try #require(try await server.get("/api/v1/history").json["items"]?.list)
        #expect(items.count == 3 && items[0]["stopped"] == .null)
        for item in items.dropFirst() {
            #expect(item["stopped"] == .number(item["track"]?["id"]?.text == songs[0] ? 12.5 : 0))
        }
        for stopped in ["-1", "1000001", "1e300", "\"5\"", "[]"] {
            try expectProblem(try await play(#"{"track":"\#(songs[0])","stopped":\#(stopped)}"#), 400, nil)
        }
    }

    @Test("A play says how much was heard and who reported it")
    func sources() async throws {
        let time = "2026-11-03T10:00:0"
        for (second, members) in [
            (1, ""), (2, #","heard":0.15,"source":"scrobble""#), (3, #","heard":null,"source":null"#), (4, #","source":"import""#)
        ] {
            #expect(try await play(#"{"track":"\#(songs[0])","at":"\#(time)\#(second)Z"\#(members)}"#).status == 204)
        }
        // Less than half of it is no play.
        #expect(try await play(#"{"track":"\#(songs[0])","at":"\#(time)5Z","heard":0.01}"#).status == 204)
        let items = try #require(try await server.get("/api/v1/history").json["items"]?.list)
        #expect(items.map { $0["source"]?.text } == ["import", "player", "scrobble", "player"])
        #expect(items.map { $0["heard"] } == [.null, .null, .number(0.15), .null])
        for members in [#""heard":-1"#, #""heard":"1""#, #""heard":1e300"#, #""source":"""#, #""source":"x""#, #""source":1"#] {
            try expectProblem(try await play(#"{"track":"\#(songs[0])",\#(members)}"#), 400, nil)
        }
    }

    @Test("A time can be erased from the history")
    func eraseTime() async throws {
        try await playBoth()
        func times() async throws -> [String] {
            try await server.get("/api/v1/history").json["items"]?.list?.compactMap { $0["at"]?.text } ?? []
        }
        let now = try #require(try await times().first)
        for query in ["from=x", "to=", "from=2026-11-01", "to=1"] {
            try expectProblem(try await server.send(.DELETE, "/api/v1/history?\(query)"), 400, nil)
        }
        let erase = "/api/v1/history?from=2026-11-01T10:00:00Z&to=2026-11-01T10:00:00.5Z"
        #expect(try await server.send(.DELETE, erase).status == 204)
        #expect(try await times() == [now, "2026-11-02T09:00:00.000Z", "2026-11-01T10:00:00.500Z"])
        // Nothing is between a moment and one before it.
        #expect(try await server.send(.DELETE, "/api/v1/history?from=2026-11-03T00:00:00Z&to=2026-11-01T00:00:00Z").status == 204)
        #expect(try await server.send(.DELETE, "/api/v1/history?to=2026-11-02T00:00:00Z").status == 204)
        #expect(try await times() == [now, "2026-11-02T09:00:00.000Z"])
        #expect(try await server.send(.DELETE, "/api/v1/history?from=2026-11-02T00:00:00Z").status == 204)
        #expect(try await times().isEmpty)
    }

    @Test("The history comes in pages")
    func pages() async throws {
        try await playBoth()
        let page = try await server.get("/api/v1/history?limit=3").json
        let next = try #require(page["next"]?.text)
        #expect(try await server.get("/api/v1/history?limit=3&after=\(next)").json["items"]?.list?.count == 1)
    }

    @Test("Tracks are sorted by their last play")
    func sort() async throws {
        try await playBoth()
        #expect(
            try await server.get("/api/v1/tracks?sort=played").json["items"]?.list?.compactMap { $0["id"]?.text } == [
                songs[0], songs[1]
            ])
    }

    @Test("A play without a track or with an impossible time gets 400, one of an unknown track 404")
    func malformedPlays() async throws {
        for body in [
            "", "{", "[]", #"{"track":1}"#, #"{"track":"\#(songs[0])","at":"yesterday"}"#,
            #"{"track":"\#(songs[0])","at":"1969-01-01T00:00:00Z"}"#,
            #"{"track":"\#(songs[0])","at":"2999-01-01T00:00:00Z"}"#,
            #"{"track":"\#(songs[0])","at":"2026-02-30T00:00:00Z"}"#,
            #"{"track":"\#(songs[0])","at":"99999999999999999999-01-01T00:00:00Z"}"#,
            String(repeating: " ", count: 5000)
        ] {
            try expectProblem(try await play(body), 400, nil)
        }
        try expectProblem(try await play(#"{"track":"nothing"}"#), 404, "not-found")
    }

    @Test("A limit or a cursor that the history does not have gets 400")
    func malformedPages() async throws {
        for query in ["limit=0", "limit=x", "after=x", "after=%00", "after=1-"] {
            try expectProblem(try await server.get("/api/v1/history?\(query)"), 400, nil)
        }
    }

    @Test("The history can be erased")
    func erase() async throws {
        try await playBoth()
        #expect(try await server.send(.DELETE, "/api/v1/history").status == 204)
        #expect(try await server.get("/api/v1/history").json["items"] == .list([]))
    }

    @Test("The history says which methods it has")
    func methods() async throws {
        #expect(try await server.send(.PUT, "/api/v1/history")["Allow"] == "DELETE, GET, HEAD, POST")
    }
}
