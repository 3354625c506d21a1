import Audio
import Foundation
import Locker
import NIOHTTP1
import Packaging
import TestSupport
import Testing

@testable import Gateway

/// Texts in which a delimiter is no Character of its own: a mark stands behind it, or a sign before it that takes it in.
private let hidden: [String] = {
    let delimiters = ["&", "<", ">", "\"", "'", "/", "\\", "=", ":", ";", ",", "%", "*", "?", "|"]
    let marks = ["", "\u{301}", "\u{338}", "\u{200D}", "\u{FE0F}", "\u{1F3FD}", "\u{20DD}"]
    return delimiters.flatMap { delimiter in
        marks.map { "a\(delimiter)\($0)b" } + ["a\u{600}\(delimiter)b", "\(delimiter)\u{301}script\u{600}\(delimiter)"]
    }
}()

private let turning = "\u{202E}gpj.\u{2066}exe\u{2069}\u{200F}"

/// What Tests/Oracles/escaped.py says: parsers of another language.
private struct Verdict: Decodable {
    var problems: [String]
    var names: [String]

    static let isThere = areInstalled("python3")

    static func of(_ question: [String: Any]) throws -> Verdict {
        let folder = try TemporaryFolder()
        let input = try folder.write(try JSONSerialization.data(withJSONObject: question), to: "question")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Oracles/escaped.py").standardized
        let output = try runBlocking("python3", ["-B", script.path], input: input)
        return try JSONDecoder().decode(Verdict.self, from: Data(output.bytes))
    }
}

private func encoded(_ text: String) -> String { text.queryEncoded }

@Suite(
    "Escaping works by scalars", .tags(.codec, .http, .oracle), .enabled(if: Verdict.isThere, "python3 is not installed"),
    .timeLimit(.minutes(10)))
struct EscapingTests {
    @Test("A `<` with a combining mark behind it is no markup to html.parser and expat")
    func markup() throws {
        let texts = hidden + ["\t\r\n \u{85}\u{2028}", "&amp;lt;", "]]>", "<!--"]
        let verdict = try Verdict.of(["markup": texts.map { [$0, $0.markup] }])
        #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
    }

    @Test("A slash with a combining mark behind it is none in Content-Disposition")
    func disposition() throws {
        let pairs = (hidden + ["a\u{1B}\r\nSet-Cookie: b\u{9B}", turning, String(repeating: "🎵", count: 100)]).map { title in
            // Any other text is the name as it is.
            let unwanted = Set("/\\\u{1B}\r\n\u{9B}".unicodeScalars)
            let turns = Set("\u{202E}\u{2066}\u{2069}\u{200F}".unicodeScalars)
            let scalars = title.unicodeScalars.prefix(60).filter { !turns.contains($0) }.map { unwanted.contains($0) ? "_" : $0 }
            let name = String(String.UnicodeScalarView(scalars)) + ".flac"
            return [name, contentDisposition(title: title, fileExtension: "flac")]
        }
        let verdict = try Verdict.of(["disposition": pairs])
        #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
        #expect(pairs.allSatisfy { $0[1].utf8.count < 1024 })
        #expect(contentDisposition(title: "", fileExtension: "mp3").contains("\"track.mp3\""))
    }

    @Test("Forty thousand songs of one title get forty thousand names, at once")
    func equalNames() {
        var names = ExportNames()
        var taken: Set<String> = []
        // Some have titles that look like what others are numbered with.
        for number in 2..<200 { taken.insert(names.unique("music/a/b/One (\(number))", "mp3").lowercased()) }
        for number in 0..<40_000 {
            let title = ["One", "ONE", "one"][number % 3]
            taken.insert(names.unique("music/a/b/\(title)", "mp3").lowercased())
        }
        #expect(taken.count == 40_198)
        #expect(names.unique("music/a/b/Stra\u{DF}e\u{301}", "mp3") == "music/a/b/Stra\u{DF}e\u{301}.mp3")
        #expect(names.unique("music/a/b/STRASSE\u{301}", "mp3") == "music/a/b/STRASSE\u{301} (2).mp3")
        #expect(names.unique("music/a/b/Stra\u{DF}\u{E9}", "mp3") == "music/a/b/Stra\u{DF}\u{E9} (3).mp3")
    }

