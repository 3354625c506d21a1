import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

extension OpenServer {
    @Suite("Parts for Media Source Extensions")
    struct GaplessAnswerTests {
        let server: RunningServer
        let songs: SongServer
        let song: SongServer.Song

        init() throws {
            songs = try #require(SongServer.current)
            server = songs.server
            song = songs.song
        }

        @Test("The description states the frames of a rendition", arguments: ["opus-64", "aac-64", "flac"])
        func description(_ name: String) async throws {
            let reply = try await server.get("/hls/\(song.id)/\(name)/gapless.json")
            let tag = song.entityTag(name)
            #expect(reply.status == 200 && reply["Content-Type"] == "application/json" && reply["ETag"] == "\"\(tag)-gapless\"")
            #expect(reply["Access-Control-Allow-Origin"] == "*")
            let document = try reply.json
            let keys: Set = [
                "type", "rate", "samples", "priming", "samplesPerFrame", "frames", "framesPerSegment", "segments", "bitrate",
                "version"
            ]
            #expect(document.keys == keys && document["version"]?.text == String(tag.prefix(8)))
            // Nine seconds at 44.1 kHz.
            let (codec, rate, priming, frame, perSegment) =
                switch name {
                case "opus-64": ("opus", 48_000, 312, 960, 300)
                case "aac-64": ("mp4a.40.2", 44_100, 1024, 1024, 252)
                default: ("fLaC", 44_100, 0, 4608, 56)
                }
            let samples = 9 * rate
            let frames = (samples + priming + frame - 1) / frame
            #expect(document["type"]?.text == "audio/mp4; codecs=\"\(codec)\"")
            #expect(document["rate"]?.integer == rate && document["samples"]?.integer == samples)
            #expect(document["priming"]?.integer == priming && document["samplesPerFrame"]?.integer == frame)
            #expect(document["frames"]?.integer == frames && document["framesPerSegment"]?.integer == perSegment)
            #expect(document["segments"]?.integer == (frames + perSegment - 1) / perSegment)
            let bitrate = try #require(document["bitrate"]?.integer)
            #expect(name == "flac" ? (100...1500).contains(bitrate) : bitrate == 64)
            let part = "/hls/\(song.id)/\(name)/gapless.json"
            #expect(try await server.get(part, ("If-None-Match", "\"\(tag)-gapless\"")).status == 304)
            let stale = try await server.get("\(part)?v=00000000")
            #expect(stale.status == 307 && stale["Location"] == "\(part)?v=\(tag.prefix(8))")
        }

        @Test("Each part has its own tag, its length and its ranges", arguments: ["opus-64", "aac-64", "flac"])
        func parts(_ name: String) async throws {
            let base = "/hls/\(song.id)/\(name)"
            let tag = song.entityTag(name)
            var paths = [("init.mp4?gapless", "\"\(tag)-init-gapless0\""), ("1.m4s?gapless", "\"\(tag)-1-gapless\"")]
            if name.hasPrefix("opus") { paths.append(("init.mp4?gapless&gain=-6.2", "\"\(tag)-init-gapless-1587\"")) }
            for (path, tag) in paths {
                let head = try await server.send(.HEAD, "\(base)/\(path)")
                let whole = try await server.get("\(base)/\(path)")
                #expect(
                    whole.status == 200 && whole["Content-Type"] == "audio/mp4" && whole["ETag"] == tag && head["ETag"] == tag)
                #expect(head.body.isEmpty && head["Content-Length"] == "\(whole.body.count)")
                let part = try await server.get("\(base)/\(path)", ("Range", "bytes=7-90"))
                #expect(part.status == 206 && part.body == Array(whole.body[7...90]))
                #expect(try await server.get("\(base)/\(path)", ("If-None-Match", tag)).status == 304)
                let usual = try await server.get("\(base)/\(path.prefix { $0 != "?" })")
                #expect(usual["ETag"] != tag)
                // FLAC's last segment is the same either way.
                #expect((usual.body == whole.body) == (name == "flac" && path.hasPrefix("1.m4s")))
            }
            let stale = try await server.get("\(base)/1.m4s?gapless&v=00000000")
            #expect(stale.status == 307 && stale["Location"] == "\(base)/1.m4s?v=\(tag.prefix(8))&gapless")
            let versioned = try await server.get("\(base)/init.mp4?v=\(tag.prefix(8))&gapless")
            #expect(versioned["Cache-Control"] == "private, max-age=31536000, immutable")
            // All but the last segment are the usual ones.
            #expect(try await server.get("\(base)/0.m4s?gapless").body == server.get("\(base)/0.m4s").body)
            for path in ["2.m4s?gapless", "01.m4s?gapless", "gapless.json/", "gapless", "init.mp4/gapless"] {
                try expectProblem(try await server.get("\(base)/\(path)"), 404, "not-found")
            }
        }

