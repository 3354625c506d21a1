import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

extension OpenServer {
    @Suite("Subsonic's media", .serialized) struct SubsonicMediaTests {
        private let songs: SongServer
        private let server: RunningServer

        init() throws {
            songs = try #require(SongServer.current)
            server = songs.server
        }

        private func path(_ name: String, _ parameters: String) -> String {
            "/rest/\(name)?u=local&p=any&v=1.16.1&c=test&f=json&\(parameters)"
        }

        private func rest(_ name: String, _ parameters: String, _ headers: (String, String)...) async throws -> Reply {
            try await server.send(.GET, path(name, parameters), headers)
        }

        private func expectFailure(_ reply: Reply, _ code: Int, _ sourceLocation: SourceLocation = #_sourceLocation) throws {
            #expect(reply.status == 200 && reply["Content-Type"] == "application/json", sourceLocation: sourceLocation)
            let answer = try reply.json["subsonic-response"]
            #expect(answer?["status"]?.text == "failed", sourceLocation: sourceLocation)
            #expect(answer?["error"]?["code"]?.integer == code, "\(reply.text)", sourceLocation: sourceLocation)
        }

        private var renders: Double {
            get async throws {
                try await server.metrics.filter { $0.key.hasPrefix("sweetspot_chunk_render_seconds_count") }.values.reduce(0, +)
            }
        }

