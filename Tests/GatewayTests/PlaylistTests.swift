import Audio
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

private let path = "/api/v1/playlists"

@Suite("Playlists", .tags(.codec, .http), .server(), .timeLimit(.minutes(10)))
struct PlaylistTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private func send(_ method: HTTPMethod, _ path: String, _ body: [String: Any]) async throws -> Reply {
        try await server.send(method, path, body: Array(try JSONSerialization.data(withJSONObject: body)))
    }

    private func songs(_ count: Int, seed: UInt64) async throws -> [String] {
        var ids: [String] = []
        for number in 0..<count {
            let track = try await server.upload(
                Sound.wav(seconds: 0.1, seed: seed + UInt64(number)), name: "\(seed)-\(number).wav")
            ids.append(try #require(track["id"]?.text))
        }
        return ids
    }

    private func tracks(of place: String, _ query: String = "") async throws -> [String] {
        let items = try await server.get("\(place)/tracks\(query)").json["items"]?.list ?? []
        return items.compactMap { $0["id"]?.text }
    }

    @Test("A playlist keeps its order, is changed in whole or not at all, and loses deleted tracks")
    func order() async throws {
        let ids = try await songs(3, seed: 500)
        let wanted = [ids[2], ids[0], ids[2], ids[1]]
        let made = try await send(.POST, path, ["name": "Für später", "tracks": wanted])
        #expect(made.status == 201)
        let place = try #require(made["Location"])
        let document = try made.json
        #expect(
            document["name"]?.text == "Für später" && document["tracks"] == .number(4) && document["duration"] == .number(0.4))
        #expect(try await tracks(of: place) == wanted)
        let first = try await server.get("\(place)/tracks?limit=3").json
        let next = try #require(first["next"]?.text)
        #expect(try await tracks(of: place, "?limit=3&after=\(next)") == [ids[1]])

        #expect(try await send(.PATCH, place, ["name": "Zuletzt"]).json["tracks"] == .number(4))
        #expect(try await send(.PATCH, place, ["tracks": [ids[0], String(repeating: "x", count: 22)]]).status == 404)
        #expect(try await tracks(of: place) == wanted)
        #expect(try await send(.PATCH, place, ["tracks": [ids[1], ids[0]]]).json["name"]?.text == "Zuletzt")
        #expect(try await server.send(.DELETE, "/api/v1/tracks/\(ids[1])").status == 204)
        #expect(try await tracks(of: place) == [ids[0]])
        #expect(try await server.send(.DELETE, place).status == 204)
        for reply in [
            try await server.get(place), try await server.get(place + "/tracks"), try await send(.PATCH, place, ["name": "a"]),
            try await server.send(.DELETE, place)
        ] { #expect(reply.status == 404) }
    }

    @Test("Playlists are listed by name, page by page")
    func list() async throws {
        for name in ["b", "A", "c", "a"] { #expect(try await send(.POST, path, ["name": name]).status == 201) }
        var names: [String] = []
        var next: String?
        repeat {
            let page = try await server.get("\(path)?limit=2\(next.map { "&after=\($0)" } ?? "")").json
            names += (page["items"]?.list ?? []).compactMap { $0["name"]?.text }
            next = page["next"]?.text
        } while next != nil
        #expect(names.map { $0.lowercased() }.filter { $0.count == 1 } == ["a", "a", "b", "c"])
        let tracks = try #require(try await server.get("/api/v1/tracks?limit=1").json["next"]?.text ?? "AAAA")
        #expect(try await server.get("\(path)?after=\(tracks)").status == 400)
    }

    @Test("Playlists and plays are bounded by the plan")
    func bounded() async throws {
        var small = Plan()
        (small.playlists, small.playlistTracks, small.history) = (2, 3, 2)
        try await RunningServer.run(access: .accounts) { [small] in
            $0.plans.given = ["small": small]
        } _: { server in
            let catalogue = server.application.catalogue
            let account = try await catalogue.addAccount(named: "ada", password: .ofNobody, plan: "small")
            let key = try await catalogue.addKey(account: account, label: "", scopes: .all).secret.text
            func send(_ method: HTTPMethod, _ path: String, _ body: [String: Any] = [:]) async throws -> Reply {
                let body = Array(try JSONSerialization.data(withJSONObject: body))
                return try await server.send(
                    method, path, [("Authorization", "Bearer \(key)")], body: method == .GET ? nil : body)
            }
            let bearer = [("Authorization", "Bearer \(key)")]
            let id = try #require(try await server.upload(Sound.wav(seconds: 0.1, seed: 90), name: "a.wav", bearer)["id"]?.text)
            let three = Array(repeating: id, count: 3)
            let place = try #require(try await send(.POST, path, ["name": "a", "tracks": three])["Location"])
            try expectProblem(try await send(.POST, path, ["name": "b", "tracks": three + [id]]), 507, "over-quota")
            try expectProblem(try await send(.PATCH, place, ["tracks": three + [id]]), 507, "over-quota")
            #expect(try await send(.PATCH, place, ["name": "c", "tracks": three]).status == 200)
            #expect(try await send(.POST, path, ["name": "b"]).status == 201)
            try expectProblem(try await send(.POST, path, ["name": "d"]), 507, "over-quota")
            #expect(try await send(.GET, path).json["items"]?.list?.count == 2)
            #expect(try await send(.DELETE, place).status == 204)
            #expect(try await send(.POST, path, ["name": "d"]).status == 201)
            for hour in 10...14 {
                let play = ["track": id, "at": "2026-11-01T\(hour):00:00Z"]
                #expect(try await send(.POST, "/api/v1/history", play).status == 204)
            }
            let plays = try await send(.GET, "/api/v1/history").json["items"]?.list ?? []
            #expect(plays.compactMap { $0["at"]?.text } == ["2026-11-01T14:00:00.000Z", "2026-11-01T13:00:00.000Z"])
        }
    }

    @Test("A malformed playlist is refused")
    func malformed() async throws {
        let bodies: [[String: Any]] = [
            [:], ["name": ""], ["name": " \n"], ["name": String(repeating: "x", count: 501)], ["name": 5],
            ["name": "a", "tracks": "b"],
            ["name": "a", "tracks": Array(repeating: "x", count: 10_001)]
        ]
        for body in bodies { #expect(try await send(.POST, path, body).status == 400, "\(body.keys)") }
        #expect(try await server.send(.POST, path, body: Array("[".utf8)).status == 400)
        #expect(try await send(.POST, path, ["name": "a", "tracks": ["nobody's"]]).status == 404)
        #expect(try await server.send(.PUT, path)["Allow"] == "GET, HEAD, POST")
    }

    @Test("Playlists, and which files the locker has, are the account's own")
    func known() async throws {
        let id = try #require(try await songs(1, seed: 700).first)
        let hash = try #require(try await server.get("/api/v1/tracks/\(id)").json["sha256"]?.text)
        let none = String(repeating: "0", count: 64)
        let reply = try await send(.POST, "/api/v1/known", ["sha256": [none, hash, hash]])
        let items = try #require(try reply.json["items"]?.list)
        #expect(reply.status == 200 && items.map { $0["track"]?.text } == [id, id] && items[0]["sha256"]?.text == hash)
        for body: [String: Any] in [[:], ["sha256": ["abc"]], ["sha256": Array(repeating: none, count: 1001)]] {
            #expect(try await send(.POST, "/api/v1/known", body).status == 400)
        }
        let catalogue = server.application.catalogue
        let other = try await catalogue.account(named: "other")
        #expect(try await catalogue.tracks(ofOriginals: [try #require(.init(hex: hash))], account: other).isEmpty)
        let list = try await catalogue.addPlaylist(named: "Mine", tracks: [id], account: server.application.account)
        #expect(try await catalogue.playlist(id: list.id, account: other) == nil)
        #expect(try await catalogue.tracks(ofPlaylist: list.id, account: other) == nil)
        #expect(try await catalogue.changePlaylist(id: list.id, name: "b", tracks: nil, account: other) == nil)
        #expect(try await !catalogue.removePlaylist(id: list.id, account: other))
        await #expect(throws: CatalogueError.noSuchTrack) {
            try await catalogue.addPlaylist(named: "Theirs", tracks: [id], account: other)
        }
        #expect(try await catalogue.playlists(account: other).items.isEmpty)
    }
}