        @Test(
            "A decoder gets the same samples as from the usual parts if neither trims", arguments: ["opus-64", "aac-64", "flac"])
        func samples(_ name: String) async throws {
            func decoded(_ query: String, _ options: [String]) async throws -> [UInt8] {
                var bytes: [UInt8] = []
                for part in ["init.mp4", "0.m4s", "1.m4s"] {
                    bytes += try await server.get("/hls/\(song.id)/\(name)/\(part)\(query)").body
                }
                let folder = try TemporaryFolder()
                let file = try folder.write(bytes, to: "joined.mp4")
                return try await make("ffmpeg", ["-v", "error"] + options + ["-i", file, "-f", "s16le", "-"]).bytes
            }
            let all = try await decoded("?gapless", [])
            let usual = try await decoded("", ["-flags2", "+skip_manual", "-ignore_editlist", "1"])
            let grid = try await server.get("/hls/\(song.id)/\(name)/gapless.json").json
            let (frames, perFrame) = (try #require(grid["frames"]?.integer), try #require(grid["samplesPerFrame"]?.integer))
            let samples = try #require(grid["samples"]?.integer)
            #expect(all.count == 4 * (name == "flac" ? samples : frames * perFrame))
            #expect(usual == all)
            // A gain is the decoder's.
            guard name.hasPrefix("opus") else { return }
            let quiet = try await decoded("?gapless&gain=-20", [])
            func energy(_ bytes: [UInt8]) -> Double {
                bytes.withUnsafeBytes { $0.bindMemory(to: Int16.self).reduce(0) { $0 + Double($1) * Double($1) } }
            }
            let ratio = 10 * log10(energy(all) / energy(quiet))
            #expect(abs(ratio - 20) < 0.1, "\(ratio) dB")
        }

        @Test("A gain is dB between -60 and 12, and Opus's alone")
        func gain() async throws {
            let base = "/hls/\(song.id)"
            for gain in ["-60", "12", "0", "-6.25"] {
                #expect(try await server.get("\(base)/opus-64/init.mp4?gapless&gain=\(gain)").status == 200)
            }
            for gain in ["", "x", "12.1", "-61", "%2B5", "1e1", "5%CC%81", "nan", "-", "1.00000"] {
                try expectProblem(try await server.get("\(base)/opus-64/init.mp4?gapless&gain=\(gain)"), 400, nil)
            }
            try expectProblem(try await server.get("\(base)/aac-64/init.mp4?gapless&gain=-6"), 400, nil)
            // Without gapless it is no parameter.
            let plain = try await server.get("\(base)/opus-64/init.mp4?gain=x")
            #expect(plain.status == 200)
            #expect(try await plain.body == server.get("\(base)/opus-64/init.mp4").body)
        }

        @Test("A rendition that is not offered has no description", arguments: ["opus-24", "mp3-128", "aac-65"])
        func absent(_ name: String) async throws {
            let reply = try await server.get("/hls/\(song.id)/\(name)/gapless.json")
            #expect(reply.status == 404)
        }
    }
}

@Suite(
    "Tickets and limits of parts for Media Source Extensions", .tags(.codec, .http), .serialized,
    .server(access: .accounts) { $0.plans.given = ["one": Plan(quota: nil, best: nil, isLossless: true, streams: 1)] },
    .timeLimit(.minutes(10)))
struct GaplessLimitTests {
    @Test("A ticket opens them as it opens the usual parts, and segments count as streams")
    func limits() async throws {
        let server = try #require(RunningServer.current)
        let catalogue = server.application.catalogue
        let account = try await catalogue.addAccount(named: uniqueName("page"), password: .ofNobody, plan: "one")
        let secret = try await catalogue.addKey(account: account, label: "", scopes: .all).secret.text
        let key = ("Authorization", "Bearer \(secret)")
        var ids: [String] = []
        for seed in 0..<2 {
            let sound = Sound.wav(seconds: 0.3, seed: 300 + UInt64(seed))
            ids.append(try #require(try await server.upload(sound, name: "a.wav", [key])["id"]?.text))
        }
        let body = Array(#"{"rendition":"opus-64"}"#.utf8)
        let made = try await server.send(.POST, "/api/v1/tracks/\(ids[0])/ticket", [key], body: body)
        let ticket = try #require(try made.json["ticket"]?.text)
        for part in ["gapless.json?", "init.mp4?gapless&gain=-3&", "0.m4s?gapless&"] {
            let path = "/hls/\(ids[0])/opus-64/\(part)"
            #expect(try await server.get("\(path)ticket=\(ticket)").status == 200, "\(part)")
            try expectProblem(try await server.get("\(path)ticket=x"), 401, "unauthorised")
            try expectProblem(try await server.get(path), 401, "unauthorised")
            let other = path.replacing("opus-64", with: "opus-96")
            try expectProblem(try await server.get("\(other)ticket=\(ticket)"), 401, "unauthorised")
            try expectProblem(try await server.get("\(path.replacing(ids[0], with: ids[1]))ticket=\(ticket)"), 404, "not-found")
        }
        // One song is streamed; what is no sound is not counted.
        let second = "/hls/\(ids[1])/opus-64"
        try expectProblem(try await server.get("\(second)/0.m4s?gapless", key), 429, "too-many-streams", track: ids[1])
        #expect(try await server.get("\(second)/gapless.json", key).status == 200)
        #expect(try await server.get("\(second)/init.mp4?gapless", key).status == 200)
    }

    @Test("The segment that a page announces is rendered before it is asked for")
    func anticipation() async throws {
        try await RunningServer.run { server in
            let id = try #require(try await server.upload(Sound.wav(seconds: 31), name: "a.wav")["id"]?.text)
            func renders() async throws -> Double {
                try await server.metrics[#"sweetspot_chunk_render_seconds_count{codec="opus"}"#] ?? 0
            }
            let fields = ("CMCD-Request", "nor=\"4.m4s%3Fgapless\"")
            #expect(try await server.get("/hls/\(id)/opus-64/2.m4s?gapless", fields).status == 200)
            // Its own two chunks and the two of the announced one.
            try #require(try await eventually { try await renders() == 4 }, "it does not come about")
            let hits = try await server.metrics[#"sweetspot_chunk_requests_total{result="hit"}"#] ?? 0
            #expect(try await server.get("/hls/\(id)/opus-64/4.m4s?gapless").status == 200)
            #expect(try await server.metrics[#"sweetspot_chunk_requests_total{result="hit"}"#] ?? 0 >= hits + 2)
        }
    }
}
