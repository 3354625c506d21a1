import Foundation
import NIOCore
import TestSupport
import Testing

extension EndToEnd {
    @Suite("Files that are no music, or only in part", .tags(.http, .oracle, .slow))
    struct RefusalTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        /// Uploads each file while somebody listens, and checks that nothing is left of those that are refused.
        private func upload(
            _ files: [(name: String, bytes: [UInt8])], _ check: (Server, String, Answer) async throws -> Void
        ) async throws {
            let music = try TemporaryFolder()
            let path = try await Signal(seconds: 8).write(in: music)
            try await Server.run { server in
                let listening = try await server.add(path)
                let body = try await server.client.whole(listening.renditions[0].url)
                for (name, bytes) in files {
                    let before = server.stored
                    async let played = server.client.whole(listening.renditions[0].url)
                    let answer = try await server.client.upload(bytes, name: name)
                    #expect(try await played == body, "the other listener, during \(name)")
                    if ![200, 201].contains(answer.status) {
                        expectProblem(answer, name)
                        #expect(server.stored == before, "\(name)")
                    }
                    #expect(server.incoming == [], "\(name)")
                    #expect(server.process.codecs("ingest").isEmpty, "\(name)")
                    try await check(server, name, answer)
                }
                #expect(try await server.client.metric("sweetspot_worker_exits_total") == 0)
            }
        }

        private func expectProblem(_ answer: Answer, _ name: String) {
            let slugs = [413: "too-large", 415: "unsupported-format", 422: "undecodable"]
            let problem = try? answer.json(ProblemDocument.self)
            #expect(answer["content-type"] == "application/problem+json", "\(name)")
            #expect(
                slugs[answer.status].map { problem?.type == "/problems/\($0)" } == true,
                "\(name): \(answer.status) \(answer.text)")
            #expect(problem?.status == answer.status && problem?.detail.isEmpty == false, "\(name): \(answer.text)")
        }

        /// A ZIP archive of 200 empty files: local headers, central directory and its end (APPNOTE 4.3).
        private static let archive: [UInt8] = {
            func words(_ values: Int...) -> [UInt8] { values.flatMap { [UInt8($0 & 255), UInt8($0 >> 8 & 255)] } }
            let names = (100..<300).map { Array("\($0).txt".utf8) }
            let locals = names.map { Array("PK\u{3}\u{4}".utf8) + words(20, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, $0.count, 0) + $0 }
            var offset = 0
            let directory = zip(names, locals).flatMap { name, local in
                defer { offset += local.count }
                return Array("PK\u{1}\u{2}".utf8) + words(20, 20, 0, 0, 0, 33, 0, 0, 0, 0, 0, 0, name.count, 0, 0, 0, 0, 0, 0)
                    + words(offset, 0) + name
            }
            let end = Array("PK\u{5}\u{6}".utf8) + words(0, 0, 200, 200, directory.count, 0, offset, 0, 0)
            return locals.flatMap { $0 } + directory + end
        }()

        @Test("A file without sound is refused with a reason, over HTTP and on the command line")
        func nothingToHear() async throws {
            let words = Array(String(repeating: "It was a dark and stormy night. ", count: 400).utf8)
            let playlist = "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n"
            let files: [(name: String, bytes: [UInt8])] = [
                ("words.mp3", words), ("words.flac", words), ("list.mp3", Array(playlist.utf8)),
                ("list.m4a", Array(playlist.utf8)),
                ("zip.mp3", Self.archive), ("empty.mp3", []), ("byte.wav", [0x52]),
                ("zeros.mp3", Array(repeating: 0, count: 100_000)),
                ("magic.flac", Array("fLaC".utf8)), ("magic.ogg", Array("OggS".utf8)),
                ("magic.wav", Array("RIFF\u{4}\0\0\0WAVE".utf8))
            ]
            try await upload(files) { _, name, answer in #expect([415, 422].contains(answer.status), "\(name): \(answer.status)")
            }
            for (name, bytes) in files {
                let path = try folder.write(bytes, to: "local/" + name)
                let output = try await sweetspot("inspect", path)
                #expect(output.status == 1 && output.text.contains("reason: "), "\(name): \(output.text) \(output.errors)")
                let transcode = try await sweetspot("transcode", path, "--rendition", "mp3-48")
                #expect(transcode.status == 1 && transcode.bytes.isEmpty, "\(name)")
                #expect(
                    transcode.errors.hasPrefix("sweetspot: \(path): ") && transcode.errorLines.count == 1, "\(transcode.errors)")
            }
        }

        @Test("A file cut anywhere is refused, or plays up to the damage with a warning")
        func cut() async throws {
            try await inParallel(2, ["flac", "mp3", "wav", "ogg", "m4a", "opus", "aac"]) { try await cut($0) }
        }

        private func cut(_ suffix: String) async throws {
            let folder = try TemporaryFolder()
            let path = folder.path + "/whole.\(suffix)"
            let signal = Signal(48_000, seconds: 5)
            try await make("ffmpeg", ["-nostdin", "-v", "error", "-i", try await signal.write(in: folder), "-vn", path])
            let whole = try bytes(of: path)
            let places = [3, 100, 700, whole.count / 3, whole.count / 2, whole.count * 9 / 10, whole.count - 2]
            let files = [("whole.\(suffix)", whole)] + places.map { ("cut-\($0).\(suffix)", Array(whole.prefix($0))) }
            var length = 0
            var played = 0
            try await upload(files) { server, name, answer in
                guard answer.status == 201 else { return }
                let track = try answer.json(Track.self)
                if name.hasPrefix("whole") {
                    length = track.samples
                    #expect(track.warnings == [], "\(suffix)")
                    return
                }
                played += 1
                #expect(track.samples <= length, "\(name)")
                #expect(track.samples == length || !track.warnings.isEmpty, "\(name): \(track.samples) of \(length) samples")
                // Of a few milliseconds ffprobe cannot tell that they are MP3; of Opus it can.
                let stream = try #require(track.renditions.first { $0.isOpus })
                let body = try await server.client.whole(stream.url)
                let file = try folder.write(body.readableBytesView, to: "\(name).\(stream.ladder)")
                let sound = try await Judge.examine(file, isOpus: stream.isOpus)
                #expect(
                    sound.complaints == "" && sound.samples == track.outputSamples(at: sound.rate), "\(name): \(sound.complaints)"
                )
            }
            #expect(abs(length - signal.samples) < 3000, "\(suffix)")
            // Without its index at the end, an MP4 has no sound to give.
            #expect(suffix == "m4a" ? played <= 1 : played >= 4, "\(played) of \(places.count) cuts of \(suffix) played")
        }

        @Test(
            "Every broken file of the corpus is refused or plays",
            .enabled(if: Corpus.isThere, "SWEETSPOT_CORPUS names no folder"))
        func malformed() async throws {
            let paths =
                Program.isLong ? Corpus.malformed : Corpus.malformed.enumerated().filter { $0.offset % 10 == 0 }.map(\.element)
            var taken = 0
            let files = try paths.map { (name: "broken", bytes: try bytes(of: $0)) }
            try await upload(files) { server, _, answer in
                guard answer.status == 201 else { return }
                taken += 1
                let track = try answer.json(Track.self)
                let stream = track.renditions[0]
                #expect(try await server.client.whole(stream.url).readableBytes == stream.bytes)
            }
            print("broken files: \(paths.count), with sound: \(taken)")
            #expect(paths.count >= (Program.isLong ? 150 : 15) && taken > 0 && taken < paths.count)
        }
    }
}
