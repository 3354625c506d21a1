import Audio
import Crypto
import Foundation
import Locker
import NIOPosix
import Originals
import TestSupport
import Testing

@testable import Gateway

@Suite(
    "A new version of the measures", .tags(.codec, .http), .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"),
    .timeLimit(.minutes(3)))
struct RemeasurementTests {
    /// What clients keep of a track: entity tags, lengths and bytes.
    private struct Answers: Equatable {
        var etags: [String: String] = [:]
        var bodies: [String: [UInt8]] = [:]

        init(_ server: RunningServer, _ document: JSON) async throws {
            let id = try #require(document["id"]?.text)
            for rendition in document["renditions"]?.list ?? [] {
                let name = try #require(rendition["name"]?.text)
                etags[name] = rendition["etag"]?.text
            }
            for path in ["mp3-96.mp3", "opus-48.opus", "original.flac"].map({ "/stream/\(id)/\($0)" })
                + ["aac.m3u8", "aac-96/index.m3u8", "aac-96/init.mp4", "aac-96/0.m4s"].map({ "/hls/\(id)/\($0)" })
            {
                let reply = try await server.get(path)
                #expect(reply.status == 200, "\(path)")
                etags[path] = reply["ETag"]
                bodies[path] = Array(SHA256.hash(data: reply.body))
            }
        }
    }

    @Test("A new version of the measures changes no entity tag, stream or map, and the rows get the new values")
    func changesNoTag() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "measures-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = DirectoryOriginals(root: folder.path + "/originals", threadPool: .singleton)
        let version = SoundMeasures.currentVersion + 1
        let file = try Sound.encoded(Sound.wav(seconds: 9), [], extension: "flac")
        let (document, before, map) = try await RunningServer.run {
            $0.data = folder.path
        } _: { server in
            let document = try await server.upload(file, name: "a.flac")
            let hash = try #require(OriginalHash(hex: document["sha256"]?.text ?? ""))
            // As if the version before had measured something else.
            let catalogue = server.application.catalogue
            let rows = try await catalogue.setMeasures(
                SoundMeasures(warnings: ["old"]), of: hash, announced: catalogue.announce([hash]))
            #expect(rows == 1)
            return (document, try await Answers(server, document), try Self.map(of: hash, in: folder))
        }
        #expect(before.etags.count > 10 && before.bodies.count == 7)

        try await RunningServer.run {
            $0.data = folder.path
            $0.measuresVersion = version
        } _: { server in
            let metrics = try await server.get("/metrics") { $0.series["sweetspot_measured_originals_total"] == 1 }
            #expect(metrics.series["sweetspot_measures_pending"] == 0)
            let now = try await server.get("/api/v1/tracks/\(#require(document["id"]?.text))").json
            #expect(now == document)
            #expect(now["warnings"]?.list == [])
            #expect(now["loudness"]?["integrated"] != nil && now["loudness"] == document["loudness"])
            #expect(try await Answers(server, document) == before)
            let hash = try #require(OriginalHash(hex: document["sha256"]?.text ?? ""))
            #expect(try Self.map(of: hash, in: folder) == map)
            #expect(await store.measures(of: hash, version: version) != nil)
            #expect(await store.measures(of: hash, version: version - 1) == nil)
        }
    }

    private static func map(of hash: OriginalHash, in folder: URL) throws -> Data {
        let name = hash.hex
        return try Data(
            contentsOf: folder.appending(path: "originals/\(name.prefix(2))/\(name.dropFirst(2).prefix(2))/\(name).map"))
    }
}