        @Test(
            "A stream is the file of the server's own route: its bytes, fields, ranges and conditions",
            arguments: [
                ("format=mp3&maxBitRate=128", "mp3-128"), ("format=opus&maxBitRate=64", "opus-64"), ("format=raw", "original"),
                ("", "original"), ("maxBitRate=0&estimateContentLength=true", "original"), ("maxBitRate=130", "mp3-128")
            ])
        func sameFile(parameters: String, name: String) async throws {
            let (id, length) = (songs.song.id, songs.song.length(name))
            let path = path("stream", "id=\(id)&\(parameters)")
            let own = try await server.get("/stream/\(id)/\(name)")
            let whole = try await server.get(path)
            #expect(whole.status == 200 && own.status == 200 && whole.body == own.body && whole.body.count == length)
            func fields(_ reply: Reply) -> [String] {
                reply.headers.filter { !["date", "x-content-duration"].contains($0.name.lowercased()) }
                    .map { "\($0.name.lowercased()): \($0.value)" }.sorted()
            }
            #expect(fields(whole) == fields(own) && whole["X-Content-Duration"] == "9.0")
            #expect(whole["ETag"] == "\"\(songs.song.entityTag(name))\"")
            for range in ["bytes=0-", "bytes=0-1", "bytes=566-", "bytes=\(length / 2)-\(length / 2 + 5000)", "bytes=-77"] {
                let part = try await server.get(path, ("Range", range))
                let expected = try await server.get("/stream/\(id)/\(name)", ("Range", range))
                #expect(part.status == 206 && part.body == expected.body, "\(range)")
                #expect(part["Content-Range"] == expected["Content-Range"] && part["Content-Range"] != nil)
            }
            let beyond = try await server.get(path, ("Range", "bytes=\(length)-"))
            #expect(beyond.status == 416 && beyond["Content-Range"] == "bytes */\(length)")
            let head = try await server.send(.HEAD, path)
            #expect(head.status == 200 && head["Content-Length"] == "\(length)" && head.body.isEmpty)
            #expect(try await server.get(path, ("If-None-Match", whole["ETag"] ?? "")).status == 304)
            // Jamstash names no callback where it expects bytes.
            let script = try await server.get(path.replacing("f=json", with: "f=jsonp"))
            #expect(script.status == 200 && script.body == whole.body)
            let form = try await server.send(
                .POST, "/rest/stream.view", [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("u=local&p=any&v=1.16.1&c=test&id=\(id)&\(parameters)".utf8))
            #expect(form.status == 200 && form.body == whole.body)
        }

        @Test(
            "The file keeps the limit, never has more bits than a lossy original, and is the original where that fulfils the wish",
            arguments: [
                ("format=mp3&maxBitRate=320", "original"), ("format=mp3", "original"), ("maxBitRate=64", "original"),
                ("format=flv", "original"), ("format=opus", "opus-64"), ("format=ogg&maxBitRate=320", "opus-64"),
                ("format=mp3&maxBitRate=63", "mp3-48"), ("maxBitRate=48", "mp3-48"), ("format=mp3&maxBitRate=32", "opus-32"),
                ("format=opus&maxBitRate=24", "opus-24"), ("format=raw&maxBitRate=32", "original")
            ])
        func choice(parameters: String, name: String) async throws {
            let reply = try await server.send(.HEAD, path("stream", "id=\(songs.low.id)&\(parameters)"))
            let own = try await server.send(.HEAD, "/stream/\(songs.low.id)/\(name)")
            #expect(reply.status == 200 && own.status == 200 && reply["ETag"] == own["ETag"] && reply["ETag"] != nil)
        }

        @Test("What is malformed, unknown or too small to exist costs no render, and is an answer with the right code")
        func malformed() async throws {
            let before = try await renders
            let id = songs.song.id
            for (name, parameters, code) in [
                ("stream", "", 10), ("stream", "id=", 10), ("stream", "id=nothing", 70), ("stream", "id=\(id)&maxBitRate=x", 10),
                ("stream", "id=\(id)&timeOffset=x", 10), ("stream", "id=\(id)&timeOffset=--1", 10),
                ("stream", "id=\(id)&timeOffset=9", 10), ("stream", "id=\(id)&timeOffset=1.2.3", 10),
                ("stream", "id=\(id)&maxBitRate=20", 0), ("stream", "id=\(id)%00", 10), ("download", "id=nothing", 70),
                ("hls.m3u8", "id=nothing", 70), ("hls.m3u8", "id=\(id)&bitRate=@", 10), ("hls", "id=\(id)&bitRate=8", 0),
                ("getCoverArt", "id=nothing", 70), ("getCoverArt", "", 10), ("getCoverArt", "id=\(id)", 70),
                ("getAvatar", "username=local", 70), ("getAvatar", "", 10), ("getCaptions", "id=\(id)", 70),
                ("getLyricsBySongId", "id=nothing", 70)
            ] { try expectFailure(try await rest(name, parameters), code) }
            let xml = try await server.get("/rest/stream?u=local&p=any&v=1.16.1&c=test&id=nothing")
            #expect(xml.status == 200 && xml["Content-Type"] == "text/xml; charset=utf-8" && xml.text.contains("code=\"70\""))
            #expect(try await renders == before)
        }

        /// The bytes of the 16-bit samples of all channels, as ffmpeg decodes a file.
        private func decoded(_ file: [UInt8]) throws -> [UInt8] {
            let folder = try TemporaryFolder()
            let source = try folder.write(file, to: "source")
            let output = try runBlocking(
                "ffmpeg", ["-nostdin", "-v", "error", "-i", source, "-f", "s16le", "-c:a", "pcm_s16le", "-"])
            try #require(output.status == 0 && output.errors == "", "\(output.errors)")
            return output.bytes
        }

        /// How much louder `expected` is than the difference, in dB.
        private func likeness(_ sound: [UInt8], _ expected: [UInt8]) -> Double {
            sound.withUnsafeBytes { sound in
                expected.withUnsafeBytes { expected in
                    var (noise, power) = (0.0, 0.0)
                    for place in stride(from: 0, to: min(sound.count, expected.count) - 1, by: 2) {
                        let wanted = Double(expected.loadUnaligned(fromByteOffset: place, as: Int16.self))
                        let difference = Double(sound.loadUnaligned(fromByteOffset: place, as: Int16.self)) - wanted
                        noise += difference * difference
                        power += wanted * wanted
                    }
                    return 10 * log10(power / max(1, noise))
                }
            }
        }

        @Test(
            "timeOffset begins at that second to the sample: MP3 decodes to the same samples, Opus to nearly the same",
            arguments: [
                ("format=mp3&maxBitRate=128", "mp3-128", 44_100 * 2), ("format=mp3&maxBitRate=96", "mp3-96", 32_000 * 2),
                ("format=mp3&maxBitRate=64", "mp3-64", 24_000 * 2), ("format=mp3&maxBitRate=48", "mp3-48", 24_000),
                ("format=mp3&maxBitRate=320", "mp3-320", 44_100 * 2), ("format=opus&maxBitRate=96", "opus-96", 48_000 * 2),
                // The original cannot begin in its middle, so its best rendition does.
                ("format=raw", "mp3-320", 44_100 * 2)
            ])
        func timeOffset(parameters: String, name: String, samplesPerSecond: Int) async throws {
            let id = songs.song.id
            let whole = try decoded(try await server.get("/stream/\(id)/\(name)").body)
            for offset in ["1", "2", "3", "5", "8", "2.5"] {
                let path = path("stream", "id=\(id)&\(parameters)&timeOffset=\(offset)")
                let reply = try await server.get(path)
                #expect(reply.status == 200 && reply["Content-Length"] == "\(reply.body.count)")
                #expect(reply["X-Content-Duration"] == "\(9 - (Double(offset) ?? 0))")
                #expect(reply["ETag"] != "\"\(songs.song.entityTag(name))\"" && reply["Accept-Ranges"] == "bytes")
                let head = try await server.send(.HEAD, path)
                #expect(head["Content-Length"] == "\(reply.body.count)" && head["ETag"] == reply["ETag"])
                let middle = reply.body.count / 2
                let part = try await server.get(path, ("Range", "bytes=\(middle)-"))
                #expect(part.status == 206 && part.body == Array(reply.body[middle...]))

                let expected = Array(whole[(2 * Int((Double(offset) ?? 0) * Double(samplesPerSecond)))...])
                let sound = try decoded(reply.body)
                #expect(sound.count == expected.count, "from \(offset) s")
                if name.hasPrefix("mp3") {
                    #expect(sound == expected, "from \(offset) s")
                } else {
                    #expect(likeness(sound, expected) > 60, "from \(offset) s")
                }
            }
            let exact = try await server.send(.HEAD, path("stream", "id=\(id)&\(parameters)&timeOffset=2.5"))
            for offset in ["2.50000000000000011", "2.500"] {
                let reply = try await server.send(.HEAD, path("stream", "id=\(id)&\(parameters)&timeOffset=\(offset)"))
                #expect(reply["ETag"] == exact["ETag"], "\(offset)")
            }
            for offset in ["0.", "-1", "undefined"] {
                #expect(
                    try await rest("stream", "id=\(id)&\(parameters)&timeOffset=\(offset)").body
                        == server.get("/stream/\(id)/\(parameters == "format=raw" ? "original" : name)").body, "\(offset)")
            }
        }

