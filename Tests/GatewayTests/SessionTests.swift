import Audio
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Sessions of an account", .tags(.codec, .http), .serialized, .server(access: .accounts), .timeLimit(.minutes(10)))
struct SessionTests {
    private static let password = "correct horse battery"
    private static let hash = PasswordHash(of: password)
    private static let field = ("X-Requested-With", "sweetspot")
    private static let path = "/api/v1/sessions"

    private let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private func account() async throws -> String {
        let name = uniqueName("ada")
        _ = try await server.application.catalogue.addAccount(named: name, password: try #require(Self.hash), plan: "free")
        return name
    }

    private func logIn(_ name: String, as client: String?) async throws -> (String, String) {
        let body = try JSONEncoder().encode(["name": name, "password": Self.password])
        let fields = client.map { [("User-Agent", $0)] } ?? []
        let reply = try await server.send(.POST, "/api/v1/session", fields, body: Array(body))
        return ("Cookie", String(try #require(reply["Set-Cookie"]).prefix { $0 != ";" }))
    }

    private func sessions(_ cookie: (String, String)) async throws -> [JSON] {
        try #require(try await server.get(Self.path, cookie).json["items"]?.list)
    }

    @Test("They are listed with their programs, the latest login first, and the request's own is marked")
    func list() async throws {
        let name = try await account()
        let phone = try await logIn(name, as: "Phone \(String(repeating: "é", count: 150))")
        let desk = try await logIn(name, as: "Desk/1.0 (a; b)")
        let silent = try await logIn(name, as: nil)
        let found = try await sessions(desk)
        #expect(found.map { $0["client"]?.text } == ["", "Desk/1.0 (a; b)", "Phone \(String(repeating: "é", count: 97))"])
        #expect(found.map { $0["current"] } == [.bool(false), .bool(true), .bool(false)])
        #expect(found.allSatisfy { $0.keys == ["id", "created", "used", "client", "current"] && $0["id"]?.text?.count == 22 })
        #expect(try await sessions(phone).map { $0["current"] } == [.bool(false), .bool(false), .bool(true)])
        #expect(try await sessions(silent).count == 3)
        // A page of one, and the rest.
        let first = try await server.get("\(Self.path)?limit=1", desk).json
        let rest = try await server.get("\(Self.path)?after=\(first["next"]?.text ?? "")", desk).json["items"]?.list
        #expect(rest?.map { $0["id"] } == found.dropFirst().map { $0["id"] })
        // A program's key is no session.
        let id = try #require(try await server.application.catalogue.findAccount(named: name)?.id)
        let key = try await server.application.catalogue.addKey(account: id, label: "", scopes: .all).secret.text
        let seen = try await server.get(Self.path, ("Authorization", "Bearer \(key)")).json["items"]?.list
        #expect(seen?.count == 3 && seen?.allSatisfy { $0["current"] == .bool(false) } == true)
    }

    @Test("One that is ended is nobody's at once, and its stream of events ends with it")
    func end() async throws {
        let name = try await account()
        let (lost, kept) = (try await logIn(name, as: "lost"), try await logIn(name, as: "kept"))
        let id = try #require(try await sessions(kept).first { $0["client"]?.text == "lost" }?["id"]?.text)
        try expectProblem(try await server.send(.DELETE, "\(Self.path)/\(id)", [kept]), 403, nil)
        try await RawConnection.run(to: server) { connection in
            try await connection.send("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\(lost.0): \(lost.1)\r\n\r\n")
            #expect(try await connection.read(through: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            _ = try await connection.read(through: "retry: 2000\n\n")
            #expect(try await server.send(.DELETE, "\(Self.path)/\(id)", [kept, Self.field]).status == 204)
            try expectProblem(try await server.get("/api/v1/tracks", lost), 401, "unauthorised")
            // It ends by itself: the connection stays.
            _ = try await connection.read(through: "\r\n0\r\n\r\n")
        }
        try expectProblem(try await server.send(.DELETE, "\(Self.path)/\(id)", [kept, Self.field]), 404, "not-found")
        #expect(try await sessions(kept).map { $0["client"]?.text } == ["kept"])
        // Its own, too.
        let own = try #require(try await sessions(kept).first?["id"]?.text)
        #expect(try await server.send(.DELETE, "\(Self.path)/\(own)", [kept, Self.field]).status == 204)
        try expectProblem(try await server.get(Self.path, kept), 401, "unauthorised")
    }

    @Test("What a plan allows is told by its names")
    func terms() async throws {
        var plan = Plan(quota: ByteSize(1_000_000), best: Rendition(named: "opus-96"), isLossless: false, streams: 2)
        (plan.playlists, plan.playlistTracks, plan.history) = (nil, 7, nil)
        try await RunningServer.run(access: .accounts) { [plan] in
            $0.plans.given = ["small": plan]
        } _: { server in
            let catalogue = server.application.catalogue
            let id = try await catalogue.addAccount(named: "ada", password: .ofNobody, plan: "small")
            let key = try await catalogue.addKey(account: id, label: "", scopes: .stream).secret.text
            let me = try await server.get("/api/v1/me", ("Authorization", "Bearer \(key)")).json
            #expect(
                me["terms"]
                    == .object([
                        "maxRendition": .text("opus-96"), "lossless": .bool(false), "streams": .number(2), "playlists": .null,
                        "playlistTracks": .number(7), "history": .null
                    ]))
            #expect(me["quota"] == .number(1_000_000))
        }
    }

    @Test("A queue's tracks are listed in its order, one as often as it is in it")
    func queueTracks() async throws {
        let name = try await account()
        let cookie = try await logIn(name, as: nil)
        var ids: [String] = []
        for seed in 950..<953 as Range<UInt64> {
            let file = Sound.wav(seconds: 0.2, seed: seed)
            ids.append(try #require(try await server.upload(file, name: "a.wav", [cookie, Self.field])["id"]?.text))
        }
        let path = "/api/v1/queue/tracks"
        #expect(try await server.get(path, cookie).json["items"]?.list?.isEmpty == true)
        let wanted = [ids[2], ids[0], ids[2], ids[1]]
        let body = Array(try JSONEncoder().encode(["tracks": wanted]))
        #expect(try await server.send(.PUT, "/api/v1/queue", [cookie, Self.field], body: body).status == 204)
        let slim = try await server.get("\(path)?fields=id,title&limit=3", cookie).json
        #expect(slim["items"]?.list?.map { $0["id"]?.text } == wanted.prefix(3).map { $0 })
        #expect(slim["items"]?.list?.allSatisfy { $0.keys == ["id", "title"] } == true)
        let rest = try await server.get("\(path)?after=\(slim["next"]?.text ?? "")", cookie).json
        #expect(rest["items"]?.list?.map { $0["id"]?.text } == [ids[1]] && rest["next"] == .null)
        #expect(rest["items"]?.list?.first?["renditions"] != nil)
        let placed = try await server.get("\(path)?at=3&fields=id", cookie).json
        #expect(placed["total"] == .number(4) && placed["items"]?.list?.count == 1)
        try expectProblem(try await server.get("\(path)?fields=nonsense", cookie), 400, nil)
        #expect(try await server.send(.DELETE, "/api/v1/tracks/\(ids[2])", [cookie, Self.field]).status == 204)
        #expect(try await server.get(path, cookie).json["items"]?.list?.map { $0["id"]?.text } == [ids[0], ids[1]])
    }
}
