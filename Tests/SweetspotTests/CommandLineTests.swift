import AsyncHTTPClient
import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The command line", .tags(.http, .slow))
    struct CommandLineTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private struct Inspection: Decodable {
            var file: String
            var accepted: Bool
            var codec: String?
            var container: String?
            var sampleRate: Int?
            var channels: Int?
            var samples: Int?
            var sha256: String?
            var bytes: Int?
            var warnings: [String]?
            var renditions: [String]?
            var problem: String?
            var reason: String?
        }

        /// `sweetspot: what was wrong (which file or option): what to do`
        private func expectError(_ output: Output, _ status: Int32, _ words: String...) {
            #expect(output.status == status, "\(output.errors)")
            #expect(output.errorLines.count == 1 && output.errors.hasPrefix("sweetspot: "), "\(output.errors)")
            for word in words { #expect(output.errors.contains(word), "\(output.errors)") }
        }

        @Test("transcode writes the server's bytes, in whole or in part, to a file or stdout")
        func transcode() async throws {
            let path = try await Signal(seconds: 7).write(in: folder)
            try await Server.run { server in
                let track = try await server.add(path)
                try await inParallel(2, ["mp3-128", "opus-64"]) { name in
                    let body = Array(try await server.client.whole(try #require(track.stream(name)).url).readableBytesView)
                    let output = folder.path + "/\(name)"
                    let written = try await sweetspot("transcode", path, "--rendition", name, "--output", output)
                    #expect(written.status == 0 && written.bytes.isEmpty && written.errors.isEmpty, "\(written.errors)")
                    #expect(try bytes(of: output) == body)
                    let single = try await sweetspot("transcode", path, "--rendition", name, "--jobs", "1")
                    #expect(single.status == 0 && single.bytes == body)
                    for (range, slice) in [
                        ("1000-30000", body[1000...30_000]), ("\(body.count - 9)-", body.suffix(9)), ("-777", body.suffix(777)),
                        ("2000-99999999", body[2000...])
                    ] {
                        let part = try await sweetspot("transcode", path, "--rendition", name, "--bytes", range)
                        #expect(part.status == 0 && part.bytes == Array(slice), "\(name) \(range): \(part.errors)")
                    }
                }
                let original = try bytes(of: path)
                let part = try await sweetspot("transcode", path, "--rendition", "original", "--bytes", "5-904")
                #expect(part.status == 0 && part.bytes == Array(original[5...904]))
            }
        }

        @Test("--timings reports both phases as JSON on stderr")
        func timings() async throws {
            struct Timings: Decodable {
                struct Phase: Decodable { let cpu, wall: Double }
                let ingest, render: Phase
            }
            let path = try await Signal(seconds: 7).write(in: folder)
            let output = try await sweetspot("transcode", path, "--rendition", "mp3-128", "--timings")
            let timings = try JSONDecoder().decode(Timings.self, from: Data(output.errors.utf8))
            for phase in [timings.ingest, timings.render] { #expect(phase.cpu > 0 && phase.wall > 0) }
        }

        @Test(
            "An impossible request to transcode is a usage error",
            arguments: [
                ["--rendition", "aac-97"], ["--rendition", "flac"], ["--rendition", "mp3-129"], ["--rendition", "MP3-128"], [],
                ["--rendition", "mp3-128", "--bytes", "9-3"], ["--rendition", "mp3-128", "--bytes", "x"],
                ["--rendition", "mp3-128", "--bytes", "0-1,5-6"], ["--rendition", "mp3-48", "--bytes", "999999999-"],
                ["--rendition", "original", "--bytes", "-0"], ["--rendition", "mp3-128", "--jobs", "0"],
                ["--rendition", "mp3-128", "--nonsense"]
            ])
        func transcodeUsage(options: [String]) async throws {
            let path = try await Signal(8_000, channels: 1, seconds: 1, kind: .wav16).write(in: folder)
            let output = try await run(Program.sweetspot, ["transcode", path] + options)
            expectError(output, 64)
            #expect(output.bytes.isEmpty)
        }

        @Test("A refusal of transcode names the file")
        func transcodeRefusals() async throws {
            let low = try await Signal(8_000, channels: 1, seconds: 1, kind: .wav16).write(in: folder)
            let text = try folder.write(Array("just words\n".utf8), to: "words.mp3")
            for (arguments, words) in [
                ([low, "--rendition", "mp3-320"], ["8000-1", "mp3-320"]), ([text, "--rendition", "mp3-128"], ["words.mp3"]),
                ([folder.path + "/nothing.flac", "--rendition", "mp3-128"], ["nothing.flac"]),
                ([folder.path, "--rendition", "mp3-128"], [folder.path])
            ] {
                let output = try await run(Program.sweetspot, ["transcode"] + arguments)
                expectError(output, 1)
                for word in words { #expect(output.errors.contains(word), "\(output.errors)") }
                #expect(output.bytes.isEmpty)
            }
        }

        @Test("inspect says what ingest finds")
        func inspect() async throws {
            let signal = Signal(96_000, channels: 6, seconds: 1, kind: .flac24)
            let path = try await signal.write(in: folder)
            let output = try await sweetspot("inspect", path, "--json")
            let found = try JSONDecoder().decode(Inspection.self, from: Data(output.bytes))
            #expect(output.status == 0 && found.accepted && found.file == path && found.warnings == [])
            #expect(found.codec == "flac" && found.container == "flac" && found.sampleRate == 96_000 && found.channels == 6)
            let size = try bytes(of: path).count
            #expect(found.samples == signal.samples)
            #expect(found.bytes == size)
            #expect(found.renditions?.contains("mp3-320") == true && found.renditions?.contains("opus-24") == true)
            let sum = try await make("sha256sum", [path])
            #expect(found.sha256 == String(sum.text.prefix(64)))
            let text = try await sweetspot("inspect", path)
            #expect(text.status == 0 && text.text.contains("sampleRate: 96000\n"))
        }

        @Test("A file's name ends no line and moves no cursor")
        func hostileName() async throws {
            let data = try TemporaryFolder()
            let name = "a\n\u{1B}[2Jb\u{9B}\u{202E}c.mp3"
            try folder.write(Array("fLaC, not".utf8), to: name)
            func expectLines(_ text: String) {
                #expect(text.contains(#"a\n\u{1B}[2Jb\u{9B}\u{202E}c.mp3"#), "\(text.debugDescription)")
                #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || ["\u{9B}", "\u{202E}"].contains($0) })
                #expect(!text.contains("\n\u{1B}") && !text.contains("a\n"))
            }
            for arguments in [["import", folder.path, "--data", data.path], ["inspect", "\(folder.path)/\(name)"]] {
                let output = try await run(Program.sweetspot, arguments)
                #expect(output.status == 1)
                expectLines(output.text + output.errors)
            }
            try await Server.run(["--open", "--music", folder.path]) { server in
                let hasSpoken = try await eventually(within: .seconds(30)) { server.log.contains("not imported") }
                #expect(hasSpoken)
                expectLines(server.log)
            }
        }

        @Test("import takes in a folder, names what it refuses, and knows what it has")
        func importFolder() async throws {
            let data = try TemporaryFolder()
            for rate in [44_100, 48_000] { _ = try await Signal(rate, seconds: 1).write(in: folder) }
            let bad = try folder.write(Array("#EXTM3U\n/etc/passwd\n".utf8), to: "deep/er/list.mp3")
            try folder.write(Array("not music".utf8), to: "notes.txt")
            let first = try await sweetspot("import", folder.path, "--data", data.path)
            #expect(first.status == 1 && first.text.hasPrefix("2 imported, 0 already there, 1 refused\n"), "\(first.text)")
            #expect(first.text.hasSuffix("\n  \(bad)\n") && first.text.contains("\n1 refused: "), "\(first.text)")
            #expect(
                first.errorLines.count == 3 && first.errorLines.contains { $0.hasPrefix("\(bad): refused: ") }, "\(first.errors)")
            try FileManager.default.removeItem(atPath: bad)
            let again = try await sweetspot("import", folder.path, "--data", data.path)
            #expect(
                again.status == 0 && again.text == "0 imported, 2 already there, 0 refused\n1 passed over: 1 text\n",
                "\(again.text)")
            #expect(TemporaryFolder.files(under: data.path + "/incoming") == [])
            let missing = try await sweetspot("import", folder.path + "/none", "--data", data.path)
            #expect(missing.status == 1)
            try await Server.run(data: data) { server in
                let tracks = try await server.client.tracks()
                #expect(Set(tracks.map(\.sampleRate)) == [44_100, 48_000])
                for track in tracks { _ = try await server.client.whole(try #require(track.stream("opus-64")).url) }
            }
        }

        @Test("import --link shares the file's blocks")
        func importLink() async throws {
            let data = try TemporaryFolder()
            let path = try await Signal(seconds: 1).write(in: folder)
            let output = try await sweetspot("import", path, "--data", data.path, "--link")
            #expect(output.status == 0, "\(output.errors)")
            let stored = TemporaryFolder.files(under: data.path + "/originals").filter { !$0.contains(".") }
            let inodes = try ([path] + stored.map { data.path + "/originals/" + $0 }).map {
                try FileManager.default.attributesOfItem(atPath: $0)[.systemFileNumber] as? NSNumber
            }
            #expect(inodes.count == 2 && inodes[0] == inodes[1])
        }

        @Test("serve says its URL within a second, and ends on SIGTERM in the middle of streams")
        func serve() async throws {
            let path = try await Signal(seconds: 60).write(in: folder)
            // A debug build on a busy machine is given more time.
            let limit = Duration.seconds(Program.isLong ? 1 : 10)
            try await Server.run { server in
                #expect(server.startTime < limit)
                print("serve's URL after \(server.startTime)")
                let track = try await server.add(path)
                #expect(!server.process.codecs("render").isEmpty)
                // Server.run ends it now, with this answer half read.
                let response = try await server.client.open(try #require(track.stream("mp3-320")).url)
                for try await _ in response.body { break }
            }
        }

        @Test(
            "Serve that cannot run says why",
            arguments: [
                ["--music", "/tmp"], ["--open", "--token", "t"], ["--open", "--host", "0.0.0.0"], ["--open", "--port", "70000"],
                ["--open", "--config", "/nowhere.yaml"], ["--token", ""], ["--open", "--originals", "ftp://127.0.0.1"],
                ["--open", "--originals", "http://127.0.0.1:1", "--music", "/tmp"]
            ])
        func serveUsage(options: [String]) async throws {
            expectError(try await run(Program.sweetspot, ["serve", "--data", folder.path] + options, seconds: 30), 64)
        }

        @Test("A taken port is an error, not a trap")
        func takenPort() async throws {
            try await Server.run { server in
                let port = try #require(server.client.base.split(separator: ":").last.map(String.init))
                let output = try await run(
                    Program.sweetspot, ["serve", "--open", "--data", folder.path, "--port", port], seconds: 30)
                #expect([1, 64, 70].contains(output.status) && output.bytes.isEmpty, "\(output.status) \(output.errors)")
                #expect(
                    output.errorLines.last?.hasPrefix("sweetspot: ") == true && output.errors.contains(port), "\(output.errors)")
            }
        }
    }
}
