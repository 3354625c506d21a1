import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// What a compressed answer says once it is read.
private func unpacked(_ reply: Reply) throws -> [UInt8] {
    let folder = try TemporaryFolder()
    let output = try runBlocking("gzip", ["-dc"], input: folder.write(reply.body, to: "body.gz"))
    try #require(output.status == 0)
    return output.bytes
}

private let gzip = ("Accept-Encoding", "gzip, deflate, br")

@Suite("Documents on the wire", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct DocumentTests {
    private let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    /// A track, on the first call of a test's server.
    private func track() async throws -> String {
        if let id = try await server.get("/api/v1/tracks?limit=1").json["items"]?.list?.first?["id"]?.text { return id }
        return try #require(try await server.upload(Sound.wav(seconds: 1, seed: 3), name: "a.wav")["id"]?.text)
    }

    @Test("A text is compressed for clients that accept it, and has another strong tag then")
    func compressed() async throws {
        let id = try await track()
        for path in ["/api/v1/tracks", "/api/v1/tracks/\(id)", "/api/v1/openapi.json", "/dash/\(id)/opus.mpd", "/metrics"] {
            let plain = try await server.get(path)
            let packed = try await server.get(path, gzip)
            #expect(plain.status == 200 && plain["Content-Encoding"] == nil && packed["Content-Encoding"] == "gzip", "\(path)")
            #expect(packed.body.count < plain.body.count / 2 && packed["Content-Type"] == plain["Content-Type"])
            #expect(plain["Vary"]?.hasSuffix("Accept-Encoding") == true && packed["Vary"] == plain["Vary"])
            if path != "/metrics" {
                #expect(try unpacked(packed) == plain.body)
                let tag = try #require(plain["ETag"])
                #expect(tag.hasPrefix("\"") && packed["ETag"] == tag.dropLast() + "-gzip\"")
            }
            let head = try await server.send(.HEAD, path, [gzip])
            #expect(head.status == 200 && head.body.isEmpty && head["Content-Encoding"] == "gzip")
            if path != "/metrics" { #expect(head["Content-Length"] == "\(packed.body.count)") }
            #expect(try await server.get(path, ("Accept-Encoding", "gzip;q=0")).body.count >= plain.body.count)
        }
    }

    @Test("Short texts and problems stay as they are")
    func short() async throws {
        for path in ["/api/v1/playlists", "/healthz", "/api/v1/tracks?limit=0", "/api/v1/none"] {
            let reply = try await server.get(path, gzip)
            #expect(reply["Content-Encoding"] == nil && reply.body.count < 1024, "\(path)")
        }
    }

    @Test("A client that has either form of a document gets 304, with the tag it has")
    func known() async throws {
        let id = try await track()
        for path in [
            "/api/v1/tracks", "/api/v1/playlists", "/api/v1/queue", "/hls/\(id)/aac.m3u8", "/hls/\(id)/aac-64/index.m3u8"
        ] {
            let tag = try #require(try await server.get(path)["ETag"])
            let packed = String(tag.dropLast() + "-gzip\"")
            for known in [tag, packed, "W/\(tag)", "\"x\", \(packed)"] {
                for coding in [("Accept-Encoding", "identity"), gzip] {
                    let reply = try await server.get(path, coding, ("If-None-Match", known))
                    #expect(reply.status == 304 && reply.body.isEmpty, "\(path) \(known)")
                    #expect(reply["ETag"] == (known.contains("gzip") ? packed : tag))
                    #expect(reply["Vary"]?.hasSuffix("Accept-Encoding") == true && reply["Cache-Control"] != nil)
                    #expect(reply["Content-Encoding"] == nil)
                    let head = try await server.send(.HEAD, path, [coding, ("If-None-Match", known)])
                    #expect(head.status == 304)
                    #expect(try await server.get(path, coding, ("If-Match", known)).status == (known.hasPrefix("W/") ? 412 : 200))
                }
            }
            #expect(try await server.get(path, ("If-None-Match", "*")).status == 304)
            #expect(try await server.get(path, ("If-None-Match", "\"x\"")).status == 200)
            try expectProblem(try await server.get(path, ("If-Match", "\"x\"")), 412, nil)
        }
    }

    @Test("A document is the client's alone and is asked about each time; it gets another tag when it changes")
    func changes() async throws {
        let id = try await track()
        let path = "/api/v1/tracks/\(id)"
        let before = try await server.get(path)
        #expect(before["Cache-Control"] == "private, no-cache")
        #expect(try await server.send(.PUT, path + "/rating", body: Array(#"{"rating":4}"#.utf8)).status == 204)
        let after = try await server.get(path, ("If-None-Match", try #require(before["ETag"])))
        #expect(after.status == 200 && after["ETag"] != before["ETag"])
        let edit = try await server.send(.PATCH, path, body: Array(#"{"year":1999}"#.utf8))
        #expect(edit.status == 200 && edit["Cache-Control"] == "no-store" && edit["ETag"] == nil)
    }

    @Test("A range of a playlist is one of its text as it is")
    func ranges() async throws {
        let path = "/hls/\(try await track())/aac-64/index.m3u8"
        let whole = try await server.get(path)
        #expect(whole["Accept-Ranges"] == "bytes")
        let part = try await server.get(path, gzip, ("Range", "bytes=2-9"))
        #expect(part.status == 206 && part.body == Array(whole.body[2...9]) && part["ETag"] == whole["ETag"])
        #expect(part["Vary"] == "Accept-Encoding" && part["Content-Encoding"] == nil)
    }

    @Test("A long playlist is compressed")
    func longPlaylist() async throws {
        let id = try #require(try await server.upload(Sound.wav(seconds: 600, rate: 8000, seed: 4), name: "b.wav")["id"]?.text)
        let path = "/hls/\(id)/aac-32/index.m3u8"
        let named = try await server.get(path).status == 200 ? path : "/hls/\(id)/opus-32/index.m3u8"
        let plain = try await server.get(named)
        let packed = try await server.get(named, gzip)
        #expect(plain.status == 200 && packed["Content-Encoding"] == "gzip" && packed["Accept-Ranges"] == nil)
        #expect(try unpacked(packed) == plain.body)
        #expect(packed["Cache-Control"] == plain["Cache-Control"] && packed["Access-Control-Allow-Origin"] == "*")
    }

    @Test("Fields limit a track's document to these members, on every list, and alone")
    func fields() async throws {
        let id = try await track()
        let whole = try await server.get("/api/v1/tracks/\(id)").json
        #expect(whole.keys == Set(TrackMember.allCases.map(\.rawValue)))
        let made = try await server.send(
            .POST, "/api/v1/playlists", body: Array(#"{"name":"p","tracks":["\#(id)"]}"#.utf8))
        let playlist = try #require(made["Location"])
        #expect(try await server.send(.POST, "/api/v1/history", body: Array(#"{"track":"\#(id)"}"#.utf8)).status == 204)
        let asked = "fields=title,id,id,hls,loudness"
        let one = try await server.get("/api/v1/tracks/\(id)?\(asked)").json
        #expect(one.keys == ["title", "id", "hls", "loudness"])
        for key in one.keys { #expect(one[key] == whole[key]) }
        for path in [
            "/api/v1/tracks?\(asked)", "/api/v1/tracks?album=\(whole["albumId"]?.text ?? "")&\(asked)",
            "/api/v1/tracks?sort=random&\(asked)", "\(playlist)/tracks?\(asked)"
        ] {
            let items = try #require(try await server.get(path).json["items"]?.list)
            #expect(items.contains(one) && items.allSatisfy { $0.keys == one.keys }, "\(path)")
        }
        let play = try #require(try await server.get("/api/v1/history?\(asked)").json["items"]?.list?.first)
        #expect(play["track"] == one && play.keys == ["at", "heard", "source", "stopped", "track"])
        #expect(try await server.get("/api/v1/search?q=a%20&\(asked)").status == 200)
        for member in TrackMember.allCases {
            let document = try await server.get("/api/v1/tracks/\(id)?fields=\(member.rawValue)").json
            #expect(document.keys == [member.rawValue] && document[member.rawValue] == whole[member.rawValue])
        }
        _ = try await server.send(.DELETE, playlist)
    }

    @Test("Renditions and their tags are made only for those who ask for them")
    func slim() throws {
        let title = try TrackFields("title,id,hls")
        #expect(title.members == [.hls, .id, .title] && title.haveLadders && !title.haveRenditions)
        #expect(try !TrackFields("title").haveLadders && TrackFields("renditions").haveRenditions)
        #expect(TrackFields.all.haveLadders && TrackFields.all.haveRenditions)
    }

    @Test("A search shows the fields that are asked for")
    func searchedFields() async throws {
        _ = try await server.upload(Sound.wav(seconds: 0.2, seed: 9), name: "needle.wav")
        let found = try await server.get("/api/v1/search?q=needle&fields=title").json
        #expect(found["tracks"] == .list([.object(["title": .text("needle")])]))
    }

    @Test(
        "Fields that no track has get 400",
        arguments: ["", ",", "id,", ",id", "Id", "id,nothing", "id title", "id%00", String(repeating: "id,", count: 400) + "id"])
    func unknownFields(fields: String) async throws {
        let id = try await track()
        for path in ["tracks", "tracks/\(id)", "history", "search"] {
            try expectProblem(try await server.get("/api/v1/\(path)?q=ab&fields=\(fields)"), 400, nil)
        }
    }
}
