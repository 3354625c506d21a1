import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Whether taste is learned", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct TasteRouteTests {
    private static let path = "/api/v1/me/taste"
    private let server: RunningServer
    private let song: String

    init() async throws {
        server = try #require(RunningServer.current)
        try await server.empty()
        song = try #require(try await server.upload(Sound.wav(seconds: 5, seed: 1), name: "a.wav")["id"]?.text)
    }

    private func put(_ body: String) async throws -> Reply {
        try await server.send(.PUT, Self.path, body: Array(body.utf8))
    }

    private func report(_ second: Int, heard: Double) async throws {
        let body = #"{"track":"\#(song)","at":"2026-11-03T10:00:0\#(second)Z","heard":\#(heard)}"#
        #expect(try await server.send(.POST, "/api/v1/history", body: Array(body.utf8)).status == 204)
    }

    @Test("An account is asked once, opts in, sees what is known, and opts out: then nothing is")
    func opts() async throws {
        try await report(1, heard: 0.5)
        let on = try await put(#"{"enabled":true}"#)
        #expect(on.status == 200)
        #expect(try on.json.keys == ["enabled", "since", "asked", "plays", "skips", "tracks"])
        #expect(try on.json["since"]?.text != nil && on.json["asked"]?.text != nil)
        try await report(2, heard: 0.5)
        try await report(3, heard: 4)
        let known = try await server.get(Self.path).json
        #expect(known["enabled"] == .bool(true) && known["plays"] == .number(1) && known["skips"] == .number(1))
        #expect(known["tracks"] == .number(1))
        for end in 0...1 {
            #expect(try await put(#"{"enabled":true}"#).status == 200)
            if end == 0 {
                #expect(try await put(#"{"enabled":false}"#).status == 200)
            } else {
                #expect(try await server.send(.DELETE, Self.path).status == 204)
            }
            let off = try await server.get(Self.path).json
            #expect(off["enabled"] == .bool(false) && off["since"] == .null && off["asked"]?.text != nil)
            #expect(off["skips"] == .number(0) && off["tracks"] == .number(0) && off["plays"] == .number(1))
        }
    }

    @Test("An answer that is none is refused, and so are other methods")
    func malformed() async throws {
        for body in ["", "{}", "[]", #"{"enabled":1}"#, #"{"enabled":null}"#] { try expectProblem(try await put(body), 400, nil) }
        #expect(try await server.send(.POST, Self.path)["Allow"] == "DELETE, GET, HEAD, PUT")
    }
}

@Suite("Plays of other services", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct HistoryImportTests {
    private let server: RunningServer
    private let song: String

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        let id = try #require(try await server.upload(Sound.wav(seconds: 0.2, seed: 1), name: "a.wav")["id"]?.text)
        let tags = #"{"title":"Für Elise","artist":"A & B","album":"L"}"#
        #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", body: Array(tags.utf8)).status == 200)
        self.server = server
        song = id
    }

    private func bring(_ text: String) async throws -> Reply {
        try await server.send(.POST, "/api/v1/history/import", body: Array(text.utf8))
    }

    private func counts(_ reply: Reply) throws -> [Int?] {
        let json = try reply.json
        return ["listens", "joined", "known", "unknown", "forgotten", "ignored"].map { json[$0]?.integer }
    }

    @Test("An export is joined to the account's tracks, once, and its plays say where they are from")
    func joins() async throws {
        let csv =
            "uts,artist,album,track\n1700000000,a & b,l,FUR ELISE\n1700000100,a & b,,Für Elise\n1700000200,x,,y\n,now,,playing\n"
        #expect(try counts(await bring(csv)) == [4, 2, 0, 1, 0, 1])
        let json = #"""
            {"payload":{"listens":[{"listened_at":1700000000,"track_metadata":{"track_name":"Für Elise","artist_name":"A & B"}},
            {"listened_at":1700000300,"track_metadata":{"track_name":"Für Elise","artist_name":"A & B"}}]}}
            """#
        #expect(try counts(await bring(json)) == [2, 1, 1, 0, 0, 0])
        let items = try #require(try await server.get("/api/v1/history").json["items"]?.list)
        #expect(
            items.map { $0["at"]?.text } == [
                "2023-11-14T22:18:20.000Z", "2023-11-14T22:15:00.000Z", "2023-11-14T22:13:20.000Z"
            ])
        #expect(items.allSatisfy { $0["source"]?.text == "import" && $0["track"]?["id"]?.text == song && $0["heard"] == .null })
    }

    @Test("A large export is taken in pieces")
    func large() async throws {
        let lines = (0..<20_000).map {
            "\(1_600_000_000 + $0 * 100),A & B,\($0.isMultiple(of: 50) ? "Für Elise" : "Other \($0)")"
        }
        let reply = try await bring("uts,artist,track\n" + lines.joined(separator: "\n"))
        #expect(try counts(reply) == [20_000, 400, 0, 19_600, 0, 0])
    }

    @Test("A malformed export is refused with its line; what came before it stays, and a mended one is taken")
    func malformed() async throws {
        let reply = try await bring("uts,artist,track\n1700000000,A & B,Für Elise\nyesterday,A & B,Für Elise\n")
        try expectProblem(reply, 400, nil)
        #expect(try reply.json["detail"]?.text?.hasPrefix("line 3: ") == true)
        for text in ["", "[", "PK\u{3}", #"{"a":1}"#] { try expectProblem(try await bring(text), 400, nil) }
        let mended = try await bring("uts,artist,track\n1700000000,A & B,Für Elise\n1700000100,A & B,Für Elise\n")
        #expect(try counts(mended).prefix(3).reduce(0) { $0 + ($1 ?? 0) } == 4)
        #expect(try await server.get("/api/v1/history").json["items"]?.list?.count == 2)
    }
}
