import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOHTTP1
import Streaming
import TestSupport
import Testing

@testable import Gateway

/// Routes of another group over the same media, as Subsonic's would be: parameters of the URL in place of its path, a credential of
/// their own, and errors in their own words.
private enum RestRoutes {
    static var further: RunningServer.FurtherRoutes { RunningServer.FurtherRoutes(add: add) }

    private static func add(to routes: inout Routes, _ media: Media) throws {
        var rest = routes.media
        if let keys = rest.credentials.compactMap({ $0 as? APIKeyReader }).first {
            rest.credentials.insert(KeyParameter(keys: keys), at: 0)
        }
        rest.errors = Envelopes()
        @Sendable func asked(_ request: Request, _ context: GatewayContext) async throws -> MediaRequest {
            let id = request.uri.queryParameters["id"].map(String.init) ?? ""
            return try await MediaRequest(request, context, track: id, wishes: MediaWishes(), in: media.catalogue)
        }
        let stream: GatewayHandler = { request, context in
            let query = request.uri.queryParameters
            let asked = try await asked(request, context)
            if query["format"] == "raw" { return try await media.original(asked) }
            let name = "\(query["format"] ?? "mp3")-\(query["maxBitRate"] ?? "128")"
            guard let rendition = Rendition(named: name) else { throw Problem.notFound("no rendition is called \(name)") }
            return try await media.stream(asked, in: rendition)
        }
        routes.media("/further/stream", in: rest, stream)
        routes.media("/further/getCoverArt", in: rest) { request, context in
            let size = request.uri.queryParameters["size"].map(String.init)
            return try await media.cover(try await asked(request, context), size: size)
        }
        routes.media("/further/hls.m3u8", in: rest) { request, context in
            let asked = try await asked(request, context)
            return try await media.playlist(asked, of: .aac, base: "../hls/\(asked.track.id)/")
        }
        // For pages of this server alone.
        var own = rest
        own.isForAnyOrigin = false
        routes.resource("/own/stream", in: own, [.read(.media, nil, stream)])
    }

    /// `apiKey=`, as OpenSubsonic has it.
    private struct KeyParameter: CredentialReader {
        let keys: APIKeyReader

        func read(_ places: CredentialPlaces, for scope: RouteScope) async throws -> CredentialReading {
            guard let key = places.parameter("apiKey") else { return .absent }
            return CredentialReading(try await keys.catalogue.holder(ofKey: key).map { Grant($0, keys.plans) })
        }
    }

    /// An error is an answer that went well, with the failure in it.
    private struct Envelopes: ErrorFormat {
        func response(to problem: Problem, from request: Request, context: GatewayContext) throws -> Response {
            var headers = problem.headers
            headers[.contentType] = "application/json"
            let text = "{\"subsonic-response\":{\"status\":\"failed\",\"code\":\(problem.status.code)}}"
            return Response(status: .ok, headers: headers, content: text.utf8, for: request.method)
        }
    }
}

@Suite("Another group of routes", .tags(.codec, .http, .slow), .serialized, .timeLimit(.minutes(3)))
struct FurtherRouteTests {
    private static let hot = "sweetspot_hot_answers_total"

    private func fields(_ reply: Reply) -> [String] {
        reply.headers.filter { $0.name.lowercased() != "date" }.map { "\($0.name.lowercased()): \($0.value)" }.sorted()
    }

    private func failure(_ reply: Reply) throws -> Int? {
        #expect(reply.status == 200 && reply["Content-Type"] == "application/json")
        return try reply.json["subsonic-response"]?["code"]?.integer
    }

    /// Asks until an answer came from memory, and gives one of the router's beside it.
    private func untilHot(
        _ server: RunningServer, _ path: String, _ headers: [(String, String)]
    ) async throws -> (routed: Reply, hot: Reply) {
        var routed = try await server.send(.GET, path, headers)
        for _ in 0..<100 {
            let before = try await server.metrics[Self.hot] ?? 0
            let reply = try await server.send(.GET, path, headers)
            if try await server.metrics[Self.hot] ?? 0 > before { return (routed, reply) }
            routed = reply
        }
        struct NeverHot: Error {}
        throw NeverHot()
    }

