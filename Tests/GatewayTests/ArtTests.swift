import Audio
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Covers", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct ArtTests {
    /// A PNG as far as its header goes, and some more bytes.
    private static let picture: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)
        + [0, 0, 0, 9, 0, 0, 0, 7] + (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }

    /// A server whose `--music` has a song with a cover beside it, and one without.
    private func serving(
        _ access: ServerConfiguration.Access = .open, _ body: (RunningServer, _ art: String, _ bare: JSON) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let album = folder.appending(path: "album")
        try FileManager.default.createDirectory(at: album, withIntermediateDirectories: true)
        try Data(Sound.wav(seconds: 0.2, seed: 1)).write(to: album.appending(path: "a.wav"))
        try Data(Self.picture).write(to: album.appending(path: "Cover.jpg"))
        try Data(Sound.wav(seconds: 0.2, seed: 2)).write(to: folder.appending(path: "b.wav"))
        try await RunningServer.run(access: access) {
            $0.music = folder.path
        } _: { server in
            _ = try await server.get("/readyz") { $0.status == 200 }
            let items = try await server.get("/api/v1/tracks?sort=title", AccessTests.bearer).json["items"]?.list ?? []
            try #require(items.count == 2)
            try await body(server, #require(items[0]["art"]?.text), items[1])
        }
    }

    @Test("A cover is served as it was stored: in whole, in part, or not at all if the client has it")
    func serves() async throws {
        try await serving { server, url, bare in
            let path = try #require(url.split(separator: "?").first.map(String.init))
            #expect(path.hasPrefix("/art/") && url.wholeMatch(of: /\/art\/[0-9A-Za-z]{22}\?v=[0-9a-f]{8}/) != nil)
            let whole = try await server.get(path)
            #expect(whole.status == 200 && whole.body == Self.picture && whole["Content-Type"] == "image/png")
            #expect(whole["Content-Length"] == "\(Self.picture.count)" && whole["Accept-Ranges"] == "bytes")
            #expect(whole["Access-Control-Allow-Origin"] == "*" && whole["X-Content-Type-Options"] == "nosniff")
            #expect(whole["Cache-Control"] == "private, max-age=86400, no-transform")
            #expect(whole["Content-Disposition"]?.contains("filename=\"a.png\"") == true)
            let tag = try #require(whole["ETag"])
            #expect(tag.wholeMatch(of: /"[0-9a-f]{64}"/) != nil && url.hasSuffix(tag.dropFirst().prefix(8)))

            let versioned = try await server.get(url)
            #expect(versioned.body == Self.picture && versioned["Cache-Control"] == "private, max-age=31536000, immutable")
            let stale = try await server.get(path + "?size=64&v=00000000")
            #expect(stale.status == 307 && stale["Location"] == "\(url)&size=64")
            #expect(try await server.get(path + "?size=100").body == Self.picture)

            let head = try await server.send(.HEAD, path)
            #expect(head.status == 200 && head.body.isEmpty && head["ETag"] == tag)
            #expect(head["Content-Length"] == whole["Content-Length"])
            let known = try await server.get(path, ("If-None-Match", tag))
            #expect(known.status == 304 && known.body.isEmpty && known["ETag"] == tag)
            #expect(try await server.get(path, ("If-Match", tag)).body == Self.picture)
            try expectProblem(try await server.get(path, ("If-Match", "\"x\"")), 412, nil)
            let part = try await server.get(path, ("Range", "bytes=199990-"))
            #expect(part.status == 206 && part.body == Array(Self.picture[199_990...]))
            #expect(part["Content-Range"] == "bytes 199990-\(Self.picture.count - 1)/\(Self.picture.count)")
            try expectProblem(try await server.get(path, ("Range", "bytes=9999999-")), 416, "bad-range")
            let preflight = try await server.send(.OPTIONS, path, [("Origin", "https://player.example")])
            #expect(preflight.status == 204 && preflight["Access-Control-Allow-Methods"] == "GET, HEAD")

            #expect(bare["art"] == .null)
            let id = try #require(bare["id"]?.text)
            for path in ["/art/\(id)", "/art/nobody", "/art", "/art/\(id)/x"] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
        }
    }

    /// A song with a cover of 640 by 480 pixels inside.
    private static func song() throws -> [UInt8] {
        let cover = [
            "-f", "lavfi", "-i", "testsrc2=s=640x480:r=1:d=1", "-map", "0:a", "-map", "1:v", "-frames:v", "1", "-c:v", "mjpeg"
        ]
        return try Sound.encoded(
            Sound.wav(seconds: 0.5), cover + ["-disposition:v", "attached_pic"], extension: "flac")
    }

    private static let misses = #"sweetspot_cover_requests_total{result="miss"}"#

    @Test(
        "A cover in a size asked for is a JPEG with its own tag, made once, and gone with the track",
        .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"))
    func sizes() async throws {
        try await RunningServer.run {
            $0.deletionGrace = .zero
        } _: { server in
            let track = try await server.upload(Self.song(), name: "a.flac")
            let (id, url) = (try #require(track["id"]?.text), try #require(track["art"]?.text))
            let original = try await server.get(url)
            #expect(Picture(header: original.body)?.width == 640)

            let cover = try await server.get("\(url)&size=300")
            let header = try #require(Picture(header: cover.body))
            #expect(header.format == .jpeg && header.width == 300 && header.height == 225)
            #expect(cover.status == 200 && cover["Content-Type"] == "image/jpeg" && cover["X-Content-Type-Options"] == "nosniff")
            #expect(cover["Cache-Control"] == "private, max-age=31536000, immutable")
            let tag = try #require(cover["ETag"])
            #expect(tag.wholeMatch(of: /"[0-9a-f]{32}"/) != nil && tag != original["ETag"])

            let head = try await server.send(.HEAD, "\(url)&size=300")
            #expect(head.status == 200 && head.body.isEmpty && head["Content-Length"] == "\(cover.body.count)")
            #expect(try await server.get("\(url)&size=300", ("If-None-Match", tag)).status == 304)
            let part = try await server.get("\(url)&size=300", ("Range", "bytes=100-199"))
            #expect(part.status == 206 && part.body == Array(cover.body[100..<200]))
            #expect(try await server.metrics[Self.misses] == 1)

            for size in ["640", "641", "100000"] {
                let same = try await server.get("\(url)&size=\(size)")
                #expect(same.body == original.body && same["ETag"] == original["ETag"], "\(size)")
            }
            for size in ["0", "-1", "", "big", "3.5", "99999999999999999999"] {
                try expectProblem(try await server.get("\(url)&size=\(size)"), 400, nil)
            }

            _ = try await server.get("/metrics") { ($0.series["sweetspot_disk_writes_total"] ?? 0) == 1 }
            #expect(try server.files(under: "cache").count { !$0.hasSuffix("/lock") } == 1)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
            try expectProblem(try await server.get("\(url)&size=300"), 404, "not-found")
            let isGone = try await eventually { try server.files(under: "cache").allSatisfy { $0.hasSuffix("/lock") } }
            try #require(isGone, "the cover is still in the cache")
        }
    }

    @Test("Behind a token a cover needs the token or any ticket of its track")
    func needsPermission() async throws {
        try await serving(.token("s3cret")) { server, url, bare in
            let path = try #require(url.split(separator: "?").first.map(String.init))
            try expectProblem(try await server.get(path), 401, "unauthorised")
            #expect(try await server.get(path, AccessTests.bearer).status == 200)
            func ticket(_ id: String, _ rendition: String) async throws -> String {
                let body = Array("{\"rendition\":\"\(rendition)\"}".utf8)
                let reply = try await server.send(.POST, "/api/v1/tracks/\(id)/ticket", [AccessTests.bearer], body: body)
                return try #require(try reply.json["ticket"]?.text)
            }
            let id = String(path.dropFirst("/art/".count))
            for rendition in ["*", "mp3-64"] {
                #expect(try await server.get("\(path)?ticket=\(ticket(id, rendition))").status == 200)
            }
            let other = try await ticket(#require(bare["id"]?.text), "*")
            try expectProblem(try await server.get("\(path)?ticket=\(other)"), 404, "not-found")
            try expectProblem(try await server.get("\(path)?ticket=forged"), 401, "unauthorised")
        }
    }
}
