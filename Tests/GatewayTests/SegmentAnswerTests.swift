import Audio
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

extension OpenServer {
    @Suite("HLS and DASH")
    struct SegmentAnswerTests {
        let server: RunningServer
        let songs: SongServer
        let song: SongServer.Song

        init() throws {
            songs = try #require(SongServer.current)
            server = songs.server
            song = songs.song
        }

        /// The addresses in a playlist.
        private func uris(_ playlist: Reply) -> [String] {
            playlist.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
        }

        @Test(
            "Every address in a master leads to a playlist, and every one in that to a part", arguments: ["aac", "opus", "flac"])
        func ladder(_ ladder: String) async throws {
            let master = try await server.get(try #require(song.document["hls"]?[ladder]?.text))
            #expect(master.status == 200 && master["Content-Type"] == "application/vnd.apple.mpegurl")
            #expect(master["Access-Control-Allow-Origin"] == "*" && master["Cache-Control"] == "private, no-cache")
            #expect(!uris(master).isEmpty)
            for uri in uris(master) {
                let name = String(uri.prefix { $0 != "/" })
                let playlist = try await server.get("/hls/\(song.id)/\(uri)")
                #expect(playlist.status == 200 && playlist["ETag"] == "\"\(song.entityTag(name))\"")
                #expect(playlist["Cache-Control"] == "private, max-age=31536000, immutable")
                #expect(playlist.text.hasSuffix("#EXT-X-ENDLIST\n") && uris(playlist).count == 2)
            }
            let manifest = try await server.get(try #require(song.document["dash"]?[ladder]?.text))
            #expect(manifest.status == 200 && manifest["Content-Type"] == "application/dash+xml")
            #expect(manifest.text.contains("../../hls/\(song.id)/\(ladder)"))
        }

        @Test("A segment has its length, its tag and its ranges", arguments: ["aac-64", "opus-64", "flac"])
        func segment(_ name: String) async throws {
            let path = "/hls/\(song.id)/\(name)/1.m4s"
            let head = try await server.send(.HEAD, path)
            let whole = try await server.get(path)
            #expect(head.status == 200 && head.body.isEmpty && head["Content-Length"] == "\(whole.body.count)")
            #expect(whole.status == 200 && whole["Content-Type"] == "audio/mp4" && whole["Accept-Ranges"] == "bytes")
            let tag = "\"\(song.entityTag(name))-1\""
            #expect(whole["ETag"] == tag && head["ETag"] == tag)
            #expect(try await server.get(path).body == whole.body)
            for range in [0..<1, 7..<900, (whole.body.count - 5)..<whole.body.count] {
                let part = try await server.get(path, ("Range", "bytes=\(range.lowerBound)-\(range.upperBound - 1)"))
                #expect(part.status == 206 && part.body == Array(whole.body[range]))
                #expect(part["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(whole.body.count)")
            }
            #expect(try await server.get(path, ("If-None-Match", tag)).status == 304)
            let beyond = try await server.get(path, ("Range", "bytes=\(whole.body.count)-"))
            try expectProblem(beyond, 416, "bad-range")
            let stale = try await server.get("\(path)?v=00000000&ticket=x")
            #expect(stale.status == 307 && stale["Location"] == "\(path)?v=\(song.entityTag(name).prefix(8))&ticket=x")
            let first = try await server.get("/hls/\(song.id)/\(name)/init.mp4")
            #expect(first.status == 200 && Array(first.body[4..<8]) == Array("ftyp".utf8))
        }

        @Test(
            "An unknown part gets 404, and a rendition that is not offered says so",
            arguments: [
                ("aac-64/2.m4s", "not-found"), ("aac-64/01.m4s", "not-found"), ("aac-64/-1.m4s", "not-found"),
                ("aac-64/+1.m4s", "not-found"), ("aac-64/99999999999999999999.m4s", "not-found"), ("aac-64/.m4s", "not-found"),
                ("aac-64/x", "not-found"), ("aac-65/0.m4s", "not-found"), ("mp3.m3u8", "not-found"), ("aac.mpd", "not-found"),
                ("x.m3u8", "not-found"), ("aac", "not-found"), ("mp3-128/0.m4s", "rendition-not-offered"),
                ("opus-24/index.m3u8", "rendition-not-offered"), ("aac-32/index.m3u8", "rendition-not-offered")
            ])
        func absent(_ path: String, _ slug: String) async throws {
            let reply = try await server.get("/hls/\(song.id)/\(path)")
            try expectProblem(reply, 404, slug, track: slug == "not-found" ? nil : song.id)
        }

        @Test("Lossy sources have no FLAC")
        func lossy() async throws {
            #expect(songs.low.document["hls"]?["flac"] == nil)
            for path in ["hls/\(songs.low.id)/flac.m3u8", "hls/\(songs.low.id)/flac/0.m4s", "dash/\(songs.low.id)/flac.mpd"] {
                try expectProblem(try await server.get("/\(path)"), 404, "rendition-not-offered", track: songs.low.id)
            }
        }

        @Test("A limit takes rungs from a master, and what the network carries moves one to the front")
        func hints() async throws {
            func rungs(_ query: String, _ headers: (String, String)...) async throws -> [String] {
                let reply = try await server.send(.GET, "/hls/\(song.id)/aac.m3u8\(query)", headers)
                #expect(reply["Vary"]?.contains("Save-Data") == true && reply["Vary"]?.contains("CMCD-Request") == true)
                return uris(reply).map { String($0.prefix { $0 != "/" }) }
            }
            #expect(try await rungs("") == ["aac-96", "aac-64", "aac-128", "aac-160", "aac-256"])
            #expect(try await rungs("?max=100") == ["aac-96", "aac-64"])
            #expect(try await rungs("?max=1") == ["aac-64"])
            #expect(try await rungs("", ("Save-Data", "on")) == ["aac-64"])
            #expect(try await rungs("", ("CMCD-Request", "mtp=400")).first == "aac-256")
            #expect(try await rungs("?CMCD=mtp%3D100%2Csu").first == "aac-64")
            #expect(try await rungs("?CMCD=mtp%3D100%2Csu").count == 5)
        }

        @Test("The address auto leads to a rung and stays with it, and its reasons can be read and are counted")
        func automatic() async throws {
            func target(_ query: String, _ headers: (String, String)...) async throws -> String {
                let reply = try await server.send(.GET, "/stream/\(songs.low.id)\(query)", headers)
                #expect(reply.status == 307 && reply["Cache-Control"] == "no-store")
                #expect(reply["Vary"]?.contains("CMCD-Request") == true)
                return try #require(reply["Location"])
            }
            let tag = songs.low.entityTag("mp3-48")
            #expect(
                try await target("/auto?max=50&ticket=a%20b&next=x")
                    == "/stream/\(songs.low.id)/mp3-48.mp3?v=\(tag.prefix(8))&ticket=a%20b&next=x")
            #expect(try await target("?ladder=opus", ("CMCD-Request", "mtp=60")).contains("/opus-48.opus?"))
            // The network may have changed; the listener is in the middle of a song.
            #expect(try await target("?ladder=opus", ("CMCD-Request", "mtp=900")).contains("/opus-48.opus?"))
            #expect(try await target("/auto?ladder=opus&max=32").contains("/opus-32.opus?"))
            #expect(try await target("?ladder=aac&max=100").contains("/aac-64.m4a?"))
            #expect(try await target("?max=65", ("Accept", "audio/mp4, audio/aac;q=0.9")).contains("/aac-64.m4a?"))
            #expect(try await target("?max=33", ("Accept", "audio/mp4, audio/mpeg")).contains(".mp3?"))
            #expect(try await target("", ("Accept", "audio/webm,audio/ogg,*/*;q=0.5")).contains(".opus?"))
            let location = try await target("/auto?max=50")
            #expect(try await server.get(location, ("Range", "bytes=0-99")).status == 206)

            let before = try await server.metrics[#"sweetspot_decision_reasons_total{reason="save-data"}"#] ?? 0
            let reply = try await server.get("/stream/\(song.id)/auto?explain&max=320", ("Save-Data", "on"))
            let explained = try reply.json
            #expect(reply.status == 200 && explained["rendition"] == .text("mp3-64") && explained["ladder"] == .text("mp3"))
            #expect(explained["reasons"]?.list?.first == .object(["cause": .text("save-data"), "limit": .number(64)]))
            #expect(explained["url"]?.text?.hasPrefix("/stream/\(song.id)/mp3-64.mp3?v=") == true)
            #expect(try await server.metrics[#"sweetspot_decision_reasons_total{reason="save-data"}"#] == before + 1)
            for ladder in ["flac", "x"] {
                try expectProblem(try await server.get("/stream/\(song.id)/auto?ladder=\(ladder)"), 400, nil)
            }
            try expectProblem(try await server.get("/stream/nobody"), 404, "not-found")
        }
    }
}

@Suite(
    "Tickets in playlists", .tags(.codec, .http), .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"),
    .timeLimit(.minutes(10)))
struct PlaylistTicketTests {
    private static let bearer = ("Authorization", "Bearer s3cret")

