import Foundation
import TestSupport
import Testing

extension EndToEnd {
    @Suite("A folder with films, pictures and playlists", .tags(.http), .timeLimit(.minutes(10)))
    struct FolderTests {
        private struct Lists: Decodable {
            struct Item: Decodable {
                let id: String
                let name: String
            }
            let items: [Item]
        }

        private struct Titles: Decodable {
            struct Item: Decodable { let title: String }
            let items: [Item]
        }

        /// Songs, a text, and playlists in Latin-1, UTF-16 and with URLs, of which one names what is not there.
        private func folder() async throws -> TemporaryFolder {
            let folder = try TemporaryFolder()
            for (rate, name) in [(44_100, "Über.wav"), (48_000, "sub/Génève"), (32_000, "sp ace #1.wav")] {
                let path = try await Signal(rate, seconds: 1).write(in: folder)
                try folder.write(try bytes(of: path), to: name)
                try FileManager.default.removeItem(atPath: path)
            }
            try folder.write(Array("words".utf8), to: "notes.txt")
            let latin1 = [UInt8](Array("sub\\G".utf8) + [0xE9] + Array("n".utf8) + [0xE8] + Array("ve\r\n".utf8) + [0xDC])
            try folder.write(latin1 + Array("ber.wav\r\n".utf8), to: "latin1.m3u")
            let wide = [0xFEFF] + Array("U\u{308}ber.wav\r\n".utf16)
            try folder.write(wide.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }, to: "wide.m3u8")
            try folder.write(Array("file:///C:/x/sub/G%C3%A9n%C3%A8ve\nsp%20ace%20%231.wav\ngone.wav\n".utf8), to: "urls.m3u8")
            return folder
        }

        private func playlists(_ client: Client) async throws -> [String: [String]] {
            var found: [String: [String]] = [:]
            for list in try await client.get("/api/v1/playlists").json(Lists.self).items {
                #expect(found[list.name] == nil, "\(list.name) is there twice")
                found[list.name] = try await client.get("/api/v1/playlists/\(list.id)/tracks").json(Titles.self).items.map(
                    \.title)
            }
            return found
        }

        private static let expected = ["latin1": ["Génève", "Über"], "wide": ["Über"], "urls": ["Génève", "sp ace #1"]]

        @Test("A folder makes the same locker by import, push and --music, and each names what it left out")
        func sameLocker() async throws {
            let folder = try await folder()
            let data = try TemporaryFolder()
            for turn in 1...2 {
                let output = try await sweetspot("import", folder.path, "--data", data.path)
                let counts = turn == 1 ? "3 imported, 0 already there" : "0 imported, 3 already there"
                #expect(output.status == 0 && output.text.hasPrefix("\(counts), 0 refused\n"), "\(output.text)")
                #expect(output.text.contains("\n1 passed over: 1 text\n"), "\(output.text)")
                #expect(output.text.contains("\n3 playlists\n") == (turn == 1), "\(output.text)")
                #expect(output.text.contains("urls.m3u8:3: gone.wav\n"), "\(output.text)")
            }
            try await Server.run(data: data) { server in
                let found = try await playlists(server.client)
                #expect(found == Self.expected)
            }

            try await Server.run(["--open", "--music", folder.path]) { server in
                let isWhole = try await eventually(within: .seconds(60)) { try await playlists(server.client) == Self.expected }
                #expect(isWhole)
                #expect(server.log.contains("gone.wav"))
            }

            try await Server.run(token: "s3cret") { server in
                let state = try TemporaryFolder()
                for turn in 1...2 {
                    let output = try await run(
                        "/usr/bin/env",
                        [
                            "XDG_STATE_HOME=\(state.path)", Program.sweetspot, "push", folder.path, "--server",
                            server.client.base,
                            "--key", "s3cret"
                        ])
                    let counts = turn == 1 ? "3 sent, 0 already there" : "0 sent, 3 already there"
                    #expect(
                        output.status == 0 && output.text.hasPrefix("\(counts), 0 refused\n"), "\(output.text) \(output.errors)")
                    #expect(output.text.contains("\n1 passed over: 1 text\n"), "\(output.text)")
                    #expect(output.text.contains("urls.m3u8:3: gone.wav\n"), "\(output.text)")
                    #expect(try await playlists(server.client) == Self.expected)
                }
            }
        }

        private static let cases = "../shared/cases"

        @Test(
            "The reported folders are taken in whole (koel#1249, airsonic#646, navidrome#4385)",
            .enabled(if: FileManager.default.fileExists(atPath: cases), "no ../shared/cases"))
        func reported() async throws {
            let data = try TemporaryFolder()
            let films = try await sweetspot("import", Self.cases + "/folder", "--data", data.path)
            print("folder: \(films.text)\(films.errors)")
            #expect(
                films.text.hasPrefix("4 imported, 0 already there, 0 refused\n") || films.text.hasPrefix("3 imported, 1 already"))
            let lists = try await sweetspot("import", Self.cases + "/playlists", "--data", data.path)
            print("playlists: \(lists.text)")
            #expect(lists.status == 0 && lists.text.contains("nfc-for-nfd.m3u8:1: Café.mp3\n"))
            try await Server.run(data: data) { server in
                let found = try await playlists(server.client)
                #expect(found["latin1"]?.count == 3 && found["utf8bom"]?.count == 2, "\(found)")
            }
        }
    }
}
