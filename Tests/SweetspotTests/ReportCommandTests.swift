import Audio
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Locker

extension EndToEnd {
    @Suite("The report command")
    struct ReportCommandTests {
        private static let day = 86_400_000
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func report(_ arguments: String..., data: String? = nil) async throws -> Output {
            try await run(Program.sweetspot, ["report", "--data", data ?? folder.path] + arguments)
        }

        /// The month that began or begins some months from now.
        private func month(_ distance: Int) throws -> (text: String, start: Int) {
            var calendar = Calendar(identifier: .gregorian)
            calendar.timeZone = .gmt
            let first = try #require(calendar.date(from: calendar.dateComponents([.year, .month], from: .now)))
            let date = try #require(calendar.date(byAdding: .month, value: distance, to: first))
            return (date.ISO8601Format().prefix(7).description, Int(date.timeIntervalSince1970 * 1000))
        }

        /// Puts twelve accounts into the catalogue that opted in two months before the month and played the same on two days of it;
        /// one of them has a track of its own.
        private func fill(_ start: Int) async throws {
            let clock = Mutex(start - 60 * Self.day)
            let catalogue = Catalogue(database: try SQLiteDatabase(path: folder.path + "/catalogue.sqlite")) {
                clock.withLock { $0 }
            }
            defer { try? catalogue.close() }
            for number in 1...12 {
                let account = try await catalogue.addAccount(named: "listener\(number)", password: .ofNobody, plan: "free")
                try await catalogue.setTaste(true, account: account)
                var songs = [TrackTags(title: "Song", artist: "<b>Wide</b>", album: "Album", genres: ["Rock"])]
                if number == 1 { songs.append(TrackTags(title: "secret demo", artist: "Hidden")) }
                for (place, tags) in songs.enumerated() {
                    let hash = try #require(OriginalHash(bytes: (0..<32).map { _ in UInt8(number * 2 + place) }))
                    let arrival = Arrival(hash: hash, map: try map(tags), measures: SoundMeasures(), title: "-")
                    let announcement = try await catalogue.announce(arrival.files.compactMap(\.self))
                    let track = try await catalogue.add(arrival, account: account, announced: announcement).track
                    for day in [2, 5] {
                        let isNoted = try await catalogue.markPlayed(
                            id: track.id, account: account, at: start + day * Self.day, source: .player)
                        #expect(isNoted)
                    }
                }
            }
        }

        private func map(_ tags: TrackTags) throws -> TrackMap {
            var packets = PacketTable()
            let fits = packets.append(offset: 44, size: 4000, samples: 1000)
            try #require(fits)
            let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
            return TrackMap(
                container: "wav", source: source, originalBytes: 4044, leadIn: 0, samples: 4_410_000, packets: packets,
                usesPacketFile: false, tags: tags)
        }

        @Test("A month's report is made once and is the same after restarts, removals and from a backup, in each format")
        func made() async throws {
            // An empty server's report is empty, and makes the key.
            let empty = try await report()
            #expect(empty.status == 0 && empty.errors.isEmpty, "\(empty.errors)")
            #expect(empty.text.hasPrefix("# Listening in \(try month(-1).text). Mode k") && empty.text.contains("Fewer than 10"))
            #expect(empty.text.split(separator: "\r\n").count == 2)
            let key = try FileManager.default.attributesOfItem(atPath: folder.path + "/keys/reports")
            #expect(key[.posixPermissions] as? Int == 0o600 && key[.size] as? Int == 32)

            let (month, start) = try month(-2)
            try await fill(start)
            let backup = try TemporaryFolder()
            let restored = backup.path + "/data"
            try FileManager.default.copyItem(atPath: folder.path, toPath: restored)

            let page = folder.path + "/report.html"
            let first = try await report("--month", month)
            #expect(first.status == 0 && first.errors.isEmpty, "\(first.errors)")
            #expect(first.text.contains("artist,\"<b>Wide</b>\",\"\",10,20,\r\n"), "\(first.text)")
            #expect(first.text.contains("genre,\"Rock\"") && first.text.contains("release,\"Album\",\"<b>Wide</b>\",10,20,"))
            let json = try await report("--month", month, "--format", "json")
            #expect(try await report("--month", month, "--format", "html", "--output", page).bytes.isEmpty)
            let html = try String(contentsOfFile: page, encoding: .utf8)
            #expect(html.contains("&lt;b&gt;Wide&lt;/b&gt;") && !html.contains("<b>"))
            for text in [first.text, json.text, html] { #expect(!text.contains("secret") && !text.contains("Hidden")) }

            for number in 1...12 {
                let removal = try await sweetspot("account", "remove", "listener\(number)", "--data", folder.path)
                #expect(removal.status == 0, "\(removal.errors)")
            }
            #expect(try await report("--month", month, "--mode", "k").bytes == first.bytes)
            #expect(try await report("--month", month, "--format", "json").bytes == json.bytes)
            #expect(try await report("--month", month, "--format", "json", data: restored).bytes == json.bytes)

            let other = try await report("--month", month, "--mode", "dp")
            #expect(other.status == 1 && other.bytes.isEmpty && other.errors.contains("was made in mode k"), "\(other.errors)")
        }

        @Test("Reports with noise say what they spend, and end when the year's budget is spent")
        func spends() async throws {
            let refused = try await report("--month", "2024-01", "--mode", "dp", "--budget", "0.04")
            #expect(refused.status == 1 && refused.errors.contains("budget") && refused.errorLines.count == 1)
            let first = try await report("--month", "2024-01", "--mode", "dp", "--budget", "0.1")
            #expect(first.status == 0 && first.errorLines.count == 1 && first.errors.contains("rho 0.05; epsilon 1.72"))
            let second = try await report("--month", "2024-03", "--mode", "dp", "--budget", "0.1")
            #expect(second.status == 0 && second.errors.contains("up to this one: rho 0.1;"), "\(second.errors)")
            #expect(try await report("--month", "2024-02", "--mode", "dp", "--budget", "0.1").status == 1)
            // What is made can be read whatever is left, and other years are free.
            #expect(try await report("--month", "2024-01", "--budget", "0").bytes == first.bytes)
            #expect(try await report("--month", "2025-01", "--mode", "dp", "--budget", "0.05").status == 0)
        }

        @Test("What cannot be reported is refused in one line")
        func refused() async throws {
            for (arguments, status, word) in [
                (["--month", "2026-13"], 64, "2026-13"), (["--month", try month(0).text], 64, "not over"),
                (["--month", "2025-01", "--exclude", "nobody"], 1, "nobody"), (["--mode", "x"], 64, "mode"),
                (["--budget", "-1"], 64, "budget")
            ] as [([String], Int32, String)] {
                let output = try await run(Program.sweetspot, ["report", "--data", folder.path] + arguments)
                #expect(output.status == status && output.bytes.isEmpty, "\(arguments): \(output.errors)")
                #expect(output.errorLines.count == 1 && output.errors.contains(word), "\(output.errors)")
            }
        }
    }
}
