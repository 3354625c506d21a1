import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

extension EndToEnd {
    @Suite("The account commands", .tags(.http))
    struct AccountCommandTests {
        private let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        private func account(_ words: String, input: String = "") async throws -> Output {
            try await run(
                "/bin/sh", ["-c", "printf '\(input)' | '\(Program.sweetspot)' account \(words) --data '\(folder.path)'"])
        }

        @Test("Plays are taken over from exports, once; a malformed one is refused with its line")
        func history() async throws {
            #expect(try await account("add ada", input: "correct horse\\ncorrect horse\\n").status == 0)
            let song = try await Signal(seconds: 3).write(in: folder)
            #expect(try await sweetspot("import", song, "--data", folder.path, "--account", "ada").status == 0)
            let title = URL(filePath: song).deletingPathExtension().lastPathComponent
            let good = folder.path + "/good.csv"
            let bad = folder.path + "/bad.csv"
            try "uts,artist,track\n1700000000,Nobody,\(title)\n,x,y\n".write(toFile: good, atomically: true, encoding: .utf8)
            try "uts,artist,track\n1700000000,x,y\nnever,x,y\n".write(toFile: bad, atomically: true, encoding: .utf8)
            let first = try await account("import-history ada '\(good)'")
            #expect(first.status == 0, "\(first.errors)")
            let counts = "0 new plays, 0 known, 1 of unknown tracks, 1 ignored, 0 older than what is kept"
            #expect(first.text.contains(counts), "\(first.text)")
            for (words, word) in [
                ("ada '\(bad)'", "line 3"), ("ada /nowhere", "cannot be read"), ("bob '\(good)'", "not found")
            ] {
                let output = try await account("import-history \(words)")
                #expect(output.status == 1 && output.errorLines.count == 1 && output.errors.contains(word), "\(output.errors)")
            }
        }

        @Test("Of an export as many plays are kept as the account's plan in the configuration keeps, and as long")
        func keptHistory() async throws {
            #expect(try await account("add ada", input: "correct horse\\ncorrect horse\\n").status == 0)
            let song = try await Signal(seconds: 3).write(in: folder)
            let tagged = folder.path + "/tagged.flac"
            try await make("ffmpeg", ["-v", "error", "-i", song, "-metadata", "title=T", "-metadata", "artist=A", tagged])
            #expect(try await sweetspot("import", tagged, "--data", folder.path, "--account", "ada").status == 0)
            let now = Int(Date.now.timeIntervalSince1970)
            let times = [now - 400 * 86_400] + (1...4).map { now - $0 * 3600 }
            let export = folder.path + "/export.csv"
            try ("uts,artist,track\n" + times.map { "\($0),A,T\n" }.joined())
                .write(toFile: export, atomically: true, encoding: .utf8)
            let config = folder.path + "/sweetspot.yaml"
            try "plans:\n  free:\n    history: 3\nlimits:\n  history: 365d\n"
                .write(toFile: config, atomically: true, encoding: .utf8)
            let bounded = try await account("import-history ada '\(export)' --config '\(config)'")
            #expect(bounded.text.contains(": 4 new plays, 0 known, 0 of unknown tracks, 0 ignored, 1 older than"), "\(bounded)")
            let again = try await account("import-history ada '\(export)' --config '\(config)'")
            #expect(again.text.contains(": 0 new plays, 3 known, 0 of unknown tracks, 0 ignored, 2 older than"), "\(again)")
            let all = try await account("import-history ada '\(export)'")
            #expect(all.text.contains(": 2 new plays, 3 known, 0 of unknown tracks, 0 ignored, 0 older than"), "\(all)")
        }

        @Test("An account is added, listed, given a key that opens its locker alone, and removed with its music")
        func life() async throws {
            #expect(try await account("add ada", input: "correct horse\\ncorrect horse\\n").status == 0)
            #expect(try await account("add eve --plan family", input: "correct horse\\ncorrect horse\\n").status == 0)
            for (words, input, status, word) in [
                ("add ADA", "correct horse\\ncorrect horse\\n", 1, "already"),
                ("add bob", "correct horse\\ncorrect hers\\n", 64, "differ"),
                ("add bob", "correct horse\\n", 64, "twice"), ("add bob", "short\\nshort\\n", 64, "8"),
                ("add \"a b\"", "correct horse\\ncorrect horse\\n", 64, "name"), ("plan bob family", "", 1, "not found"),
                ("key bob", "", 1, "not found"), ("app-password bob", "", 1, "not found"), ("remove bob", "", 64, "not found"),
                ("key ada --scopes root", "", 64, "scopes")
            ] {
                let output = try await account(words, input: input)
                #expect(output.status == Int32(status), "\(words): \(output.errors)")
                #expect(output.errorLines.count == 1 && output.errors.hasPrefix("sweetspot: ") && output.errors.contains(word))
            }
            #expect(try await account("plan ada family").status == 0)
            let listed = try await account("list")
            #expect(listed.text.contains("ada\tfamily\t0 tracks") && listed.text.contains("eve\tfamily\t0 tracks"))
            let keys = try await ["ada", "eve"].mapInOrder { name in
                let output = try await account("key \(name)")
                #expect(output.status == 0)
                return ["Authorization": "Bearer \(output.text.split(separator: "\n").last.map(String.init) ?? "")"]
            }

            let song = try await Signal(seconds: 3).write(in: folder)
            #expect(try await sweetspot("import", song, "--data", folder.path, "--account", "ada").status == 0)
            #expect(try await sweetspot("import", song, "--data", folder.path, "--account", "nobody").status == 64)
            try await Server.run(data: folder, []) { server in
                #expect(!server.log.contains("setup"))
                #expect(try await server.client.get("/api/v1/tracks").status == 401)
                #expect(try await server.client.get("/api/v1/tracks", keys[0]).text.contains("\"sha256\""))
                #expect(try await !server.client.get("/api/v1/tracks", keys[1]).text.contains("\"sha256\""))
                // Another process removes the account: its key is good for a second at most, and its bytes are gone.
                #expect(server.stored.isEmpty == false)
                #expect(try await account("remove ada").status == 0)
                let isShut = try await eventually(within: .seconds(60)) {
                    try await server.client.get("/api/v1/tracks", keys[0]).status == 401
                }
                #expect(isShut && server.stored.isEmpty)
            }
        }