    @Test("A ticket is repeated on every address, opens what it is for, and prunes the rest")
    func tickets() async throws {
        try await RunningServer.run(access: .token("s3cret")) { server in
            let track = try await server.upload(Sound.wav(seconds: 7), name: "a.wav", [Self.bearer])
            let id = try #require(track["id"]?.text)
            func ticket(_ rendition: String) async throws -> String {
                let body = Array(#"{"rendition":"\#(rendition)"}"#.utf8)
                let reply = try await server.send(.POST, "/api/v1/tracks/\(id)/ticket", [Self.bearer], body: body)
                return try #require(try reply.json["ticket"]?.text)
            }
            let all = try await ticket("*")
            for path in ["/hls/\(id)/opus.m3u8", "/hls/\(id)/opus-64/index.m3u8"] {
                try expectProblem(try await server.get(path), 401, "unauthorised")
                let reply = try await server.get("\(path)?ticket=\(all)")
                let uris = reply.text.split(separator: "\n").filter { !$0.hasPrefix("#EXT") || $0.contains("URI=") }
                #expect(reply.status == 200 && uris.count >= 2 && uris.allSatisfy { $0.contains("ticket=\(all)") })
                #expect(uris.allSatisfy { $0.contains("v=") })
            }
            let manifest = try await server.get("/dash/\(id)/opus.mpd?ticket=\(all)")
            #expect(manifest.text.contains("$Number$.m4s?v=") && manifest.text.contains("&amp;ticket=\(all)\""))
            #expect(try await server.get("/hls/\(id)/opus-64/0.m4s?ticket=\(all)").status == 200)

            let one = try await ticket("opus-64")
            let master = try await server.get("/hls/\(id)/opus.m3u8?ticket=\(one)")
            #expect(master.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.count == 1)
            #expect(try await server.get("/hls/\(id)/opus-64/0.m4s?ticket=\(one)").status == 200)
            try expectProblem(try await server.get("/hls/\(id)/opus-96/0.m4s?ticket=\(one)"), 401, "unauthorised")
            try expectProblem(try await server.get("/hls/\(id)/aac.m3u8?ticket=\(one)"), 401, "unauthorised")
            #expect(
                try await server.get("/stream/\(id)/auto?ladder=opus&ticket=\(one)")["Location"]?.contains("/opus-64.opus?")
                    == true)
            // A player that says what it accepts gets what it may have.
            for accept in ["audio/mp4", "audio/mpeg", "*/*"] {
                let reply = try await server.get("/stream/\(id)/auto?ticket=\(one)", ("Accept", accept))
                #expect(reply.status == 307 && reply["Location"]?.contains("/opus-64.opus?") == true)
            }
        }
    }

