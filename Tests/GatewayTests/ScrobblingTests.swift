import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The words of services that are told plays") struct ScrobbleProtocolTests {
    private static let recording = "cf639964-eabb-4c40-9673-c2117e456ea5"
    private static let play = ScrobbledPlay(
        at: 1_700_000_000_999, track: "t", title: "T+ =", artist: "Ünï & B", album: "L", albumArtist: "Ünï & B",
        duration: 100_500,
        recording: recording, release: "")

    @Test("A scrobble is signed as Last.fm says: an MD5 of names and values in order, without the format, and the secret")
    func signature() {
        let words = LastFM(base: "http://x", key: "KEY", secret: "SECRET")
        let request = words.submission(of: [Self.play], token: "SK")
        #expect(request.url == "http://x/2.0/" && request.method == .POST)
        // Made with Python's hashlib and urllib.
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == """
                album%5B0%5D=L&api_key=KEY&api_sig=128ca3f6300d9efcf398aecbfa9ca05b&artist%5B0%5D=%C3%9Cn%C3%AF%20%26%20B&\
                duration%5B0%5D=100&format=json&mbid%5B0%5D=\(Self.recording)&method=track.scrobble&sk=SK&\
                timestamp%5B0%5D=1700000000&track%5B0%5D=T%2B%20%3D
                """)
    }

    @Test("A listen has MusicBrainz' identifiers where they are known, and no empty names")
    func listens() throws {
        var unnamed = Self.play
        (unnamed.artist, unnamed.albumArtist, unnamed.album, unnamed.recording) = ("", "", "", "")
        let words = ListenBrainz(base: "http://x")
        let request = try words.submission(of: [Self.play, unnamed], token: "TK")
        #expect(request.fields.contains { $0 == ("Authorization", "Token TK") })
        let document = try JSONDecoder().decode(JSON.self, from: Data(request.body))
        #expect(document["listen_type"]?.text == "import")
        let listens = try #require(document["payload"]?.list)
        #expect(listens.map { $0["listened_at"] } == [.number(1_700_000_000), .number(1_700_000_000)])
        let (named, other) = (listens[0]["track_metadata"], listens[1]["track_metadata"])
        #expect(named?["artist_name"]?.text == "Ünï & B" && named?["release_name"]?.text == "L")
        #expect(named?["additional_info"]?["recording_mbid"]?.text == Self.recording)
        #expect(named?["additional_info"]?["duration_ms"] == .number(100_500))
        #expect(other?["artist_name"]?.text == "[unknown]" && other?.keys == ["artist_name", "track_name", "additional_info"])
        #expect(other?["additional_info"]?["recording_mbid"] == nil)
    }

    @Test("An answer says whether another try is worth it")
    func verdicts() {
        let (brainz, lastfm) = (ListenBrainz(base: ""), LastFM(base: "", key: "", secret: ""))
        for (status, expected) in [
            (200, .taken), (401, .badToken), (400, .refused), (500, .later(after: nil)), (302, .later(after: nil)),
            (404, .later(after: nil))
        ] as [(Int, ScrobbleVerdict)] {
            #expect(brainz.verdict(status: status, fields: [:], body: []) == expected, "\(status)")
        }
        #expect(brainz.verdict(status: 429, fields: ["X-RateLimit-Reset-In": "7"], body: []) == .later(after: 7))
        for (status, body, expected) in [
            (200, "{}", .taken), (200, #"{"error":9}"#, .badToken), (403, #"{"error":14}"#, .badToken),
            (400, #"{"error":6}"#, .refused),
            (403, #"{"error":13}"#, .later(after: nil)), (200, #"{"error":29}"#, .later(after: nil)),
            (503, "<html>", .later(after: nil))
        ] as [(Int, String, ScrobbleVerdict)] {
            #expect(lastfm.verdict(status: status, fields: [:], body: Array(body.utf8)) == expected, "\(status) \(body)")
        }
    }
}

@Suite("Plays told to other services", .tags(.codec, .http), .serialized, .timeLimit(.minutes(10)))
struct ScrobblingTests {
    private static let path = "/api/v1/me/scrobbling"

    /// A server that tells a listener of its plays, and a song of 31 s in it.
    private func run(_ body: (RunningServer, ScrobbleListener, String) async throws -> Void) async throws {
        try await ScrobbleListener.run { listener, base in
            try await RunningServer.run({ configuration in
                configuration.scrobbling.listenBrainz = base
                configuration.scrobbling.setLastFM(base: base, key: ScrobbleListener.key, secret: ScrobbleListener.secret)
                configuration.scrobblePace.interval = .milliseconds(20)
                configuration.scrobblePace.firstPause = .milliseconds(20)
            }) { server in
                let id = try #require(try await server.upload(Sound.wav(seconds: 31, seed: 1), name: "a.wav")["id"]?.text)
                try await tag(id, "First", server)
                try await body(server, listener, id)
            }
        }
    }

    private func tag(_ id: String, _ title: String, _ server: RunningServer) async throws {
        let tags = #"{"title":"\#(title)","artist":"A & B","album":"L"}"#
        #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", body: Array(tags.utf8)).status == 200)
    }

    private func tie(_ service: String, _ token: String, _ server: RunningServer) async throws -> Reply {
        try await server.send(.PUT, "\(Self.path)/\(service)", body: Array(#"{"token":"\#(token)"}"#.utf8))
    }

    private func play(_ id: String, minute: Int, _ server: RunningServer) async throws {
        let body = #"{"track":"\#(id)","at":"2026-11-03T10:\#(10 + minute):00Z"}"#
        #expect(try await server.send(.POST, "/api/v1/history", body: Array(body.utf8)).status == 204)
    }

    /// The tie to a service once it is as it should be.
    private func tie(_ place: Int, _ server: RunningServer, until condition: (JSON) -> Bool) async throws -> JSON {
        let reply = try await server.get(Self.path) { try $0.json["items"]?.list.map { condition($0[place]) } ?? false }
        return try #require(try reply.json["items"]?.list?[place])
    }

    @Test("ListenBrainz and Last.fm are told plays by the account's own token, each once, and only from then on")
    func told() async throws {
        try await run { server, listener, song in
            try await play(song, minute: 0, server)
            for token in ["wrong", "", "two words"] { try expectProblem(try await tie("listenbrainz", token, server), 400, nil) }
            try expectProblem(try await tie("lastfm", "good", server), 400, nil)
            let answer = try await tie("listenbrainz", "good", server)
            #expect(answer.status == 200)
            #expect(try answer.json["name"]?.text == "anna")
            #expect(try await tie("lastfm", "granted", server).status == 200)
            for minute in [1, 2, 2] { try await play(song, minute: minute, server) }
            for place in 0...1 {
                let known = try await tie(place, server) { $0["sent"] == .number(2) }
                #expect(known["waiting"] == .number(0) && known["problem"] == .null && known["enabled"] == .bool(true))
            }
            let (listens, scrobbles) = listener.change { ($0.listens, $0.scrobbles) }
            #expect(listens.compactMap { $0["listened_at"]?.integer } == [1_793_700_660, 1_793_700_720])
            #expect(listens.allSatisfy { $0["track_metadata"]?["track_name"]?.text == "First" })
            let told = scrobbles.flatMap { values in values.filter { $0.key.hasPrefix("timestamp[") }.values.sorted() }
            #expect(told == ["1793700660", "1793700720"])
            #expect(scrobbles.allSatisfy { $0["artist[0]"] == "A & B" && $0["album[0]"] == "L" && $0["duration[0]"] == "31" })
            // Not in the catalogue's file as it is.
            let file = try Data(contentsOf: server.data.appending(path: "catalogue.sqlite"))
            #expect(file.firstRange(of: Data("good".utf8)) == nil)
            #expect(try await server.send(.DELETE, "\(Self.path)/lastfm").status == 204)
            #expect(try await tie(1, server) { $0["enabled"] == .bool(false) }["sent"] == .number(0))
        }
    }

    @Test("What a service fails to take is sent again; a bad token stops it, and a new one sends what waits")
    func failures() async throws {
        try await run { server, listener, song in
            #expect(try await tie("listenbrainz", "good", server).status == 200)
            listener.change { $0.failures = [503, 500] }
            try await play(song, minute: 1, server)
            _ = try await tie(0, server) { $0["sent"] == .number(1) }
            #expect(listener.change { $0.requests } == 3)

            listener.change { $0.tokens = ["other"] }
            try await play(song, minute: 2, server)
            let stopped = try await tie(0, server) { $0["problem"]?.text != nil }
            #expect(stopped["waiting"] == .number(1) && stopped["problem"]?.text?.contains("ListenBrainz") == true)
            try await play(song, minute: 3, server)
            #expect(try await tie("listenbrainz", "other", server).status == 200)
            #expect(try await tie(0, server) { $0["sent"] == .number(3) }["problem"] == .null)
            #expect(listener.change { $0.listens.count } == 3)
        }
    }

    @Test("A play that a service refuses for good holds up none of the others")
    func refused() async throws {
        try await run { server, listener, song in
            let bad = try #require(try await server.upload(Sound.wav(seconds: 31, seed: 2), name: "b.wav")["id"]?.text)
            let short = try #require(try await server.upload(Sound.wav(seconds: 5, seed: 3), name: "c.wav")["id"]?.text)
            try await tag(bad, "Refused", server)
            #expect(try await tie("listenbrainz", "good", server).status == 200)
            // All of them come in one batch.
            listener.change { $0.failures = Array(repeating: 503, count: 3) }
            for (minute, track) in [(1, song), (2, bad), (3, short), (4, song)] { try await play(track, minute: minute, server) }
            let known = try await tie(0, server) { $0["sent"] == .number(2) && $0["waiting"] == .number(0) }
            #expect(known["problem"] == .null)
            #expect(listener.change { $0.listens.count } == 2)
        }
    }
}
