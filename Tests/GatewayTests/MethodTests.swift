import NIOHTTP1
import Testing

extension OpenServer {
    @Suite("Paths and methods")
    struct MethodTests {
        let songs: SongServer

        init() throws { songs = try #require(SongServer.current) }

        static let paths: [(String, [HTTPMethod])] = [
            ("/healthz", [.GET, .HEAD]), ("/readyz", [.GET, .HEAD]), ("/metrics", [.GET, .HEAD]),
            ("/stream/TRACK", [.GET, .HEAD, .OPTIONS]), ("/hls/TRACK/aac.m3u8", [.GET, .HEAD, .OPTIONS]),
            ("/hls/TRACK/aac-64/0.m4s", [.GET, .HEAD, .OPTIONS]), ("/dash/TRACK/aac.mpd", [.GET, .HEAD, .OPTIONS]),
            ("/stream/TRACK/mp3-64", [.GET, .HEAD, .OPTIONS]), ("/stream/TRACK/nothing", [.GET, .HEAD, .OPTIONS]),
            ("/art/TRACK", [.GET, .HEAD, .OPTIONS]), ("/art/nobody", [.GET, .HEAD, .OPTIONS]),
            ("/api/v1/tracks", [.GET, .HEAD, .POST]), ("/api/v1/tracks/TRACK", [.DELETE, .GET, .HEAD, .PATCH]),
            ("/api/v1/tracks/nobody", [.DELETE, .GET, .HEAD, .PATCH]), ("/api/v1/tracks/TRACK/ticket", [.POST]),
            ("/api/v1/uploads", [.OPTIONS, .POST]), ("/api/v1/known", [.POST]), ("/api/v1/artists", [.GET, .HEAD]),
            ("/api/v1/albums/nobody", [.GET, .HEAD]), ("/api/v1/queue", [.GET, .HEAD, .PUT]),
            ("/api/v1/playlists/nobody", [.DELETE, .GET, .HEAD, .PATCH]), ("/api/v1/tracks/TRACK/rating", [.PUT])
        ]

        @Test("A known path has its own methods, and says which", arguments: paths)
        func wrongMethods(path: String, allowed: [HTTPMethod]) async throws {
            let path = path.replacing("TRACK", with: songs.song.id)
            let all: [HTTPMethod] = [.GET, .HEAD, .POST, .PUT, .PATCH, .DELETE, .OPTIONS, .TRACE, .PROPFIND, .REPORT]
            for method in all where !allowed.contains(method) {
                let reply = try await songs.server.send(method, path)
                #expect(reply["Allow"] == allowed.map(\.rawValue).joined(separator: ", "), "\(method)")
                if method == .HEAD { #expect(reply.status == 405) } else { try expectProblem(reply, 405, nil) }
            }
        }

        @Test(
            "An unknown path gets 404, whatever the method",
            arguments: [
                "/nothing", "/index.html", "/app.js", "/web", "/web/", "/web/x", "/web/0123456789abcdef/app.js", "/album",
                "/login/x",
                "/stream", "/stream/x/y/z", "/hls", "/hls/x/y/z/a", "/dash", "/dash/x/y/z", "/api", "/api/v1",
                "/api/v1/nothing", "/api/v2/tracks",
                "/api/v1/tracks/x/y", "/Healthz", "/healthz/x", "/etc/passwd", "/%68ealthz", "/rests/ping"
            ])
        func unknownPaths(path: String) async throws {
            for method: HTTPMethod in [.GET, .POST, .DELETE, .PROPFIND] {
                try expectProblem(try await songs.server.send(method, path), 404, "not-found")
            }
        }

        @Test("HEAD is GET without its body", arguments: ["/healthz", "/readyz", "/metrics", "/api/v1/tracks", "/nothing"])
        func head(path: String) async throws {
            let get = try await songs.server.get(path)
            let head = try await songs.server.send(.HEAD, path)
            #expect(head.status == get.status && head.body.isEmpty && !get.body.isEmpty)
            #expect(head["Content-Type"] == get["Content-Type"])
            if path != "/metrics" { #expect(head["Content-Length"] == "\(get.body.count)") }
        }

        @Test(
            "An open server answers to its own name alone",
            arguments: [
                ("localhost", 200), ("LOCALHOST:99", 200), ("127.0.0.1", 200), ("127.0.0.1:8080", 200), ("[::1]:8080", 200),
                ("evil.example", 421), ("localhost.evil.example", 421), ("127.0.0.1.evil.example", 421),
                ("192.168.1.5:8080", 421),
                ("[::2]", 421), ("", 400)
            ])
        func hosts(host: String, status: Int) async throws {
            for path in ["/healthz", "/stream/x/y", "/nothing"] {
                let request = "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
                let answer = try await RawConnection.exchange(request, with: songs.server)
                #expect(answer.hasPrefix("HTTP/1.1 \(status == 200 && path != "/healthz" ? 404 : status) "), "\(path): \(answer)")
            }
            let none = try await RawConnection.exchange("GET /healthz HTTP/1.1\r\nConnection: close\r\n\r\n", with: songs.server)
            #expect(none.hasPrefix("HTTP/1.1 400 "))
            // It connected to an address that is the server's own.
            let old = try await RawConnection.exchange("GET /healthz HTTP/1.0\r\n\r\n", with: songs.server)
            #expect(old.hasPrefix("HTTP/1.1 200 "))
        }

        @Test(
            "An open server lets no page from elsewhere change anything (any port of localhost could)",
            arguments: [
                ("https://evil.example", 403), ("null", 403), ("http://127.0.0.1.evil.example", 403), ("", 403),
                ("http://localhost:9000", 403), ("http://127.0.0.1", 403), ("https://HOST", 403),
                ("http://HOST.evil.example", 403), ("http://evil.example/HOST", 403), ("http://x@HOST", 403),
                ("http://HOST", 200), ("HTTP://HOST", 200)
            ])
        func origins(origin: String, status: Int) async throws {
            let origin = origin.replacing("HOST", with: "127.0.0.1:\(songs.server.port)")
            let path = "/api/v1/tracks/\(songs.song.id)/ticket"
            let reply = try await songs.server.send(.POST, path, [("Origin", origin)])
            if status == 200 { #expect(reply.status == 200) } else { try expectProblem(reply, status, nil) }
            #expect(try await songs.server.get("/api/v1/tracks", ("Origin", origin)).status == 200)
        }

        @Test(
            "An open server lets no page of the same site change anything: every program of this machine has one",
            arguments: [("cross-site", 403), ("same-site", 403), ("CROSS-SITE", 403), ("same-origin", 200), ("none", 200)])
        func fetchMetadata(site: String, status: Int) async throws {
            let (song, fields) = (songs.song.id, [("Sec-Fetch-Site", site)])
            for method in [HTTPMethod.PUT, .DELETE] {
                // Of no track, so that no other test's documents change.
                let reply = try await songs.server.send(method, "/api/v1/tracks/nobody/favourite", fields)
                #expect(reply.status == (status == 200 ? 404 : status))
            }
            #expect(try await songs.server.send(.POST, "/api/v1/tracks/\(song)/ticket", fields).status == status)
            #expect(try await songs.server.get("/api/v1/tracks", fields[0]).status == 200)
        }
    }
}
