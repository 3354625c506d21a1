import Audio
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

extension OpenServer {
    @Suite("Subsonic's decisions about transcoding") struct SubsonicTranscodingTests {
        private let songs: SongServer
        private let server: RunningServer

        init() throws {
            songs = try #require(SongServer.current)
            server = songs.server
        }

        private static let mp3 = #"{"container": "mp3", "audioCodec": "mp3", "protocol": "http"}"#
        private static let opus = #"{"container": "ogg", "audioCodec": "opus", "protocol": "http"}"#
        private static let hls = #"{"container": "mp4", "audioCodec": "aac", "protocol": "hls"}"#

        private static func direct(_ containers: String, _ codecs: String, _ more: String = "") -> String {
            #""directPlayProfiles": [{"containers": [\#(containers)], "audioCodecs": [\#(codecs)], "protocols": ["http"]\#(more)}]"#
        }

        private func decide(_ id: String, _ members: String) async throws -> JSON {
            let reply = try await server.send(
                .POST, "/rest/getTranscodeDecision?u=local&p=any&v=1.16.1&c=test&f=json&mediaId=\(id)&mediaType=song",
                [("Content-Type", "application/json")], body: Array(#"{"name": "test", "platform": "test", \#(members)}"#.utf8))
            #expect(reply.status == 200)
            return try #require(try reply.json["subsonic-response"]?["transcodeDecision"], "\(reply.text)")
        }

        private func stream(_ id: String, _ parameters: String) async throws -> Reply {
            try await server.get(
                "/rest/getTranscodeStream.view?u=local&p=any&v=1.16.1&c=test&f=json&mediaId=\(id)&mediaType=song&\(parameters)")
        }

        @Test("A client that can play the original is told so, and each thing that it cannot play is named")
        func direct() async throws {
            func reasons(_ members: String) async throws -> [String] {
                let decision = try await decide(songs.song.id, members)
                let reasons = try #require(decision["transcodeReason"]?.list).compactMap(\.text)
                #expect(decision["canDirectPlay"] == .bool(reasons.isEmpty))
                return reasons
            }
            for members in [
                Self.direct(#""flac""#, #""flac""#), Self.direct("", ""), Self.direct(#""mp3", "FLAC""#, #""mp3", "flac""#),
                Self.direct("", "", #", "maxAudioChannels": 2"#), Self.direct("", "", #", "maxAudioChannels": 0"#),
                Self.direct("", "") + #", "maxAudioBitrate": 0"#,
                Self.direct("", "") + Self.limit("flac", "audioSamplerate", "LessThanEqual", "48000"),
                Self.direct("", "") + Self.limit("flac", "audioSamplerate", "Equals", "48000", "44100"),
                Self.direct("", "") + Self.limit("flac", "audioWarmth", "Equals", "1", isRequired: false),
                // Need not be met, and is for another codec.
                Self.direct("", "") + Self.limit("flac", "audioSamplerate", "LessThanEqual", "8000", isRequired: false),
                Self.direct("", "") + Self.limit("mp3", "audioSamplerate", "LessThanEqual", "8000"),
                // As some clients write it: a number, and no word of whether it has to be met.
                Self.direct("", "") + Self.loose(#""values": [8000]"#),
                Self.direct("", "") + Self.loose(#""values": [44100, 48000], "required": true"#)
            ] { #expect(try await reasons(members) == [], "\(members)") }
            for (members, expected) in [
                (#""directPlayProfiles": []"#, ["ContainerNotSupported", "AudioCodecNotSupported"]),
                (Self.direct(#""mp3""#, #""flac""#), ["ContainerNotSupported"]),
                (Self.direct(#""flac""#, #""mp3""#), ["AudioCodecNotSupported"]),
                (Self.direct("", "", #", "maxAudioChannels": 1"#), ["AudioChannelsNotSupported"]),
                (Self.direct("", "") + #", "maxAudioBitrate": 64000"#, ["AudioBitrateNotSupported"]),
                (
                    #""directPlayProfiles": [{"containers": [], "audioCodecs": [], "protocols": ["hls"]}]"#,
                    ["ProtocolNotSupported"]
                ),
                (
                    Self.direct("", "") + Self.limit("flac", "audioSamplerate", "LessThanEqual", "32000"),
                    ["AudioSamplerateNotSupported"]
                ),
                (
                    Self.direct("", "") + Self.limit("flac", "audioSamplerate", "NotEquals", "44100"),
                    ["AudioSamplerateNotSupported"]
                ),
                (
                    Self.direct("", "") + Self.limit("flac", "audioBitdepth", "GreaterThanEqual", "24"),
                    ["AudioBitdepthNotSupported"]
                ),
                (Self.direct("", "") + Self.limit("flac", "audioProfile", "Equals", "any"), ["AudioProfileNotSupported"]),
                (Self.direct("", "") + Self.loose(#""values": [8000], "required": true"#), ["AudioSamplerateNotSupported"]),
                // What is not known here is in the way if it has to be met.
                (Self.direct("", "") + Self.limit("flac", "audioWarmth", "Equals", "1"), ["AudioCodecNotSupported"]),
                (
                    Self.direct("", "") + Self.limit("flac", "audioSamplerate", "Near", "44100"),
                    ["AudioSamplerateNotSupported"]
                )
            ] { #expect(try await reasons(members) == expected, "\(members)") }
            let source = try #require(try await decide(songs.song.id, Self.direct("", ""))["sourceStream"])
            #expect(
                source["protocol"] == .text("http") && source["container"] == .text("flac") && source["codec"] == .text("flac"))
            #expect(source["audioChannels"]?.integer == 2 && source["audioSamplerate"]?.integer == 44_100)
            #expect(source["audioBitdepth"]?.integer == 16)
            #expect(source["audioBitrate"]?.integer == (songs.song.document["bitrate"]?.integer ?? 0) * 1000)
        }

        private static func loose(_ members: String) -> String {
            #", "codecProfiles": [{"type": "AudioCodec", "name": "flac", "limitations": [{"name": "audioSamplerate", "#
                + #""comparison": "Equals", \#(members)}]}]"#
        }

        private static func limit(
            _ codec: String, _ name: String, _ comparison: String, _ values: String..., isRequired: Bool = true
        ) -> String {
            let list = values.map { "\"\($0)\"" }.joined(separator: ", ")
            return """
                , "codecProfiles": [{"type": "AudioCodec", "name": "\(codec)", "limitations": [{"name": "\(name)", \
                "comparison": "\(comparison)", "values": [\(list)], "required": \(isRequired)}]}]
                """
        }

        @Test("The first profile that can be met decides, with its best rendition within all limits, and its stream is that file")
        func transcodes() async throws {
            let id = songs.song.id
            for (members, name) in [
                (#""transcodingProfiles": [\#(Self.mp3)]"#, "mp3-320"),
                (#""transcodingProfiles": [\#(Self.opus), \#(Self.mp3)]"#, "opus-160"),
                (
                    #""transcodingProfiles": [{"container": "ts", "audioCodec": "aac", "protocol": "hls"}, \#(Self.mp3)]"#,
                    "mp3-320"
                ),
                (
                    #""transcodingProfiles": [{"container": "flac", "audioCodec": "flac", "protocol": "http"}, \#(Self.mp3)]"#,
                    "mp3-320"
                ),
                (#""maxTranscodingAudioBitrate": 130000, "transcodingProfiles": [\#(Self.mp3)]"#, "mp3-128"),
                (
                    #""maxAudioBitrate": 100000, "maxTranscodingAudioBitrate": 130000, "transcodingProfiles": [\#(Self.mp3)]"#,
                    "mp3-96"
                ),
                (#""maxTranscodingAudioBitrate": 30000, "transcodingProfiles": [\#(Self.mp3), \#(Self.opus)]"#, "opus-24"),
                (
                    #""transcodingProfiles": [\#(Self.mp3)]"# + Self.limit("mp3", "audioBitrate", "LessThanEqual", "192000"),
                    "mp3-192"
                ),
                (
                    #""transcodingProfiles": [\#(Self.mp3)]"# + Self.limit("mp3", "audioSamplerate", "LessThanEqual", "24000"),
                    "mp3-64"
                ),
                (
                    #""transcodingProfiles": [{"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 1}]"#,
                    "mp3-48"
                ),
                (
                    #""transcodingProfiles": [\#(Self.mp3)]"#
                        + Self.limit("mp3", "audioSamplerate", "LessThanEqual", "8000", isRequired: false), "mp3-320"
                )
            ] {
                let decision = try await decide(id, members)
                #expect(decision["canTranscode"] == .bool(true) && decision["errorReason"] == .text(""))
                let text = try #require(decision["transcodeParams"]?.text)
                let reply = try await stream(id, "transcodeParams=\(text)")
                let own = try await server.send(.HEAD, "/stream/\(id)/\(name)")
                #expect(reply.status == 200 && reply["ETag"] == own["ETag"], "\(members): \(text)")
                let details = try #require(decision["transcodeStream"])
                #expect(details["audioBitrate"]?.integer == (Int(name.split(separator: "-")[1]) ?? 0) * 1000)
                #expect(details["codec"]?.text == name.split(separator: "-").first.map(String.init))
                let later = try await stream(id, "transcodeParams=\(text)&offset=4")
                #expect(later.status == 200 && later.body.count < reply.body.count && later["ETag"] != reply["ETag"])
            }
        }

        @Test("The bit rate of AAC is what its frames can have, which for one channel is less than the rung's")
        func budget() async throws {
            #expect(AACBudget(bitrate: 256, output: OutputFormat(sampleRate: 44_100, channels: 2)).bitsPerSecond == 256_000)
            let file = try Sound.encoded(Sound.wav(seconds: 2, channels: 1, seed: 75), [], extension: "flac")
            let id = try #require(try await server.upload(file, name: "mono.flac")["id"]?.text)
            let profile = #"{"container": "m4a", "audioCodec": "aac", "protocol": "http"}"#
            let decision = try await decide(id, #""transcodingProfiles": [\#(profile)]"#)
            #expect(decision["transcodeParams"] == .text("aac-256"))
            #expect(decision["transcodeStream"]?["audioBitrate"] == .number(171_921))
            #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)").status == 204)
        }

        @Test("HLS is answered with a playlist of the one rendition")
        func segments() async throws {
            let decision = try await decide(
                songs.song.id, #""maxTranscodingAudioBitrate": 100000, "transcodingProfiles": [\#(Self.hls)]"#)
            #expect(decision["transcodeStream"]?["protocol"] == .text("hls"))
            #expect(decision["transcodeStream"]?["container"] == .text("mp4"))
            let text = try #require(decision["transcodeParams"]?.text)
            let reply = try await stream(songs.song.id, "transcodeParams=\(text)")
            let links = reply.text.split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(reply.status == 200 && links.count == 1 && links[0].contains("/aac-96/index.m3u8"))
        }

        @Test("A container is called as the client calls it")
        func containers() async throws {
            for (container, codec, link) in [
                ("fmp4", "aac", "hls"), ("m4a", "opus", "hls"), ("opus", "opus", "http"), ("mp4", "aac", "http"),
                ("ogg", "opus", "http")
            ] {
                let profile = #"{"container": "\#(container)", "audioCodec": "\#(codec)", "protocol": "\#(link)"}"#
                let decision = try await decide(songs.song.id, #""transcodingProfiles": [\#(profile)]"#)
                #expect(decision["transcodeStream"]?["container"] == .text(container))
            }
        }

        @Test(
            "AAC's profile is that of its configuration",
            arguments: [
                ([0x12, 0x10], 44_100, "LC"), ([0x13, 0x90], 44_100, "HE-AAC"), ([0x2B, 0x92], 44_100, "HE-AAC"),
                ([0xEB, 0x8A], 44_100, "HE-AACv2"), ([0x0A, 0x10], 44_100, "Main"), ([0x12], 44_100, nil), ([], 44_100, nil)
            ] as [([UInt8], Int, String?)])
        func profiles(configuration: [UInt8], rate: Int, profile: String?) {
            let format = SourceFormat(codec: .aac, sampleRate: rate, channels: 2, extradata: configuration)
            #expect(format.aacProfile == profile)
        }

        @Test("What cannot be played at all has a reason, and no rendition has more bits than a lossy original")
        func nothing() async throws {
            let none = try await decide(songs.song.id, #""transcodingProfiles": []"#)
            #expect(none["canDirectPlay"] == .bool(false) && none["canTranscode"] == .bool(false))
            #expect(none["errorReason"]?.text?.isEmpty == false && none["transcodeParams"] == nil)
            let low = try await decide(songs.low.id, #""transcodingProfiles": [\#(Self.opus)]"#)
            #expect(low["transcodeParams"] == .text("opus-64"))
            let tight = try await decide(
                songs.song.id, #""maxTranscodingAudioBitrate": 1000, "transcodingProfiles": [\#(Self.opus)]"#)
            #expect(tight["canTranscode"] == .bool(false))
        }

        @Test("A stream's failures have HTTP's own status, and a decision's are in the answer")
        func failures() async throws {
            let id = songs.song.id
            for (path, status) in [
                ("mediaId=\(id)&mediaType=song", 400), ("mediaId=\(id)&mediaType=song&transcodeParams=mp3-999", 400),
                ("mediaId=\(id)&mediaType=song&transcodeParams=flac", 400),
                ("mediaId=\(id)&mediaType=film&transcodeParams=mp3-96", 400),
                ("mediaId=\(id)&mediaType=song&transcodeParams=mp3-96&offset=10", 400),
                ("mediaId=\(id)&mediaType=podcast&transcodeParams=mp3-96", 404),
                ("mediaId=nothing&mediaType=song&transcodeParams=mp3-96", 404),
                // It is not offered for the track.
                ("mediaId=\(songs.low.id)&mediaType=song&transcodeParams=mp3-128", 404)
            ] {
                let reply = try await server.get("/rest/getTranscodeStream?u=local&p=any&v=1.16.1&c=test&f=json&\(path)")
                #expect(reply.status == status, "\(path)")
            }
            for body in [
                "", "[]", "{}", #"{"name": 1, "platform": "x"}"#, #"{"name": "a", "platform": "b", "codecProfiles": [{}]}"#
            ] {
                let reply = try await server.send(
                    .POST, "/rest/getTranscodeDecision?u=local&p=any&v=1.16.1&c=test&f=json&mediaId=\(id)&mediaType=song",
                    [("Content-Type", "application/json")], body: Array(body.utf8))
                #expect(reply.status == 200)
                #expect(try reply.json["subsonic-response"]?["error"]?["code"]?.integer == 10)
            }
            // The client's platform decides nothing.
            let plain = try await server.send(
                .POST, "/rest/getTranscodeDecision?u=local&p=any&v=1.16.1&c=test&f=json&mediaId=\(id)&mediaType=song",
                [("Content-Type", "application/json")], body: Array(#"{"name": "a"}"#.utf8))
            #expect(try plain.json["subsonic-response"]?["status"]?.text == "ok")
        }
    }
}