    @Test(
        "A player is given the first ladder that it accepts, by whole types and not by those that it refuses",
        arguments: [
            (nil, [.mp3, .aac, .opus]), ("*/*", [.mp3, .aac, .opus]), ("audio/ogg, audio/mp4", [.opus, .aac, .mp3]),
            ("audio/mp4; codecs=\"mp4a.40.2\"; q=0.9, audio/mpegurl", [.aac, .mp3, .opus]),
            ("audio/mp4;q=0, audio/*", [.mp3, .aac, .opus]), ("Audio/OGG;q=0", [.mp3, .aac, .opus]),
            ("audio/aac, audio/mpeg;q=0.1", [.mp3, .aac, .opus])
        ] as [(String?, [Ladder])])
    func accepted(field: String?, ladders: [Ladder]) {
        #expect(MediaRoutes.accepted(by: field) == ladders)
    }

    @Test("The object that a player announces is rendered before it is asked for, once")
    func anticipation() async throws {
        try await RunningServer.run { server in
            let track = try await server.upload(Sound.wav(seconds: 31), name: "a.wav")
            let next = try await server.upload(Sound.wav(seconds: 9, seed: 5), name: "b.wav")
            let (id, other) = (try #require(track["id"]?.text), try #require(next["id"]?.text))
            func renders() async throws -> Double {
                try await server.metrics[#"sweetspot_chunk_render_seconds_count{codec="opus"}"#] ?? 0
            }
            // The first segment and the one behind it, of two chunks each.
            #expect(try await server.get("/hls/\(id)/opus-64/0.m4s").status == 200)
            try #require(try await eventually { try await renders() == 4 }, "it does not come about")
            // Elsewhere, and what the player names beside it.
            #expect(try await server.get("/hls/\(id)/opus-64/3.m4s", ("CMCD-Request", "nor=\"4.m4s\"")).status == 200)
            try #require(try await eventually { try await renders() == 8 }, "it does not come about")
            let hits = try await server.metrics[#"sweetspot_chunk_requests_total{result="hit"}"#] ?? 0
            #expect(try await server.get("/hls/\(id)/opus-64/1.m4s").status == 200)
            #expect(try await server.metrics[#"sweetspot_chunk_requests_total{result="hit"}"#] ?? 0 >= hits + 2)
            // The next song, and the progressive file of chunks that are there already.
            #expect(
                try await server.get("/stream/\(id)/opus-64?download=1&next=\(other)", ("Range", "bytes=1100-1200")).status == 206
            )
            try #require(try await eventually { try await renders() >= 10 }, "it does not come about")
            #expect(try await server.get("/hls/\(other)/opus-64/0.m4s").status == 200)
            let before = try await renders()
            for number in 0..<2 { #expect(try await server.get("/hls/\(id)/opus-64/\(number).m4s").status == 200) }
            #expect(try await server.get("/stream/\(other)/opus-64?next=nobody", ("Range", "bytes=1100-1200")).status == 206)
            // Nothing but what is read ahead: the second segment of one song, and the third of the other.
            #expect(try await renders() <= before + 4)
        }
    }
}