        @Test("The last second that a song is shown with has begun, and what is asked for from behind its end is its end")
        func lastSecond() async throws {
            let track = try await server.upload(Sound.wav(seconds: 1.4, seed: 76), name: "short.wav")
            let id = try #require(track["id"]?.text)
            for offset in ["1.4", "1.5", "1.99"] {
                let reply = try await rest("stream", "id=\(id)&format=mp3&timeOffset=\(offset)")
                #expect(reply.status == 200 && reply["Content-Type"] == "audio/mpeg", "\(offset)")
                let seconds = try #require(Double(reply["X-Content-Duration"] ?? ""))
                #expect(seconds > 0 && seconds <= 0.11, "\(offset): \(seconds)")
            }
            try expectFailure(try await rest("stream", "id=\(id)&format=mp3&timeOffset=2"), 10)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
        }

        @Test(
            "An MP3 original begins at that second too, with its own frames: it decodes to the same samples",
            arguments: [
                ["-b:a", "64k"], ["-b:a", "128k"], ["-q:a", "5"], ["-b:a", "320k"], ["-b:a", "32k", "-ac", "1"],
                ["-b:a", "64k", "-ar", "22050"], ["-b:a", "128k", "-write_xing", "0"], ["-b:a", "48k", "-ar", "32000"]
            ])
        func originalOffset(arguments: [String]) async throws {
            let seed = UInt64(arguments.joined().utf8.reduce(0) { $0 &* 31 &+ UInt64($1) } % 1000 + 7)
            let file = try Sound.encoded(
                Sound.wav(seconds: 7, seed: seed), ["-c:a", "libmp3lame"] + arguments, extension: "mp3")
            let document = try await server.upload(file, name: "cut.mp3")
            let id = try #require(document["id"]?.text)
            let channels = try #require(document["channels"]?.integer)
            let rate = try #require(document["sampleRate"]?.integer)
            let whole = try decoded(file)
            let samples = try #require(document["samples"]?.integer)
            try #require(whole.count == 2 * samples * channels)
            let hash = try #require(document["sha256"]?.text)
            let before = try await renders
            for offset in ["1", "2", "4", "6", "0.02", "3.3"] {
                let path = path("stream", "id=\(id)&format=raw&timeOffset=\(offset)")
                let reply = try await server.get(path)
                #expect(reply.status == 200 && reply["Content-Type"] == "audio/mpeg")
                #expect(reply["ETag"]?.hasPrefix("\"\(hash)-from-") == true, "from \(offset) s: \(reply["ETag"] ?? "")")
                #expect(reply["Content-Length"] == "\(reply.body.count)")
                let start = 2 * Int(((Double(offset) ?? 0) * Double(rate)).rounded()) * channels
                let sound = try decoded(reply.body)
                #expect(sound == Array(whole[start...]), "from \(offset) s: \(sound.count) of \(whole.count - start)")
                for place in [1, 1030, 1500, reply.body.count / 2] {
                    let part = try await server.get(path, ("Range", "bytes=\(place)-\(place + 2999)"))
                    #expect(part.status == 206 && part.body == Array(reply.body[place..<min(place + 3000, reply.body.count)]))
                }
            }
            #expect(try await renders == before)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
        }

