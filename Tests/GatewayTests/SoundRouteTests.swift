import Audio
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite(
    "Waveforms, lyrics and the loudness of albums", .tags(.codec, .http), .serialized, .server(),
    .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"), .timeLimit(.minutes(10)))
struct SoundRouteTests {
    private let server: RunningServer

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        self.server = server
    }

    @Test("A waveform is a thousand peaks of the sound, loud where it is loud")
    func waveform() async throws {
        // Silence in the second half.
        var file = Sound.wav(seconds: 2, channels: 1, rate: 8000)
        for place in 44 + 16_000..<file.count { file[place] = 0 }
        let id = try #require(try await server.upload(file, name: "a.wav")["id"]?.text)
        let reply = try await server.get("/api/v1/tracks/\(id)/waveform")
        #expect(reply.status == 200 && reply["ETag"] != nil)
        #expect(try reply.json.keys == ["peaks", "duration"] && reply.json["duration"] == .number(2))
        let peaks = try #require(try reply.json["peaks"]?.list).compactMap(\.integer)
        #expect(peaks.count == 1000 && peaks.allSatisfy { (0...255).contains($0) })
        #expect(peaks[..<490].allSatisfy { $0 > 40 } && peaks[510...].allSatisfy { $0 == 0 })
        try expectProblem(try await server.get("/api/v1/tracks/nothing/waveform"), 404, "not-found")
        for path in try server.files(under: "originals") where path.hasSuffix(".measures") {
            try FileManager.default.removeItem(atPath: path)
        }
        try expectProblem(try await server.get("/api/v1/tracks/\(id)/waveform"), 404, "not-found")
    }

    private func upload(_ lyrics: String?, seed: UInt64) async throws -> String {
        let tags = lyrics.map { ["-metadata", "lyrics=\($0)"] } ?? []
        let file = try Sound.encoded(Sound.wav(seconds: 0.3, seed: seed), tags, extension: "flac")
        return try #require(try await server.upload(file, name: "\(seed).flac")["id"]?.text)
    }

    @Test("Lyrics come line by line, with their times if they have any, and what is markup in them is text")
    func lyrics() async throws {
        let id = try await upload("[ar:Who]\n[00:10.50]<b>later</b>\n[00:01.00]first", seed: 1)
        let reply = try await server.get("/api/v1/tracks/\(id)/lyrics")
        func line(_ at: JSON, _ text: String) -> JSON { .object(["at": at, "text": .text(text)]) }
        #expect(
            try reply.json
                == .object([
                    "synced": .bool(true), "lines": .list([line(.number(1), "first"), line(.number(10.5), "<b>later</b>")])
                ]))
        let plain = try await upload("one\n\ntwo", seed: 2)
        #expect(
            try await server.get("/api/v1/tracks/\(plain)/lyrics").json
                == .object([
                    "synced": .bool(false), "lines": .list([line(.null, "one"), line(.null, ""), line(.null, "two")])
                ]))
        let silent = try await upload(nil, seed: 3)
        #expect(
            try await server.get("/api/v1/tracks/\(silent)/lyrics").json
                == .object(["synced": .bool(false), "lines": .list([])]))
        try expectProblem(try await server.get("/api/v1/tracks/nothing/lyrics"), 404, "not-found")
    }

    @Test("Waveforms and lyrics are the account's own")
    func owned() async throws {
        let id = try await upload("one", seed: 4)
        let catalogue = server.application.catalogue
        let other = try await catalogue.account(named: "other")
        #expect(try await catalogue.lyrics(of: id, account: other) == nil)
        #expect(try await catalogue.track(id: id, account: other) == nil)
    }

    @Test("An album alone has the loudness of its tracks")
    func albumLoudness() async throws {
        var albums: Set<String> = []
        var loudness: [(Double, Double)] = []
        for (seed, volume) in [(10, 1.0), (11, 0.1)] {
            let tags = ["-metadata", "album=A", "-metadata", "artist=B", "-af", "volume=\(volume)"]
            let file = try Sound.encoded(Sound.wav(seconds: 3, seed: UInt64(seed)), tags, extension: "flac")
            let track = try await server.upload(file, name: "\(seed).flac")
            albums.insert(try #require(track["albumId"]?.text))
            guard case .number(let integrated)? = track["loudness"]?["integrated"],
                case .number(let peak)? = track["loudness"]?["truePeak"]
            else {
                Issue.record("\(track)")
                return
            }
            loudness.append((integrated, peak))
        }
        let album = try #require(albums.first)
        #expect(albums.count == 1)
        let whole = try await server.get("/api/v1/albums/\(album)").json
        guard case .number(let integrated)? = whole["loudness"]?["integrated"],
            case .number(let peak)? = whole["loudness"]?["truePeak"]
        else {
            Issue.record("\(whole)")
            return
        }
        // Two of the same length, 20 dB apart: 2.97 dB below the louder.
        #expect(abs(integrated - (loudness[0].0 - 2.97)) < 0.03 && peak == max(loudness[0].1, loudness[1].1))
        let listed = try #require(try await server.get("/api/v1/albums").json["items"]?.list?.first)
        #expect(listed.keys == whole.keys.subtracting(["loudness"]))
        let silent = try await server.upload(Sound.wav(seconds: 0.1, seed: 12), name: "c.wav")
        let edit = Array(#"{"album":"Silent"}"#.utf8)
        let moved = try await server.send(.PATCH, "/api/v1/tracks/\(silent["id"]?.text ?? "")", body: edit).json
        let quiet = try await server.get("/api/v1/albums/\(moved["albumId"]?.text ?? "")").json
        #expect(quiet["loudness"] == (moved["loudness"] == .null ? .null : quiet["loudness"]) && quiet.keys == whole.keys)
    }
}
