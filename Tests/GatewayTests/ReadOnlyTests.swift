import Audio
import Gateway
import Intake
import Locker
import NIOHTTP1
import TestSupport
import Testing

/// An edge: its Originals are at another server, which here is never asked.
@Suite("A server whose Originals are elsewhere", .tags(.codec, .http), .timeLimit(.minutes(2))) struct ReadOnlyTests {
    @Test("A server whose Originals are elsewhere takes and removes no files, and does all else")
    func edge() async throws {
        try await RunningServer.run(access: .open) {
            $0.originals = "http://127.0.0.1:1/originals"
        } _: { server in
            let upload = try await server.send(.POST, "/api/v1/tracks?name=a.wav", body: [1, 2, 3])
            try expectProblem(upload, 405, nil)
            #expect(upload["Allow"] == "GET, HEAD")
            for (method, path) in [
                (.POST, "/api/v1/uploads"), (.OPTIONS, "/api/v1/uploads"), (.POST, "/api/v1/known"),
                (.HEAD, "/api/v1/uploads/abcdefghijabcdefghij00"), (.PATCH, "/api/v1/uploads/abcdefghijabcdefghij00"),
                (.DELETE, "/api/v1/uploads/abcdefghijabcdefghij00"), (.GET, "/api/v1/uploads/abcdefghijabcdefghij00")
            ] as [(HTTPMethod, String)] {
                #expect(try await server.send(method, path, [("Tus-Resumable", "1.0.0")]).status == 404, "\(method) \(path)")
            }
            let described = try await server.get("/api/v1/openapi.json").text
            #expect(!described.contains("/uploads") && !described.contains("/known"))

            let application = server.application
            let list = try await server.send(.POST, "/api/v1/playlists", body: Array(#"{"name": "mine", "tracks": []}"#.utf8))
            #expect(list.status == 201)
            #expect(try await server.get("/readyz").status == 200)
            let other = try await application.catalogue.account(named: "other")
            #expect(try await application.intake.removeAccount(other) == 0)
            #expect(try server.files(under: "originals") == [])
        }
    }
}