    /// A folder with a song of 9 s and its cover.
    private func withMusic(_ body: (_ folder: String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(Sound.wav(seconds: 9, seed: 81)).write(to: folder.appending(path: "a.wav"))
        let picture: [UInt8] =
            [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
            + [0, 0, 0, 9, 0, 0, 0, 7] + (0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try Data(picture).write(to: folder.appending(path: "cover.png"))
        try await body(folder.path)
    }

    /// The paths of one medium: the server's own, and the other group's.
    private typealias Paths = (own: String, other: String)

    /// Runs a server with the other group, and a song with its cover.
    private func serving(
        _ body: (_ server: RunningServer, _ id: String, _ rest: String, _ media: [Paths]) async throws -> Void
    ) async throws {
        try await withMusic { folder in
            try await RunningServer.run(adding: RestRoutes.further) {
                $0.music = folder
                $0.cacheDisk = ByteSize(0)
            } _: { server in
                _ = try await server.get("/readyz") { $0.status == 200 }
                let track = try #require(try await server.get("/api/v1/tracks").json["items"]?.list?.first)
                let id = try #require(track["id"]?.text)
                // Subsonic's v is no version of a link's bytes.
                let rest = "id=\(id)&v=1.16.1&c=test"
                let media: [Paths] = [
                    ("/stream/\(id)/mp3-128.mp3", "/further/stream?\(rest)&format=mp3&maxBitRate=128"),
                    ("/stream/\(id)/opus-64", "/further/stream?\(rest)&format=opus&maxBitRate=64"),
                    ("/stream/\(id)/original", "/further/stream?\(rest)&format=raw"),
                    ("/art/\(id)", "/further/getCoverArt?\(rest)"),
                    ("/art/\(id)?size=100", "/further/getCoverArt?\(rest)&size=100")
                ]
                try await body(server, id, rest, media)
            }
        }
    }

    @Test("Another group's media are the server's own to the byte and the field")
    func equality() async throws {
        try await serving { server, _, _, media in
            for (own, other) in media {
                let whole = try await server.get(own)
                try #require(whole.status == 200 && whole.body.count > 10_000)
                let tag = try #require(whole["ETag"])
                let requests: [(HTTPMethod, [(String, String)], Int)] = [
                    (.GET, [], 200), (.HEAD, [], 200), (.GET, [("Range", "bytes=2000-9999")], 206),
                    (.GET, [("Range", "bytes=-100")], 206), (.HEAD, [("Range", "bytes=5-10")], 200),
                    (.GET, [("If-None-Match", tag)], 304), (.GET, [("If-Match", tag)], 200),
                    (.GET, [("Range", "bytes=7-8"), ("If-Range", tag)], 206),
                    (.GET, [("Range", "bytes=7-8"), ("If-Range", "\"other\"")], 200)
                ]
                for (method, headers, status) in requests {
                    let first = try await server.send(method, own, headers)
                    let second = try await server.send(method, other, headers)
                    #expect(first.status == status && second.status == status, "\(method) \(other) \(headers)")
                    #expect(first.body == second.body, "\(method) \(other) \(headers)")
                    #expect(fields(first) == fields(second), "\(method) \(other) \(headers)")
                }
                #expect(try failure(try await server.get(other, ("If-Match", "\"other\""))) == 412)
                let beyond = try await server.get(other, ("Range", "bytes=99999999-"))
                #expect(try failure(beyond) == 416 && beyond["Content-Range"] == "bytes */\(whole.body.count)")
            }
        }
    }

    @Test("Another group's media come from memory as the server's own do, with the group's rule for pages of other origins")
    func memory() async throws {
        try await serving { server, _, _, media in
            let range = [("Range", "bytes=2000-9999")]
            let own = try await untilHot(server, media[0].own, range)
            let other = try await untilHot(server, media[0].other, range)
            #expect(other.hot.status == 206 && other.hot.body == own.hot.body && other.routed.body == own.hot.body)
            #expect(fields(other.hot) == fields(own.hot) && fields(other.routed) == fields(own.hot))
            #expect(other.hot["Access-Control-Allow-Origin"] == "*")
            let closed = try await untilHot(server, media[0].other.replacing("/further/", with: "/own/"), range)
            #expect(closed.hot.body == own.hot.body && fields(closed.hot) == fields(closed.routed))
            #expect(closed.hot["Access-Control-Allow-Origin"] == nil)
        }
    }

    @Test("Another group's playlist has the server's own addresses, relative to its own place")
    func playlist() async throws {
        try await serving { server, id, rest, _ in
            let master = try await server.get("/hls/\(id)/aac.m3u8")
            let playlist = try await server.get("/further/hls.m3u8?\(rest)")
            #expect(master.status == 200 && playlist["Content-Type"] == master["Content-Type"])
            let lines = master.text.split(separator: "\n").map { $0.hasPrefix("#") ? "\($0)" : "../hls/\(id)/\($0)" }
            #expect(playlist.text.split(separator: "\n").map(String.init) == lines)
        }
    }

    @Test("Another group's streams are paced as the server's own")
    func paced() async throws {
        try await RunningServer.run(adding: RestRoutes.further) {
            $0.pace = Pace(lead: .seconds(8), rate: 16)
        } _: { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 24), name: "a.wav")["id"]?.text)
            let start = ContinuousClock.now
            let body = try await server.get("/further/stream?id=\(id)&format=mp3&maxBitRate=96").body
            // Chunks of 3.6 s: of seven, those from the third to the sixth are followed by 0.225 s each.
            #expect(ContinuousClock.now - start > .seconds(0.85))
            #expect(try await server.get("/stream/\(id)/mp3-96?download=1").body == body)
        }
    }