        @Test("An app password is alone on the last line, opens Subsonic's API of a running server, and is not the account's")
        func appPassword() async throws {
            #expect(try await account("add ada", input: "correct horse\\ncorrect horse\\n").status == 0)
            // The key is made by whichever comes first.
            let first = try await account("app-password ada --label phone")
            #expect(first.status == 0 && first.text.split(separator: "\n").count == 1)
            try await Server.run(data: folder, []) { server in
                func ping(_ password: String) async throws -> String {
                    try await server.client.get("/rest/ping.view?u=ADA&p=\(password)&v=1.16.1&c=test&f=json").text
                }
                let second = try await account("app-password ada")
                for output in [first, second] {
                    let password = output.text.trimmingCharacters(in: .newlines)
                    #expect(password.utf8.count == 20)
                    #expect(try await ping(password).contains("\"status\":\"ok\""))
                    #expect(!server.log.contains(password))
                }
                #expect(try await ping("correct%20horse").contains("\"code\":40"))
            }
            let keys = try FileManager.default.attributesOfItem(atPath: folder.path + "/keys/app-passwords")
            #expect(keys[.posixPermissions] as? Int == 0o600 && keys[.size] as? Int == 32)
        }

        @Test("A removed account's streams end within two seconds, though they wait between two pieces")
        func removal() async throws {
            let song = try await Signal(seconds: 100).write(in: folder)
            try await Server.run(data: folder, []) { server in
                var times: [Duration] = []
                // On a busy machine one attempt may be late.
                let names = ["ada", "eve", "joe", "ann", "bob", "cyd", "dan", "eli"]
                for name in names where times.min() ?? .seconds(60) > .seconds(2) {
                    #expect(try await account("add \(name)", input: "correct horse\\ncorrect horse\\n").status == 0)
                    #expect(try await sweetspot("import", song, "--data", folder.path, "--account", name).status == 0)
                    let secret = try await account("key \(name)").text.split(separator: "\n").last.map(String.init) ?? ""
                    let key = ["Authorization": "Bearer \(secret)"]
                    let list = try await server.client.get("/api/v1/tracks", key).json(Track.List.self)
                    let track = try #require(list.items.first)
                    let response = try await server.client.open("/stream/\(track.id)/mp3-128", key)
                    try #require(response.status == .ok)
                    var body = response.body.makeAsyncIterator()
                    var count = 0
                    // A minute comes as fast as it is read, the rest a piece every two seconds.
                    while count < 62 * 16_000, let piece = try await body.next() { count += piece.readableBytes }
                    #expect(try await account("remove \(name)").status == 0)
                    let start = ContinuousClock.now
                    await #expect(throws: (any Error).self) {
                        while let piece = try await body.next() { count += piece.readableBytes }
                    }
                    times.append(ContinuousClock.now - start)
                    #expect(count < 100 * 16_000)
                }
                #expect(times.min() ?? .seconds(60) < .seconds(2), "\(times)")
            }
        }

        @Test("The first start prints a link for the first account, and no start after it")
        func firstStart() async throws {
            try await Server.run(data: folder, []) { server in
                let isPrinted = try await eventually(within: .seconds(60)) { server.log.contains("/setup?code=") }
                #expect(isPrinted)
                let link = try #require(server.log.split(whereSeparator: \.isWhitespace).first { $0.contains("/setup?code=") })
                let page = try #require(URL(string: String(link)))
                let answer = try await server.client.get("\(page.path)?\(page.query ?? "")")
                #expect(answer.status == 200 && answer.text.contains("<script type=\"module\" src=\"/web/"))
            }
            #expect(try await account("add ada", input: "correct horse\\ncorrect horse\\n").status == 0)
            try await Server.run(data: folder, []) { server in #expect(!server.log.contains("/setup")) }
        }
    }
}

extension Array {
    fileprivate func mapInOrder<Value>(_ body: (Element) async throws -> Value) async throws -> [Value] {
        var values: [Value] = []
        for element in self { values.append(try await body(element)) }
        return values
    }
}