    @Test("A value of a label cannot end it")
    func labels() {
        let metrics = PrometheusMetrics()
        _ = metrics.makeCounter(label: "a", dimensions: [("b", "c\"\u{301}\\\u{301}\nd")])
        #expect(metrics.text() == "# TYPE a counter\na{b=\"c\\\"\u{301}\\\\\u{301}\\nd\"} 0\n")
    }

    @Test("An export of hostile titles, artists and playlists is unpacked where it should be, and so is a download")
    func export() async throws {
        try await RunningServer.run { server in
            let titles = [
                "a/\u{301}../\u{338}b", "..\\\u{301}..\\x", "../../etc/passwd", turning, "CON", "\u{301}a", "C:\u{301}\\",
                "Equal", "EQUAL",
                "equal", "a\u{600}/b"
            ]
            var ids: [String] = []
            for (number, title) in titles.enumerated() {
                let name = encoded("x/\u{301}\(number)\u{600}.wav")
                let song = try await server.upload(Sound.wav(seconds: 0.1, seed: UInt64(900 + number)), name: name)
                let id = try #require(song["id"]?.text)
                #expect(song["title"]?.text == "\u{301}\(number)\u{600}")
                let edit: [String: Any] = [
                    "title": title, "artist": "..", "albumArtist": "A/\u{301}B", "album": number < 3 ? ".." : "\u{202E}."
                ]
                let changed = try await server.send(
                    .PATCH, "/api/v1/tracks/\(id)", body: Array(try JSONSerialization.data(withJSONObject: edit)))
                #expect(changed.status == 200)
                ids.append(id)
                let reply = try await server.send(.HEAD, "/stream/\(id)/original")
                let value = try #require(reply["Content-Disposition"])
                let file = String(try #require(value.pieces(at: "'").last)).removingPercentEncoding ?? "/"
                #expect(
                    !file.unicodeScalars.contains { "/\\\u{202E}\u{2066}\u{2069}\u{200F}".unicodeScalars.contains($0) },
                    "\(value)")
            }
            for name in ["p/\u{301}..", "p/\u{301}..", "P#EXTINF\u{202E}"] {
                let list: [String: Any] = ["name": name, "tracks": ids]
                let made = try await server.send(
                    .POST, "/api/v1/playlists", body: Array(try JSONSerialization.data(withJSONObject: list)))
                #expect(made.status == 201)
            }
            let archive = server.data.appending(path: "export.zip")
            let reply = try await server.get("/api/v1/me/export")
            try Data(reply.body).write(to: archive)
            let verdict = try Verdict.of(["archive": archive.path])
            #expect(verdict.problems.isEmpty, "\(verdict.problems.joined(separator: "\n"))")
            #expect(verdict.names.count == 8 + 3 + titles.count)
            #expect(
                verdict.names.contains("music/A_\u{301}B/_/Equal.wav") && verdict.names.contains("music/A_\u{301}B/_/_CON.wav"))
        }
    }

    @Test("A ticket in a manifest or a playlist stays a value of its query")
    func manifest() async throws {
        #expect("<\u{338}\"\u{301}".queryEncoded == "%3C%CC%B8%22%CC%81")
        try await RunningServer.run(access: .token("a&\"<'>")) { server in
            let bearer = ("Authorization", "Bearer a&\"<'>")
            let id = try #require(try await server.upload(Sound.wav(seconds: 1, seed: 77), name: "a.wav", [bearer])["id"]?.text)
            let ticket = encoded("a&\"<'>")
            for path in ["/dash/\(id)/aac.mpd", "/hls/\(id)/aac.m3u8", "/hls/\(id)/aac-96/index.m3u8"] {
                let reply = try await server.get("\(path)?ticket=\(ticket)")
                #expect(reply.status == 200 && reply.text.contains("ticket=a%26%22%3C%27%3E"), "\(reply.text)")
            }
        }
    }
}

