import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Other files with a song's name", .tags(.http, .slow))
    struct DisguiseTests {
        private static let suffixes = ["mp3", "m4a", "flac", "ogg", "wav"]

        /// What players step over in front of the sound: nothing, an ID3v2 tag, junk.
        private static let fronts: [(name: String, bytes: [UInt8])] = [
            ("", []), ("tagged", Array("ID3".utf8) + [4, 0, 0, 0, 0, 0, 20] + title),
            ("junk", (0..<2000).map { UInt8(truncatingIfNeeded: $0 &* 37 % 251) })
        ]
        private static let title = Array("TIT2".utf8) + [0, 0, 0, 5, 0, 0, 3] + Array("Song".utf8) + [0, 0, 0, 0, 0]

        @Test("A disguised file is refused by its first bytes, and ingest reads no neighbour and calls no server")
        func refused() async throws {
            let folder = try TemporaryFolder()
            let canary = try Canary(in: folder)
            let song = folder.path + "/song.mp3"
            let signal = try await Signal(seconds: 3).write(in: folder)
            try await make("ffmpeg", ["-nostdin", "-v", "error", "-i", signal, "-b:a", "64k", song])
            let url = "http://127.0.0.1:\(canary.port)"
            let texts = Disguise.texts(name: canary.name, path: canary.path, url: url)
            try await provesItself(canary, folder, url)

            let binaries = try await Disguise.binaries(holding: song)
            var count = 0
            try await Server.run(environment: Program.takesExtraFormats.merging(["SWEETSPOT_LIMITS_GRACE": "0"]) { $1 }) {
                server in
                for (index, disguise) in (texts + binaries).enumerated() {
                    for (step, front) in Self.fronts.enumerated() {
                        // Behind junk, a song in an archive is a song behind junk.
                        if front.name == "junk", index >= texts.count { continue }
                        let names = Program.isLong ? Self.suffixes : [Self.suffixes[(index + step) % Self.suffixes.count]]
                        for suffix in names {
                            try await check(disguise, front, suffix, in: folder, server)
                            #expect(!canary.wasOpened(), "\(front.name) \(disguise.kind).\(suffix) opened its neighbour")
                            #expect(!canary.wasCalled(), "\(front.name) \(disguise.kind).\(suffix) called a server")
                            count += 1
                        }
                    }
                }
                #expect(try await eventually { server.stored == [] && server.incoming == [] })
            }
            print("disguises: \(count)")
        }

        private func check(
            _ disguise: Disguise, _ front: (name: String, bytes: [UInt8]), _ suffix: String, in folder: TemporaryFolder,
            _ server: Server
        ) async throws {
            let label = "\(front.name) \(disguise.kind) as \(suffix)"
            let path = try folder.write(front.bytes + disguise.content, to: "disguised.\(suffix)")
            let finding = try await Finding.inspect(path)
            #expect(!finding.accepted && finding.problem == "unsupported-format", "\(label): \(finding.problem ?? "taken")")
            #expect(finding.reason?.isEmpty == false, "\(label)")
            let answer = try await server.client.upload(front.bytes + disguise.content, name: "disguised.\(suffix)")
            #expect(answer.status == 415, "\(label): \(answer.status) \(answer.text)")
        }

        /// The traps work: others fall into them.
        private func provesItself(_ canary: Canary, _ folder: TemporaryFolder, _ url: String) async throws {
            #expect(!canary.wasOpened() && !canary.wasCalled())
            let list = try folder.write("ffconcat version 1.0\nfile '\(canary.name)'\n".utf8, to: "list.mp3")
            try await make("ffprobe", ["-v", "error", "-f", "concat", list])
            #expect(canary.wasOpened())
            _ = try await run("curl", ["-s", "--max-time", "1", url])
            #expect(canary.wasCalled())
            #expect(!canary.wasOpened() && !canary.wasCalled())
        }
    }
}
