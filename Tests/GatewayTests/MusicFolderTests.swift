import Audio
import Foundation
import Intake
import NIOPosix
import Originals
import Synchronization
import TestSupport
import Testing

@testable import Gateway

@Suite("A folder of music", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct MusicFolderTests {
    @Test("A served folder is followed, and /readyz stays as the first pass left it")
    func follows() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "music-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        func write(_ name: String, seed: UInt64) throws {
            let file = folder.appending(path: name)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(Sound.wav(seconds: 0.2, seed: seed)).write(to: file)
        }
        try write("a.wav", seed: 1)
        try await RunningServer.run {
            $0.music = folder.path
        } _: { server in
            let ready = try await server.get("/readyz") { $0.status == 200 }
            #expect(try ready.json == .object(["done": .number(1), "total": .number(1)]))
            func expectTitles(_ titles: [String]) async throws {
                _ = try await server.get("/api/v1/tracks?sort=title") { reply in
                    try reply.json["items"]?.list?.compactMap { $0["title"]?.text } == titles
                }
            }
            try await expectTitles(["a"])
            try write("new/b.wav", seed: 2)
            try await expectTitles(["a", "b"])
            try FileManager.default.removeItem(at: folder.appending(path: "a.wav"))
            try write("new/c.wav", seed: 3)
            try await expectTitles(["a", "b", "c"])
            #expect(try await server.get("/readyz").json == ready.json)
        }
    }

    @Test("A map made with other libraries is made again once for all who ask, and its row is updated")
    func remakesMaps() async throws {
        try await RunningServer.run { server in
            let file = Sound.wav(seconds: 1)
            let uploaded = try await server.upload(file, name: "a.wav")
            let intake = server.application.intake
            let directory = DirectoryOriginals(root: server.data.path + "/originals", threadPool: .singleton)
            let hash = try #require(OriginalHash(hex: uploaded["sha256"]?.text ?? ""))
            // As an older ingest left it.
            var old = try await directory.trackMap(of: hash)
            (old.libraries, old.samples) = ("libavcodec 1.2.3", old.samples - 5)
            let map = "\(server.data.path)/originals/\(hash.hex.prefix(2))/\(hash.hex.dropFirst(2).prefix(2))/\(hash.hex).map"
            try Data(old.encoded()).write(to: URL(filePath: map))
            let inode = try FileManager.default.attributesOfItem(atPath: map)[.systemFileNumber] as? NSNumber

            for (now, isRemade) in [(nil, false), ("libavcodec 1.2.3 LAME 9", false), ("libavcodec 1.2.4", true)] {
                let originals = RemadeOriginals(intake) { now }
                let maps = try await withThrowingTaskGroup(of: TrackMap.self) { group in
                    for _ in 0..<5 { group.addTask { try await originals.trackMap(of: hash) } }
                    return try await group.reduce(into: []) { $0.append($1) }
                }
                #expect(maps.allSatisfy { ($0.samples == old.samples) != isRemade })
                #expect(maps.allSatisfy { ($0.libraries == old.libraries) != isRemade })
                let now = try FileManager.default.attributesOfItem(atPath: map)[.systemFileNumber] as? NSNumber
                #expect((now != inode) == isRemade)
            }
            #expect(try await server.get("/api/v1/tracks/\(#require(uploaded["id"]?.text))").json == uploaded)
        }
    }
}
