import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

private let path = "/api/v1/deleted"

@Suite("Deleted tracks that can be put back", .tags(.codec, .http), .serialized, .timeLimit(.minutes(10)))
struct DeletedTests {
    @Test("A deleted track comes back as it was, also after a restart, and plays again")
    func restart() async throws {
        let folder = try TemporaryFolder()
        let configure: @Sendable (inout ServerConfiguration) -> Void = { $0.data = folder.path + "/data" }
        let (track, order, list) = try await RunningServer.run(configure) { server in
            let other = try #require(try await server.upload(Sound.wav(seconds: 0.3, seed: 60), name: "b.wav")["id"]?.text)
            let id = try #require(try await server.upload(Sound.wav(seconds: 1, seed: 61), name: "a.wav")["id"]?.text)
            let edit = #"{"title":"Edited","artist":"A","album":"L","track":3,"genres":["Rock"]}"#
            #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", body: Array(edit.utf8)).status == 200)
            #expect(try await server.send(.PUT, "/api/v1/tracks/\(id)/favourite").status == 204)
            #expect(try await server.send(.POST, "/api/v1/history", body: Array(#"{"track":"\#(id)"}"#.utf8)).status == 204)
            let body = Array(#"{"name":"P","tracks":["\#(id)","\#(other)","\#(id)"]}"#.utf8)
            let list = try #require(try await server.send(.POST, "/api/v1/playlists", body: body)["Location"])
            let track = try await server.get("/api/v1/tracks/\(id)").json
            #expect(try await server.get("/stream/\(id)/mp3-64").status == 200)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
            #expect(try await server.get("/stream/\(id)/mp3-64").status == 404)
            let listed = try #require(try await server.get(path).json["items"]?.list)
            #expect(listed.count == 1 && listed.first?.keys == ["id", "title", "artist", "album", "deleted", "until"])
            #expect(listed.first?["id"]?.text == id && listed.first?["title"]?.text == "Edited")
            #expect(listed.first?["artist"]?.text == "A" && listed.first?["album"]?.text == "L")
            #expect(try await server.get("\(list)/tracks").json["items"]?.list?.count == 1)
            return (track, [id, other, id], list)
        }
        try await RunningServer.run(configure) { server in
            let id = order[0]
            #expect(try await server.get("/stream/\(id)/mp3-64").status == 404)
            // The workers have begun once the document has renditions.
            let back = try await server.send(.POST, "\(path)/\(id)")
            #expect(back.status == 200, "\(back.text)")
            #expect(try back.json == track)
            #expect(try await server.get("/api/v1/tracks/\(id)").json == track)
            #expect(try await server.get("\(list)/tracks").json["items"]?.list?.map { $0["id"]?.text } == order)
            #expect(try await server.get("/api/v1/history").json["items"]?.list?.count == 1)
            #expect(try await server.get("/stream/\(id)/mp3-64").status == 200)
            #expect(try await server.get("/stream/\(id)/original").body == Sound.wav(seconds: 1, seed: 61))
            #expect(try await server.get(path).json["items"]?.list?.isEmpty == true)
            try expectProblem(try await server.send(.POST, "\(path)/\(id)"), 404, "not-found")
        }
    }

    @Test("After the grace a deleted track stays deleted, and its bytes are gone")
    func grace() async throws {
        try await RunningServer.run {
            $0.deletionGrace = .milliseconds(300)
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 0.3, seed: 62), name: "a.wav")["id"]?.text)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
            _ = try await server.get(path) { try $0.json["items"]?.list?.isEmpty == true }
            try expectProblem(try await server.send(.POST, "\(path)/\(id)"), 404, "not-found")
            #expect(try await eventually { try server.files(under: "originals").isEmpty })
            try expectProblem(try await server.send(.POST, "\(path)/\(id)"), 404, "not-found")
            #expect(try await server.upload(Sound.wav(seconds: 0.3, seed: 62), name: "a.wav")["id"]?.text != id)
        }
    }

    @Test("Room that was used meanwhile is 507, another account's track 404, and a second upload of the file is one with it")
    func refused() async throws {
        let file = Sound.wav(seconds: 0.3, seed: 63)
        try await RunningServer.run(access: .accounts) {
            $0.plans.given = ["small": Plan(quota: ByteSize(file.count + 1000))]
        } _: { server in
            let catalogue = server.application.catalogue
            func account(_ name: String) async throws -> (String, String) {
                let id = try await catalogue.addAccount(named: name, password: .ofNobody, plan: "small")
                return ("Authorization", "Bearer \(try await catalogue.addKey(account: id, label: "", scopes: .all).secret.text)")
            }
            let (ada, eve) = (try await account("ada"), try await account("eve"))
            let id = try #require(try await server.upload(file, name: "a.wav", [ada])["id"]?.text)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)", [ada]).status == 204)
            try expectProblem(try await server.send(.POST, "\(path)/\(id)", [eve]), 404, "not-found")
            #expect(try await server.get(path, eve).json["items"]?.list?.isEmpty == true)
            let other = try #require(
                try await server.upload(Sound.wav(seconds: 0.2, seed: 64), name: "b.wav", [ada])["id"]?.text)
            try expectProblem(try await server.send(.POST, "\(path)/\(id)", [ada]), 507, "over-quota")
            #expect(try await server.get(path, ada).json["items"]?.list?.map { $0["id"]?.text } == [id])
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(other)", [ada]).status == 204)
            let again = try #require(try await server.upload(file, name: "a.wav", [ada])["id"]?.text)
            #expect(again != id)
            let back = try await server.send(.POST, "\(path)/\(id)", [ada])
            #expect(try back.status == 200 && back.json["id"]?.text == id)
            #expect(try await server.get("/api/v1/tracks", ada).json["items"]?.list?.map { $0["id"]?.text } == [id])
            #expect(try await server.get("/stream/\(id)/original", ada).body == file)
            #expect(try await server.get("/api/v1/me", ada).json["bytes"] == .number(Double(file.count)))
        }
    }
}