@Suite("Numbers with a plus sign are no numbers", .tags(.codec, .http), .server(), .timeLimit(.minutes(10)))
struct PlusSignTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    @Test(
        "A plus sign makes no number in queries",
        arguments: ["+5", "%2B5", "-5", "5%CC%81", "%D9%A5", "0x5", "5.0", "%EF%BC%95", ""])
    func queries(number: String) async throws {
        for path in ["tracks", "artists", "albums", "genres", "playlists", "history", "search"] {
            try expectProblem(try await server.get("/api/v1/\(path)?q=ab&limit=\(number)"), 400, nil)
        }
        #expect(try await server.get("/api/v1/tracks?limit=05").status == 200)
    }

    @Test("A plus sign makes no number in a request's fields")
    func fields() async throws {
        let head = "Host: localhost\r\nConnection: close\r\n"
        for length in ["+4", "-4", "0x4", "4 4", "4,"] {
            let upload = "POST /api/v1/tracks?name=a.wav HTTP/1.1\r\n\(head)Content-Length: \(length)\r\n\r\nRIFF"
            #expect(try await RawConnection.exchange(upload, with: server).hasPrefix("HTTP/1.1 400"), "\(length)")
        }
        let tus = [("Tus-Resumable", "1.0.0"), ("Content-Type", "application/offset+octet-stream")]
        for length in ["+4", "4.0", "-4", "0x4", "99999999999999999999"] {
            try expectProblem(try await server.send(.POST, "/api/v1/uploads", tus + [("Upload-Length", length)]), 400, nil)
        }
        let made = try await server.send(.POST, "/api/v1/uploads", [tus[0], ("Upload-Length", "4")])
        let place = try #require(made["Location"])
        for offset in ["+0", "-0", "0x0"] {
            try expectProblem(
                try await server.send(.PATCH, place, tus + [("Upload-Offset", offset)], body: Array("RIFF".utf8)), 400, nil)
        }
        #expect(try await server.send(.DELETE, place, [tus[0]]).status == 204)
    }

    @Test("A plus sign makes no number in ranges and segments")
    func media() async throws {
        let id = try #require(try await server.upload(Sound.wav(seconds: 1, seed: 78), name: "a.wav")["id"]?.text)
        for range in ["bytes=+0-5", "bytes=0-+5", "bytes=+0-+5", "bytes=-+5", "bytes=--5"] {
            #expect(try await server.get("/stream/\(id)/original", ("Range", range)).status == 200, "\(range)")
        }
        #expect(try await server.get("/stream/\(id)/original", ("Range", "bytes=0-5")).status == 206)
        for number in ["+0", "%2B0", "-0", "00"] {
            try expectProblem(try await server.get("/hls/\(id)/aac-96/\(number).m4s"), 404, "not-found")
        }
    }

    @Test(
        "A plus sign makes no number in times",
        arguments: [
            "+2026-11-01T10:00:00Z", "2026-+1-01T10:00:00Z", "2026-11-01T10:00:+5Z", "2026-11-01T10:00:00.+5Z",
            "2026-11-01T10:00:00",
            "20261101T100000Z", "2026-11-01T10:00:00+1:00", "2026-11-01T10:00:00Z\u{301}", "2026-W44-1T10:00:00Z",
            "٢026-11-01T10:00:00Z"
        ])
    func times(time: String) async throws {
        let body = try JSONEncoder().encode(["track": "x", "at": time])
        try expectProblem(try await server.send(.POST, "/api/v1/history", body: Array(body)), 400, nil)
    }

    @Test("A plus sign makes no number in players' hints and in sizes")
    func hints() {
        #expect(CMCD("mtp=+500,bl=-1,dl=5\u{301}").throughput == nil)
        #expect(CMCD("bl=+1,mtp=500,\u{600}dl=3") == CMCD("mtp=500"))
        #expect(CMCD("nor=\"a,b\u{301}\",\u{301}bl=7,mtp=1").nextObject == "a,b\u{301}")
        for text in ["+5", "-5", "5\u{301}", "٥", "+5MiB", "5 \u{301}MiB"] { #expect(ByteSize(text) == nil, "\(text)") }
        #expect(ByteSize("5 MiB")?.bytes == 5 << 20)
    }
}
