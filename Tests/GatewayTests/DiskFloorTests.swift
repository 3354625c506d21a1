import Foundation
import Gateway
import Locker
import NIOHTTP1
import TestSupport
import Testing

/// A server whose disk never has as much free as uploads have to leave.
@Suite("A server on a full disk", .tags(.codec, .http), .server { $0.uploadFloor = ByteSize(1 << 60) }, .timeLimit(.minutes(10)))
struct DiskFloorTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    @Test("Every kind of upload to a full disk gets 507 disk-full and leaves nothing, and the server goes on")
    func refusesUploads() async throws {
        let tus = ("Tus-Resumable", "1.0.0")
        for reply in [
            try await server.send(.POST, "/api/v1/tracks?name=a.wav", body: Sound.wav(seconds: 0.1)),
            try await server.send(.POST, "/api/v1/uploads", [tus, ("Upload-Length", "9000")])
        ] {
            try expectProblem(reply, 507, "disk-full")
        }
        #expect(try server.files(under: "incoming").isEmpty)
        #expect(try await server.application.catalogue.openUploads().isEmpty)
        #expect(try await server.get("/api/v1/tracks").status == 200)
    }
}