    /// An account with a plan of one stream, its keys, and the ids of its two songs.
    private struct Subscriber {
        let secret: String
        /// For the library alone.
        let libraryKey: String
        let songs: [String]

        var bearer: (String, String) { ("Authorization", "Bearer \(secret)") }
        /// The first song, by the server's own route and by the other group's.
        var paths: Paths { ("/stream/\(songs[0])/mp3-128", "/further/stream?id=\(songs[0])") }
    }

    /// Runs a server of accounts with the other group.
    private func servingAccounts(
        _ body: (_ server: RunningServer, _ subscriber: Subscriber) async throws -> Void
    ) async throws {
        try await RunningServer.run(access: .accounts, adding: RestRoutes.further) {
            $0.plans.given = ["one": Plan(streams: 1)]
        } _: { server in
            let catalogue = server.application.catalogue
            let account = try await catalogue.addAccount(named: "a", password: .ofNobody, plan: "one")
            let secret = try await catalogue.addKey(account: account, label: "test", scopes: .all).secret.text
            let library = try await catalogue.addKey(account: account, label: "test", scopes: .library).secret.text
            let bearer = ("Authorization", "Bearer \(secret)")
            var ids: [String] = []
            for seed in 82..<84 as Range<UInt64> {
                let song = Sound.wav(seconds: 0.5, seed: seed)
                ids.append(try #require(try await server.upload(song, name: "a.wav", [bearer])["id"]?.text))
            }
            try await body(server, Subscriber(secret: secret, libraryKey: library, songs: ids))
        }
    }

    @Test("Another group reads its own credential before the others, and no other group reads it")
    func credentials() async throws {
        try await servingAccounts { server, subscriber in
            let (own, other) = subscriber.paths
            let whole = try await server.get(own, subscriber.bearer)
            #expect(try await server.get("\(other)&apiKey=\(subscriber.secret)").body == whole.body && whole.status == 200)
            #expect(try await server.get(other, subscriber.bearer).body == whole.body)
            // The first reader that finds its kind decides, and no other route has this kind.
            #expect(try failure(try await server.get("\(other)&apiKey=wrong", subscriber.bearer)) == 401)
            #expect(try failure(try await server.get("\(other)&apiKey=\(subscriber.libraryKey)")) == 403)
            try expectProblem(try await server.get("\(own)?apiKey=\(subscriber.secret)"), 401, "unauthorised")
        }
    }

    @Test("Another group words its errors itself, and pages of any origin may read them")
    func errors() async throws {
        try await servingAccounts { server, subscriber in
            let (own, other) = subscriber.paths
            let refused = try await server.get(other)
            #expect(try failure(refused) == 401 && refused["WWW-Authenticate"] == "Bearer")
            let strange = "/further/stream?id=0123456789012345678901&apiKey=\(subscriber.secret)"
            for (path, method, code) in [(other, HTTPMethod.GET, 401), (strange, .GET, 404), (other, .POST, 405)] {
                let reply = try await server.send(method, path)
                #expect(try failure(reply) == code)
                #expect(reply["Access-Control-Allow-Origin"] == "*")
            }
            let problem = try await server.get(own)
            try expectProblem(problem, 401, "unauthorised")
            #expect(problem["Access-Control-Allow-Origin"] == "*")
            // No route's: the server's own words.
            try expectProblem(try await server.get("/further/ping"), 404, "not-found")
        }
    }

    @Test("A stream by another group counts against the plan as one by the server's own routes")
    func streamCount() async throws {
        try await servingAccounts { server, subscriber in
            let (_, other) = subscriber.paths
            #expect(try await server.get(other, subscriber.bearer).status == 200)
            // The track above is the one stream of the plan, whichever route it came by.
            let second = subscriber.songs[1]
            try expectProblem(
                try await server.get("/stream/\(second)/mp3-128", subscriber.bearer), 429, "too-many-streams", track: second)
            let full = try await server.get("/further/stream?id=\(second)", subscriber.bearer)
            #expect(try failure(full) == 429 && full["Retry-After"] == "30")
        }
    }
}
