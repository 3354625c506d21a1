import Foundation
import Glibc
import TestSupport
import Testing

extension EndToEnd {
    @Suite("An import that is killed", .tags(.http, .slow), .timeLimit(.minutes(30)))
    struct KilledImportTests {
        /// MP3 files that are all different, by the ID3v1 tag at their end, in folders of a dozen.
        private func library(of count: Int) async throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            var sources: [[UInt8]] = []
            for path in Corpus.music.filter({ $0.hasSuffix(".mp3") }).prefix(3) { sources.append(try bytes(of: path)) }
            for seconds in [1.0, 2.0] {
                let wave = try await Signal(seconds: seconds, kind: .wav16).write(in: folder)
                let encoded = folder.path + "/\(seconds).mp3"
                try await make("ffmpeg", ["-v", "error", "-y", "-i", wave, "-b:a", "64k", encoded])
                sources.append(try bytes(of: encoded))
                try FileManager.default.removeItem(atPath: wave)
                try FileManager.default.removeItem(atPath: encoded)
            }
            // The real songs are minutes long: few of them among many short ones.
            for number in 0..<count {
                let source = number % 20 == 0 ? sources[number / 20 % sources.count] : sources[sources.count - 1 - number % 2]
                let title = Array("TAGsong \(number)".utf8)
                try folder.write(
                    source + title + [UInt8](repeating: 0, count: 128 - title.count), to: "\(number / 12)/\(number).mp3")
            }
            return folder
        }

        private func start(_ folder: TemporaryFolder, _ data: TemporaryFolder, log: TemporaryFolder) throws -> Child {
            try Child(
                Program.sweetspot, ["import", folder.path, "--data", data.path], environment: ProcessInfo.processInfo.environment,
                output: log.path + "/output", errors: log.path + "/errors")
        }

        @Test("An import that is killed three times at any moment and run again has everything once")
        func resumes() async throws {
            let count = Program.isLong ? 1_500 : 60
            let (folder, data, log) = (try await library(of: count), try TemporaryFolder(), try TemporaryFolder())
            var generator = SeededGenerator(seed: 20)
            var stops = (0..<3).map { _ in Int.random(in: 1..<(count / 2), using: &generator) }.sorted()
            // Far enough from one another that each run gets somewhere.
            for index in stops.indices { stops[index] = max(stops[index], index * count / 8 + 1) }
            var children: [LiveProcess] = []
            for stop in stops {
                let child = try start(folder, data, log: log)
                let process = LiveProcess(identifier: child.identifier)
                let errors = log.path + "/errors"
                let isThere = try await eventually(within: .seconds(600)) {
                    process.isGone || (try? text(of: errors).count { $0 == "\n" }) ?? 0 >= stop
                }
                #expect(isThere)
                children += process.children
                // Somewhere in the work on the next file.
                usleep(UInt32.random(in: 0..<30_000, using: &generator))
                kill(child.identifier, SIGKILL)
                #expect(await child.status == -SIGKILL)
            }
            #expect(try await eventually { children.allSatisfy(\.isGone) }, "a killed import left its codecs behind")

            let start = ContinuousClock.now
            let last = try await run(Program.sweetspot, ["import", folder.path, "--data", data.path], seconds: 1_800)
            print("resumed import: \(last.text.prefix { $0 != "\n" }) in \(ContinuousClock.now - start)")
            let numbers = last.text.split(separator: " ").compactMap { Int($0) }
            #expect(last.status == 0 && numbers.count >= 2, "\(last.text) \(last.errors.suffix(500))")
            #expect(numbers[0] + numbers[1] == count)
            #expect(numbers[1] >= (stops.last ?? 0), "what was imported was imported again")
            let again = ContinuousClock.now
            let idle = try await run(Program.sweetspot, ["import", folder.path, "--data", data.path], seconds: 1_800)
            print("nothing to do for \(count) files: \(ContinuousClock.now - again)")
            #expect(idle.text.hasPrefix("0 imported, \(count) already there, 0 refused\n"), "\(idle.text)")

            try await Server.run(data: data) { server in
                #expect(server.incoming == [])
                var tracks: [Track] = []
                var next: String? = ""
                while let after = next {
                    let page = try await server.client.get("/api/v1/tracks?limit=500\(after.isEmpty ? "" : "&after=\(after)")")
                    let list = try page.json(List.self)
                    tracks += list.items
                    next = list.next
                }
                #expect(tracks.count == count && Set(tracks.map(\.sha256)).count == count)
                let originals = server.stored.filter { $0.hasSuffix(".map") }.map { $0.dropLast(4).suffix(64) }
                #expect(Set(originals) == Set(tracks.map { $0.sha256[...] }))
                for track in tracks.prefix(3) { _ = try await server.client.whole(try #require(track.stream("mp3-48")).url) }
            }
        }

        private struct List: Decodable {
            let items: [Track]
            let next: String?
        }

        @Test("An import counts files that were moved, tagged and deleted meanwhile as what they are")
        func countsChanges() async throws {
            let (folder, data) = (try await library(of: 6), try TemporaryFolder())
            let first = try await sweetspot("import", folder.path, "--data", data.path)
            #expect(first.text.hasPrefix("6 imported, 0 already there, 0 refused\n"), "\(first.text)")
            try FileManager.default.moveItem(atPath: folder.path + "/0", toPath: folder.path + "/renamed")
            try FileManager.default.removeItem(atPath: folder.path + "/renamed/5.mp3")
            try folder.write(Array("no music".utf8), to: "bad.mp3")
            let second = try await sweetspot("import", folder.path, "--data", data.path)
            let lines = second.text.split(separator: "\n", omittingEmptySubsequences: false)
            #expect(second.status == 1 && lines[0] == "0 imported, 0 already there, 1 refused", "\(second.text)")
            #expect(lines[1].hasPrefix("5 moved, 0 updated, ") && second.text.contains("\n  \(folder.path)/bad.mp3\n"))
            // Another title in the tag at the end: the sound is what it was.
            let song = folder.path + "/renamed/1.mp3"
            try folder.write(try bytes(of: song).dropLast(120) + [UInt8](repeating: 0x41, count: 120), to: "renamed/1.mp3")
            let third = try await sweetspot("import", folder.path, "--data", data.path)
            #expect(third.text.hasPrefix("0 imported, 4 already there, 1 refused\n0 moved, 1 updated, "), "\(third.text)")
            let fourth = try await sweetspot("import", folder.path, "--data", data.path)
            #expect(fourth.text.hasPrefix("0 imported, 5 already there, 1 refused\n"), "\(fourth.text)")
        }
    }
}
