import NIOHTTP1
import Testing

extension OpenServer {
    @Suite("If-Match")
    struct PreconditionTests {
        let songs: SongServer
        var server: RunningServer { songs.server }

        init() throws { songs = try #require(SongServer.current) }

        static let paths = [
            "/stream/TRACK/mp3-128", "/stream/TRACK/opus-64", "/stream/TRACK/original", "/hls/TRACK/aac.m3u8",
            "/dash/TRACK/opus.mpd",
            "/hls/TRACK/aac-64/index.m3u8", "/hls/TRACK/aac-64/init.mp4", "/hls/TRACK/aac-64/0.m4s", "/hls/TRACK/opus-64/0.m4s",
            "/hls/TRACK/flac/0.m4s"
        ]

        @Test("If-Match comes before every other condition (RFC 9110 §13.1.1, §13.2.2)", arguments: paths)
        func conditions(path: String) async throws {
            let path = path.replacing("TRACK", with: songs.song.id)
            let whole = try await server.get(path)
            let tag = try #require(whole["ETag"])
            let part = ("Range", "bytes=2-5")
            // Playlists of a whole ladder are served without ranges.
            let ranged = whole["Accept-Ranges"] == "bytes" ? 206 : 200
            let cases: [([(String, String)], Int)] = [
                ([("If-Match", tag)], 200), ([("If-Match", "*")], 200), ([("If-Match", "\"x\", \(tag)")], 200),
                ([("If-Match", "\"x\""), ("If-Match", tag)], 200), ([("If-Match", tag), part], ranged),
                ([("If-Match", "\"x\"")], 412), ([("If-Match", "W/\(tag)")], 412), ([("If-Match", "nonsense")], 412),
                ([("If-Match", "\"x\""), part], 412), ([("If-Match", "\"x\""), ("Range", "bytes=99999999-")], 412),
                ([("If-Match", "\"x\""), ("If-None-Match", tag)], 412), ([("If-Match", tag), ("If-None-Match", tag)], 304),
                ([("If-Match", tag), ("If-None-Match", "\"x\""), part], ranged),
                ([("If-Match", tag), ("If-Range", "\"x\""), part], 200), ([("If-Match", tag), ("If-Range", tag), part], ranged),
                ([("If-Unmodified-Since", "Sat, 29 Oct 1994 19:43:31 GMT")], 200)
            ]
            for (fields, status) in cases {
                // The second answer may come from memory.
                for _ in 1...2 {
                    let reply = try await server.send(.GET, path, fields)
                    #expect(reply.status == status, "\(fields)")
                    if status == 412 { try expectProblem(reply, 412, nil) }
                    if status == 200 { #expect(reply.body == whole.body) }
                    if status == 206 { #expect(reply.body == Array(whole.body[2...5])) }
                    #expect(reply["ETag"] == tag)
                }
                let head = try await server.send(.HEAD, path, fields)
                #expect(head.status == (status == 206 ? 200 : status) && head.body.isEmpty, "HEAD \(fields)")
            }
        }

        @Test("If-Match does not change an answer without a file")
        func others() async throws {
            let fields = [("If-Match", "\"x\"")]
            let path = "/stream/\(songs.song.id)"
            #expect(try await server.send(.GET, "\(path)/mp3-128?v=00000000", fields).status == 307)
            #expect(try await server.send(.GET, "\(path)/nothing", fields).status == 404)
            #expect(try await server.send(.GET, "/stream/nobody/mp3-128", fields).status == 404)
            #expect(try await server.send(.OPTIONS, "\(path)/mp3-128", fields).status == 204)
            #expect(try await server.send(.GET, "/healthz", fields).status == 200)
        }
    }
}
