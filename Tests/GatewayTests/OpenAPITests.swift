import Hummingbird
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The API's description", .tags(.codec, .http), .server(access: .accounts), .timeLimit(.minutes(10)))
struct OpenAPITests {
    @Test("The description has every route and no other")
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

    @Test("The description is made of the routes: path, scope and description are registered together")
    func isRegistered() async throws {
        let added = OpenAPI.Operation(summary: "What is added.", status: 204, problems: [404])
        let nothing: GatewayHandler = { _, _ in Response(status: .noContent) }
        let further = RunningServer.FurtherRoutes { routes, _ in
            for route in routes.operations {
                let isDescribed = route.path.hasPrefix("/api/v1/")
                #expect((route.description != nil) == isDescribed || route.method == .head, "\(route.method) \(route.path)")
            }
            routes.resource("/api/v1/added/:thing", [.read(.library, added, nothing), .on(.put, .admin, added, nothing)])
        }
        try await RunningServer.run(access: .accounts, adding: further) { server in
            let path = try #require(try await server.get("/api/v1/openapi.json").json["paths"]?["/added/{thing}"])
            #expect(path.keys == ["get", "put", "parameters"])
            #expect(path["get"]?["x-scope"]?.text == "library" && path["put"]?["x-scope"]?.text == "admin")
            #expect(path["get"]?["summary"]?.text == "What is added.")
            #expect(path["put"]?["responses"]?.keys == ["204", "400", "401", "403", "404", "408", "417", "507"])
            #expect(path["parameters"]?.list?.first?["name"]?.text == "thing")
        }
    }

    @Test("The description is encoded once: the same bytes and tag for every client, and 304 if it has them")
    func isEncodedOnce() async throws {
        let server = try #require(RunningServer.current)
        let path = "/api/v1/openapi.json"
        let document = try await server.get(path)
        let tag = try #require(document["ETag"])
        #expect(document.status == 200 && document["Content-Type"] == "application/json" && tag.count == 34)
        #expect(try await server.get(path, ("Accept-Encoding", "gzip"))["Content-Encoding"] == "gzip")
        let again = try await server.get(path)
        #expect(again.body == document.body && again["ETag"] == tag)
        let known = try await server.get(path, ("If-None-Match", tag))
        #expect(known.status == 304 && known.body.isEmpty && known["ETag"] == tag)
        #expect(try await server.get(path, ("If-None-Match", "\"x\"")).body == document.body)
        try expectProblem(try await server.get(path, ("If-Match", "\"x\"")), 412, nil)
        let head = try await server.send(.HEAD, path)
        #expect(head.status == 200 && head.body.isEmpty && head["Content-Length"] == "\(document.body.count)")
    }

    @Test("The description states the bounds of requests, and every status that is answered")
    func hasBounds() async throws {
        let server = try #require(RunningServer.current)
        let paths = try #require(try await server.get("/api/v1/openapi.json").json["paths"])
        func statuses(_ path: String, _ method: String) -> Set<String> { paths[path]?[method]?["responses"]?.keys ?? [] }
        #expect(statuses("/session", "post").isSuperset(of: ["204", "400", "401", "403", "408", "429", "503"]))
        #expect(statuses("/me", "delete").isSuperset(of: ["204", "401", "403", "429"]))
        #expect(statuses("/tracks", "post").isSuperset(of: ["200", "201", "202", "408", "411", "413", "415", "422", "507"]))
        let sent = statuses("/uploads/{upload}", "patch")
        #expect(sent.isSuperset(of: ["204", "404", "408", "409", "412", "413", "415", "423", "460", "507"]))
        for path in ["/openapi.json", "/tracks", "/queue", "/letters/tracks", "/tracks/{track}/lyrics"] {
            #expect(statuses(path, "get").isSuperset(of: ["200", "304", "412"]), "\(path)")
        }
        #expect(statuses("/queue", "put").isSuperset(of: ["204", "412"]) && !statuses("/queue", "put").contains("304"))
        for (path, method) in [("/playlists/{playlist}", "patch"), ("/tracks/{track}", "delete"), ("/me/taste", "put")] {
            #expect(statuses(path, method).contains("412"), "\(method) \(path)")
        }
        #expect(!statuses("/tracks/{track}/rating", "put").contains("412"))
        let limit = paths["/tracks"]?["get"]?["parameters"]?.list?.first { $0["name"]?.text == "limit" }?["schema"]
        #expect(limit?["minimum"]?.integer == 1 && limit?["maximum"]?.integer == 500)
        let rating = paths["/tracks/{track}/rating"]?["put"]?["requestBody"]?["content"]?["application/json"]?["schema"]
        #expect(rating?["properties"]?["rating"]?["maximum"]?.integer == 5)
        let playlist = paths["/playlists"]?["post"]?["requestBody"]?["content"]?["application/json"]?["schema"]?["properties"]
        #expect(playlist?["name"]?["maxLength"]?.integer == 500 && playlist?["name"]?["pattern"] != nil)
    }

    @Test("The description leaves out accounts if the server has none")
    func open() async throws {
        try await RunningServer.run { server in
            let described = try #require(try await server.get("/api/v1/openapi.json").json["paths"]).keys
            #expect(described.contains("/tracks") && !described.contains("/session"))
            let document = try await server.get("/api/v1/openapi.json").json
            let read = document["paths"]?["/tracks"]?["get"]
            // Nobody needs credentials there.
            #expect(read?["security"] == nil && read?["responses"]?["401"] == nil && read?["responses"]?["421"] != nil)
            #expect(server.application.paths.contains("/api/v1/tracks") && !server.application.paths.contains("/api/v1/session"))
        }
    }
}