        @Test("A stream from its middle is repeated from memory, and costs no chunk that the whole does not have")
        func hot() async throws {
            let id = songs.song.id
            _ = try await rest("stream", "id=\(id)&format=mp3&maxBitRate=192")
            // A render is counted a moment after its last byte is there.
            var (before, same) = (-1.0, 0)
            _ = try await eventually {
                let now = try await renders
                same = now == before ? same + 1 : 0
                before = now
                return same == 10
            }
            let path = path("stream", "id=\(id)&format=mp3&maxBitRate=192&timeOffset=4")
            let whole = try await server.get(path)
            #expect(try await renders == before)
            let middle = whole.body.count / 2
            let hot = try await server.metrics["sweetspot_hot_answers_total"] ?? 0
            for _ in 0..<20 {
                let part = try await server.get(path, ("Range", "bytes=\(middle)-\(middle + 999)"))
                #expect(part.status == 206 && part.body == Array(whole.body[middle..<middle + 1000]))
            }
            #expect(try await server.metrics["sweetspot_hot_answers_total"] ?? 0 > hot)
        }

        @Test("A download is the original, and neither it nor a stream is a play")
        func download() async throws {
            let id = songs.song.id
            let reply = try await rest("download", "id=\(id)")
            #expect(reply.status == 200 && reply.body == songs.song.file)
            #expect(
                reply["Content-Disposition"]?.wholeMatch(of: /attachment; filename="[^"]+\.flac"; filename\*=UTF-8''.+\.flac/)
                    != nil)
            _ = try await rest("stream", "id=\(id)")
            #expect(try await server.get("/api/v1/history").json["items"]?.list == [])
        }

        @Test(
            "A playlist has a variant for each bit rate, none above it, and its links open by themselves",
            arguments: [
                ("", ["aac-64", "aac-96", "aac-128", "aac-160", "aac-256"]), ("bitRate=128", ["aac-128"]),
                ("bitRate=100&bitRate=256@480x360", ["aac-96", "aac-256"]), ("bitRate=63", ["opus-48"])
            ])
        func playlist(parameters: String, rungs: [String]) async throws {
            let reply = try await rest("hls.m3u8", "id=\(songs.song.id)&\(parameters)")
            #expect(reply.status == 200 && reply["Content-Type"] == "application/vnd.apple.mpegurl")
            let links = reply.text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map(String.init)
            #expect(Set(links.compactMap { $0.split(separator: "/").dropLast().last.map(String.init) }) == Set(rungs))
            #expect(links.count == rungs.count && links.allSatisfy { $0.contains("ticket=") && $0.hasPrefix("../hls/") })
            let media = try await server.get(String(links[0].dropFirst(2)))
            #expect(media.status == 200 && media.text.hasPrefix("#EXTM3U"))
            let segment = try #require(media.text.split(separator: "\n").first { $0.contains(".m4s") })
            let folder = links[0].dropFirst(2).prefix { $0 != "?" }.split(separator: "/").dropLast().joined(separator: "/")
            #expect(try await server.get("/\(folder)/\(segment)").status == 200)
        }

