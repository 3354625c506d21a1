import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The music of a year, and of this day", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct YearTests {
    private let server: RunningServer
    private let songs: [String]

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        var songs: [String] = []
        for seed in [1, 2] as [UInt64] {
            songs.append(try #require(try await server.upload(Sound.wav(seconds: 2, seed: seed), name: "a.wav")["id"]?.text))
        }
        self.server = server
        self.songs = songs
        for (song, artist) in zip(songs, ["Ada", "Bob"]) {
            let body = Array(#"{"artist": "\#(artist)", "album": "\#(artist)'s"}"#.utf8)
            #expect(try await server.send(.PATCH, "/api/v1/tracks/\(song)", body: body).status == 200)
        }
    }

    private func play(_ song: Int, _ times: String...) async throws {
        for time in times {
            let body = Array(#"{"track": "\#(songs[song])", "at": "\#(time)"}"#.utf8)
            #expect(try await server.send(.POST, "/api/v1/history", body: body).status == 204)
        }
    }

    @Test("A year has its plays, hours, months and what was played most, whole to its last millisecond")
    func year() async throws {
        try await play(0, "2024-12-31T23:59:59.999Z", "2025-01-01T00:00:00Z", "2025-03-01T12:00:00Z")
        try await play(1, "2025-03-02T12:00:00Z", "2025-03-03T12:00:00Z", "2025-12-31T23:59:59.999Z", "2026-01-01T00:00:00Z")
        let years = try await server.get("/api/v1/years").json
        let list = try #require(years["items"]?.list)
        #expect(list.map { $0["year"] } == [.number(2026), .number(2025), .number(2024)])
        #expect(list.map { $0["plays"] } == [.number(1), .number(5), .number(1)])
        let year = try await server.get("/api/v1/years/2025?fields=id").json
        #expect(year["plays"] == .number(5) && year["seconds"] == .number(10))
        #expect(year["months"]?.list == [1, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1].map { JSON.number($0) })
        let tracks = try #require(year["tracks"]?.list)
        #expect(tracks.map { $0["track"]?["id"]?.text } == [songs[1], songs[0]])
        #expect(tracks.map { $0["plays"] } == [.number(3), .number(2)])
        #expect(year["artists"]?.list?.map { $0["name"]?.text } == ["Bob", "Ada"])
        #expect(year["albums"]?.list?.map { $0["name"]?.text } == ["Bob's", "Ada's"])
        let none = try await server.get("/api/v1/years/1999").json
        #expect(none["plays"] == .number(0) && none["tracks"]?.list == [])
    }

    @Test("A listener's clock moves the year's ends")
    func clocks() async throws {
        try await play(0, "2025-12-31T23:30:00Z")
        #expect(try await server.get("/api/v1/years/2026").json["plays"] == .number(0))
        #expect(try await server.get("/api/v1/years/2026?offset=60").json["plays"] == .number(1))
        #expect(try await server.get("/api/v1/years?offset=60").json["items"]?.list?.first?["year"] == .number(2026))
        #expect(try await server.get("/api/v1/years/2025?offset=-60").json["plays"] == .number(1))
    }

    @Test("A year before 1970 by the listener's clock is in no list, as it can be none")
    func beforeAll() async throws {
        try await play(0, "1970-01-01T00:00:00.001Z")
        let lists: [(String, [Int?])] = [("years", [1970]), ("days?day=01-01", [1970]), ("days?day=12-31", [])]
        for (list, years) in lists {
            let path = "/api/v1/\(list)\(list.contains("?") ? "&" : "?")offset="
            #expect(try await server.get(path + "0").json["items"]?.list?.map { $0["year"]?.integer } == years)
            #expect(try await server.get(path + "-720").json["items"] == .list([]))
        }
    }

    @Test("A day has what was heard on it in years before this one, the latest first")
    func days() async throws {
        try await play(0, "2020-02-29T10:00:00Z", "2020-02-28T23:59:59Z", "2019-03-01T00:00:00Z")
        try await play(1, "2020-02-29T11:00:00Z", "2024-02-29T11:00:00Z")
        let days = try await server.get("/api/v1/days?day=02-29&fields=id").json
        let items = try #require(days["items"]?.list)
        #expect(items.map { $0["year"] } == [.number(2024), .number(2020)] && items[1]["plays"] == .number(2))
        #expect(Set(items[1]["tracks"]?.list?.compactMap { $0["id"]?.text } ?? []) == Set(songs))
        let body = Array(#"{"track": "\#(songs[0])"}"#.utf8)
        #expect(try await server.send(.POST, "/api/v1/history", body: body).status == 204)
        let today = try await server.get("/api/v1/days").json
        #expect(today["items"]?.list == [])
    }

    @Test(
        "A year or a day that does not exist is refused",
        arguments: [
            ("/api/v1/years/x", 404), ("/api/v1/years/0", 404), ("/api/v1/years/99999999999999999999", 404),
            ("/api/v1/years/-2025", 404), ("/api/v1/days?day=02-30", 400), ("/api/v1/days?day=2-3", 400),
            ("/api/v1/days?day=", 400), ("/api/v1/days?day=1e-11", 400), ("/api/v1/years?offset=841", 400),
            ("/api/v1/years?offset=--1", 400), ("/api/v1/years?offset=", 400)
        ])
    func malformed(_ path: String, _ status: Int) async throws {
        try expectProblem(try await server.get(path), status, status == 404 ? "not-found" : nil)
    }
}
