import Testing

@testable import Gateway

@Suite("The API's description", .server(access: .accounts), .timeLimit(.minutes(1)))
struct OpenAPITests {
    @Test("has every route there is, and no other")
    func isComplete() async throws {
        let server = try #require(RunningServer.current)
        let document = try await server.get("/api/v1/openapi.json").json
        let described = try #require(document["paths"]).keys
        let routes = server.application.paths.filter { $0.hasPrefix("/api/v1/") }.map { path in
            path.dropFirst("/api/v1".count).split(separator: "/").map { $0.hasPrefix(":") ? "/{\($0.dropFirst())}" : "/\($0)" }
                .joined()
        }
        #expect(described == Set(routes))
        #expect(described.count > 20)
    }

    @Test("leaves out accounts where there are none")
    func open() async throws {
        try await RunningServer.run { server in
            let described = try #require(try await server.get("/api/v1/openapi.json").json["paths"]).keys
            #expect(described.contains("/tracks") && !described.contains("/session"))
            #expect(server.application.paths.contains("/api/v1/tracks") && !server.application.paths.contains("/api/v1/session"))
        }
    }
}