        @Test("Lyrics come by title and artist, and by id with their times and those of their words")
        func lyrics() async throws {
            let text = "[00:01.00]first <00:01.50>word\n[00:02.00]second\n[00:03.00]<00:03.00>a <00:03.50>b <00:04.00>"
            let tags = ["-metadata", "title=Sung", "-metadata", "artist=Ada feat. Bo", "-metadata", "lyrics=\(text)"]
            let file = try Sound.encoded(Sound.wav(seconds: 0.4, seed: 77), tags, extension: "flac")
            let id = try #require(try await server.upload(file, name: "sung.flac")["id"]?.text)
            func answer(_ name: String, _ parameters: String) async throws -> JSON? {
                try await rest(name, parameters).json["subsonic-response"]
            }
            // By all of its artists, or by one of them.
            for artist in ["ada%20feat.%20bo", "ada", "BO", ""] {
                let old = try await answer("getLyrics", "artist=\(artist)&title=SUNG")?["lyrics"]
                #expect(old?["value"] == .text("first word\nsecond\na b"), "\(artist)")
                #expect(old?["artist"]?.text?.hasPrefix("Ada") == true, "\(artist)")
            }
            let plainFile = try Sound.encoded(
                Sound.wav(seconds: 0.4, seed: 79), ["-metadata", "title=Alone", "-metadata", "lyrics=la"], extension: "flac")
            let alone = try #require(try await server.upload(plainFile, name: "alone.flac")["id"]?.text)
            let unknown = try await answer("getLyrics", "artist=%5BUnknown%20Artist%5D&title=Alone")?["lyrics"]
            #expect(unknown?["value"] == .text("la") && unknown?["artist"] == .text("[Unknown Artist]"))
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(alone)").status == 204)
            for parameters in ["artist=Eve&title=Sung", "title=Nothing", ""] {
                #expect(try await answer("getLyrics", parameters)?["lyrics"] == .object(["value": .text("")]))
            }
            let plain = try await answer("getLyricsBySongId", "id=\(id)")?["lyricsList"]?["structuredLyrics"]?.list
            #expect(plain?.count == 1 && plain?[0]["synced"] == .bool(true) && plain?[0]["lang"] == .text("und"))
            #expect(plain?[0]["line"]?.list?.map { $0["start"]?.integer } == [1000, 2000, 3000])
            #expect(plain?[0]["kind"] == nil && plain?[0]["cueLine"] == nil)
            let rich = try await answer("getLyricsBySongId", "id=\(id)&enhanced=true")?["lyricsList"]?["structuredLyrics"]?.list
            #expect(rich?[0]["kind"] == .text("main"))
            #expect(
                rich?[0]["cueLine"]
                    == .list([
                        .object([
                            "index": .number(0), "start": .number(1500), "value": .text("first word"),
                            "cue": .list([
                                .object([
                                    "start": .number(1500), "byteStart": .number(6), "byteEnd": .number(9), "value": .text("word")
                                ])
                            ])
                        ]),
                        // Its end is told, so all words have one.
                        .object([
                            "index": .number(2), "start": .number(3000), "end": .number(4000), "value": .text("a b"),
                            "cue": .list([
                                .object([
                                    "start": .number(3000), "end": .number(3500), "byteStart": .number(0),
                                    "byteEnd": .number(0), "value": .text("a")
                                ]),
                                .object([
                                    "start": .number(3500), "end": .number(4000), "byteStart": .number(2),
                                    "byteEnd": .number(2), "value": .text("b")
                                ])
                            ])
                        ])
                    ]))
            let none = try await answer("getLyricsBySongId", "id=\(songs.song.id)")?["lyricsList"]
            #expect(none == .object(["structuredLyrics": .list([])]))
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
        }

        @Test("A cover comes by the id of a track, an album, an artist or a playlist, at the wanted size")
        func covers() async throws {
            let track = try await server.upload(try SubsonicServer.pictured(seed: 78), name: "seen.flac")
            let ids = try ["id", "albumId", "artistId"].map { try #require(track[$0]?.text) }
            let list = try await server.send(
                .POST, "/api/v1/playlists", body: Array(#"{"name": "p", "tracks": ["\#(ids[0])"]}"#.utf8))
            let playlist = try #require(try list.json["id"]?.text)
            let own = try await server.get("/art/\(ids[0])")
            try #require(own.status == 200)
            let small = try await server.get("/art/\(ids[0])?size=64")
            for id in ids + [playlist, "pl-\(playlist)", "al-\(ids[1])", "ar-\(ids[2])", "tr-\(ids[0])"] {
                let reply = try await rest("getCoverArt", "id=\(id)")
                #expect(reply.status == 200 && reply.body == own.body && reply["ETag"] == own["ETag"], "\(id)")
                #expect(reply["Content-Type"] == "image/jpeg")
                #expect(try await rest("getCoverArt", "id=\(id)&size=64").body == small.body)
                #expect(try await rest("getCoverArt", "id=\(id)&size=0").body == own.body)
            }
            try expectFailure(try await rest("getCoverArt", "id=pl-\(ids[0])"), 70)
            try expectFailure(try await rest("getCoverArt", "id=\(ids[0])&size=x"), 10)
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(ids[0])").status == 204)
        }
    }
}
