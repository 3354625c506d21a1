import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The scrub", .tags(.http), .timeLimit(.minutes(10)))
    struct ScrubTests {
        @Test("The scrub finds an Original that has changed, and one that is gone")
        func findsDamage() async throws {
            let (data, music) = (try TemporaryFolder(), try TemporaryFolder())
            var stored: [String] = []
            try await Server.run(data: data) { server in
                for seconds in [1.0, 1.5, 2.0] {
                    _ = try await server.add(try await Signal(seconds: seconds).write(in: music))
                }
                stored = server.stored.filter { !$0.contains(".") }
            }
            try #require(stored.count == 3)
            let damaged = data.path + "/originals/" + stored[0]
            var content = try bytes(of: damaged)
            content[content.count / 2] ^= 1
            try Data(content).write(to: URL(filePath: damaged))
            try FileManager.default.removeItem(atPath: data.path + "/originals/" + stored[1])
            try await Server.run(data: data, environment: ["SWEETSPOT_LIMITS_SCRUB": "100MB"]) { server in
                let isDone = try await eventually {
                    guard try await server.client.metric("sweetspot_scrubbed_originals_total") >= 3 else { return false }
                    return try await server.client.metric("sweetspot_damaged_originals_total") >= 2
                }
                #expect(isDone)
                for (name, condition) in [(stored[0], "damaged"), (stored[1], "missing")] {
                    let hash = URL(filePath: name).lastPathComponent
                    #expect(server.log.split(separator: "\n").contains { $0.contains(hash) && $0.contains(condition) })
                }
                #expect(!server.log.contains(URL(filePath: stored[2]).lastPathComponent))
            }
        }
    }
}
