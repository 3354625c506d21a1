import NIOHTTP1
import Testing

/// A `Range` field and what it must be answered with.
struct RangeCase: Sendable, CustomTestStringConvertible {
    enum Answer: Sendable, Equatable {
        case whole
        case part(Range<Int>)
        case notSatisfiable
    }

    let testDescription: String
    /// The field and its answer, for a file of this length.
    let make: @Sendable (_ length: Int) -> (field: String, answer: Answer)

    private init(_ name: String, _ make: @escaping @Sendable (Int) -> (String, Answer)) {
        testDescription = name
        self.make = make
    }

    private static func fixed(_ field: String, _ answer: @escaping @Sendable (Int) -> Answer) -> RangeCase {
        RangeCase(field) { (field, answer($0)) }
    }

    static let all: [RangeCase] =
        [
            fixed("bytes=0-0") { _ in .part(0..<1) },
            fixed("bytes=0-") { .part(0..<$0) },
            fixed("bytes=1000-2999") { _ in .part(1000..<3000) },
            fixed("bytes=-1") { .part($0 - 1..<$0) },
            fixed("bytes=-5000") { .part($0 - 5000..<$0) },
            fixed("bytes=-18446744073709551616") { .part(0..<$0) },
            fixed("bytes=4096-99999999999999999999") { .part(4096..<$0) },
            fixed("BYTES=7-8") { _ in .part(7..<9) },
            RangeCase("the last byte") { ("bytes=\($0 - 1)-", .part($0 - 1..<$0)) },
            RangeCase("beyond the end") { ("bytes=\($0)-", .notSatisfiable) },
            fixed("bytes=-0") { _ in .notSatisfiable },
            fixed("bytes=18446744073709551615-") { _ in .notSatisfiable }
        ]
        + [
            "bytes=0-0,2-3", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes=", "bytes", "items=0-1", "bytes=0-0-0", "bytes=--5",
            "bytes=+0-5", "bytes=0x0-5", "bytes=1.5-3", "bytes 0-5", "0-5"
        ].map { fixed($0) { _ in .whole } }
}

extension OpenServer {
    @Suite("A Stream by byte range")
    struct StreamAnswerTests {
        let songs: SongServer
        var server: RunningServer { songs.server }
        var song: SongServer.Song { songs.song }

        init() throws { songs = try #require(SongServer.current) }

        static let types = ["mp3-128": "audio/mpeg", "opus-64": "audio/ogg; codecs=opus", "original": "audio/flac"]
        static let suffixes = ["mp3-128": "mp3", "opus-64": "opus", "original": "flac"]

        /// Checks every field that says what the file is.
        private func expectFields(_ reply: Reply, _ name: String, length: Int) throws {
            #expect(reply["ETag"] == "\"\(song.entityTag(name))\"")
            #expect(reply["Accept-Ranges"] == "bytes")
            #expect(reply["Cache-Control"] == "private, max-age=86400, no-transform")
            #expect(reply["Content-Type"] == Self.types[name])
            #expect(reply["Content-Length"] == "\(length)")
            #expect(reply["X-Content-Type-Options"] == "nosniff")
            #expect(reply["Transfer-Encoding"] == nil && reply["Last-Modified"] == nil)
            let suffix = try #require(Self.suffixes[name])
            let title = "He%20said%20%22AC_DC%22%20_%20100%20%25%20f%C3%BCr%20%F0%9F%8E%B5"
            let disposition = "inline; filename=\"He said _AC_DC_ _ 100 _ f_r _.\(suffix)\"; filename*=UTF-8''\(title).\(suffix)"
            #expect(reply["Content-Disposition"] == disposition)
        }

        @Test("GET and HEAD answer each Range as RFC 9110 says", arguments: ["mp3-128", "opus-64", "original"])
        func ranges(name: String) async throws {
            let path = "/stream/\(song.id)/\(name)"
            let whole = try await server.get(path)
            #expect(whole.status == 200 && whole.body.count == song.length(name))
            try expectFields(whole, name, length: whole.body.count)
            #expect(whole["Content-Range"] == nil)
            if name == "original" { #expect(whole.body == song.file) }

            for test in RangeCase.all {
                let (field, answer) = test.make(whole.body.count)
                let reply = try await server.get(path, ("Range", field))
                switch answer {
                case .whole:
                    #expect(reply.status == 200 && reply.body == whole.body, "\(field)")
                    #expect(reply["Content-Range"] == nil, "\(field)")
                case .part(let range):
                    #expect(reply.status == 206 && reply.body == Array(whole.body[range]), "\(field)")
                    #expect(reply["Content-Range"] == "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(whole.body.count)")
                    try expectFields(reply, name, length: range.count)
                case .notSatisfiable:
                    try expectProblem(reply, 416, "bad-range")
                    #expect(reply["Content-Range"] == "bytes */\(whole.body.count)", "\(field)")
                    #expect(reply["Accept-Ranges"] == "bytes")
                }
                let head = try await server.send(.HEAD, path, [("Range", field)])
                #expect(head.status == 200 && head.body.isEmpty && head["Content-Range"] == nil, "\(field)")
                try expectFields(head, name, length: whole.body.count)
            }
            let twice = try await server.get(path, ("Range", "bytes=0-0"), ("Range", "bytes=1-1"))
            #expect(twice.status == 200 && twice.body == whole.body)
        }

        enum Condition: String, CaseIterable {
            case tag, weak, list, weakInList, twoLines, star
            case other, unquoted, otherWeak, empty
        }

        @Test("If-None-Match gets 304 if it names the tag, weakly compared", arguments: Condition.allCases)
        func ifNoneMatch(condition: Condition) async throws {
            let tag = "\"\(song.entityTag("mp3-96"))\""
            let fields =
                switch condition {
                case .tag: [tag]
                case .weak: ["W/\(tag)"]
                case .list: ["\"a\",\(tag) , \"b\""]
                case .weakInList: ["\"a\", W/\(tag)"]
                case .twoLines: ["\"a\"", tag]
                case .star: ["*"]
                case .other: ["\"\(String(repeating: "0", count: 32))\""]
                case .unquoted: [String(tag.dropFirst().dropLast())]
                case .otherWeak: ["W/\"a\""]
                case .empty: [""]
                }
            let headers = fields.map { ("If-None-Match", $0) } + [("Range", "bytes=0-9")]
            let isMatch = [Condition.tag, .weak, .list, .weakInList, .twoLines, .star].contains(condition)
            for method: HTTPMethod in [.GET, .HEAD] {
                let reply = try await server.send(method, "/stream/\(song.id)/mp3-96.mp3", headers)
                #expect(reply.status == (isMatch ? 304 : method == .GET ? 206 : 200))
                #expect(reply["ETag"] == tag)
                #expect(reply["Cache-Control"] == "private, max-age=86400, no-transform")
                guard isMatch else { continue }
                #expect(reply.body.isEmpty)
                #expect(reply["Content-Length"] == nil && reply["Content-Type"] == nil && reply["Content-Range"] == nil)
            }
        }

        @Test(
            "If-Range lets the range through for the strong tag alone",
            arguments: [
                ("TAG", 206), ("W/TAG", 200), ("\"0\"", 200), ("*", 200), ("Sun, 22 Nov 2026 20:54:36 GMT", 200),
                ("Tue, 01 Jan 2999 00:00:00 GMT", 200), ("", 200)
            ])
        func ifRange(field: String, status: Int) async throws {
            let field = field.replacing("TAG", with: "\"\(song.entityTag("mp3-96"))\"")
            let path = "/stream/\(song.id)/mp3-96"
            let reply = try await server.get(path, ("If-Range", field), ("Range", "bytes=500-2499"))
            #expect(reply.status == status && reply.body.count == (status == 206 ? 2000 : song.length("mp3-96")))
            // A condition that fails takes an unsatisfiable range with it.
            let beyond = try await server.get(path, ("If-Range", field), ("Range", "bytes=99999999-"))
            #expect(beyond.status == (status == 206 ? 416 : 200))
            let alone = try await server.get(path, ("If-Range", field))
            #expect(alone.status == 200)
        }

        @Test("Dates are no validators of a Stream")
        func dates() async throws {
            let reply = try await server.get(
                "/stream/\(song.id)/mp3-96", ("If-Modified-Since", "Tue, 01 Jan 2999 00:00:00 GMT"),
                ("If-Unmodified-Since", "Mon, 01 Jan 1990 00:00:00 GMT"))
            #expect(reply.status == 200)
        }

        @Test(
            "A current v is immutable for a year, a stale one redirects and keeps the rest", arguments: ["mp3-96.mp3", "original"]
        )
        func versions(file: String) async throws {
            let path = "/stream/\(song.id)/\(file)"
            let version = song.entityTag(String(file.prefix { $0 != "." })).prefix(8)
            for headers in [[], [("Range", "bytes=0-9")], [("If-None-Match", "*")]] {
                let current = try await server.send(.GET, "\(path)?v=\(version)", headers)
                #expect([200, 206, 304].contains(current.status))
                #expect(current["Cache-Control"] == "private, max-age=31536000, immutable")
            }
            let stale = [
                "?v=00000000": "", "?v=": "", "?v": "", "?v=\(version)0": "", "?a=b%20c&v=1&ticket=x.y&d": "&a=b%20c&ticket=x.y&d"
            ]
            for (query, rest) in stale {
                for method: HTTPMethod in [.GET, .HEAD] {
                    let reply = try await server.send(method, path + query, [("Range", "bytes=0-9")])
                    #expect(reply.status == 307 && reply.body.isEmpty, "\(query)")
                    #expect(reply["Location"] == "\(path)?v=\(version)\(rest)", "\(query)")
                    #expect(reply["Cache-Control"] == "no-store")
                }
            }
            // A Location of two slashes would lead to a host called stream.
            let slashes = try await server.get("/\(path)?v=1")
            #expect(slashes.status == 404 && slashes["Location"] == nil)
        }

        @Test("Tags and lengths are what the track's JSON said, and every rung is its own")
        func everyRendition() async throws {
            let renditions = try #require(song.document["renditions"]?.list)
            for rendition in renditions {
                let head = try await server.send(.HEAD, try #require(rendition["url"]?.text))
                #expect(head.status == 200)
                if let bytes = rendition["bytes"]?.integer { #expect(head["Content-Length"] == "\(bytes)") }
                #expect(head["ETag"] == rendition["etag"]?.text.map { "\"\($0)\"" })
                #expect(head["Content-Type"] == rendition["type"]?.text)
                #expect(head["Cache-Control"] == "private, max-age=31536000, immutable")
            }
            #expect(Set(renditions.map { $0["etag"]?.text }).count == renditions.count)
            let original = try await server.send(.HEAD, try #require(song.document["original"]?.text))
            #expect(original["Cache-Control"] == "private, max-age=31536000, immutable")
        }

        @Test(
            "A name is a rung, alone or with its own extension, and every other name gets 404",
            arguments: [
                ("mp3-128", 200, ""), ("mp3-128.mp3", 200, ""), ("opus-64.opus", 200, ""), ("original", 200, ""),
                ("original.flac", 200, ""),
                ("mp3-128.opus", 404, "not-found"), ("opus-64.ogg", 404, "not-found"), ("original.mp3", 404, "not-found"),
                ("mp3-128.MP3", 404, "not-found"), ("mp3-128.", 404, "not-found"), ("mp3-128.mp3.mp3", 404, "not-found"),
                ("mp3-129", 404, "not-found"), ("MP3-128", 404, "not-found"), ("mp3", 404, "not-found"),
                ("aac-96", 200, ""), ("aac-32.m4a", 200, ""), ("aac-96.mp4", 404, "not-found"), ("aac-97", 404, "not-found"),
                ("flac", 404, "rendition-not-offered"), (".mp3", 404, "not-found"), ("mp3-0128", 404, "not-found"),
                ("%00", 404, "not-found"),
                ("mp3-128%00", 404, "not-found"), ("mp3-128.mp3/x", 404, "not-found"), ("%2e%2e", 404, "not-found")
            ])
        func names(name: String, status: Int, slug: String) async throws {
            let reply = try await server.get("/stream/\(song.id)/\(name)", ("Range", "bytes=0-9"))
            if status == 200 {
                #expect(reply.status == 206)
            } else {
                try expectProblem(reply, status, slug, track: slug == "not-found" ? nil : song.id)
            }
            let head = try await server.send(.HEAD, "/stream/\(song.id)/\(name)")
            #expect(head.status == status && head.body.isEmpty)
            let nobody = try await server.get("/stream/\(String(repeating: "0", count: 22))/\(name)")
            try expectProblem(nobody, 404, "not-found")
        }

        @Test("A rung above a lossy source is not offered, and the answer names the track")
        func notOffered() async throws {
            let names = songs.low.document["renditions"]?.list?.compactMap { $0["name"]?.text } ?? []
            #expect(names.filter { $0.hasPrefix("mp3") } == ["mp3-48"])
            for name in ["mp3-320", "mp3-64.mp3", "opus-160"] {
                let reply = try await server.get("/stream/\(songs.low.id)/\(name)")
                try expectProblem(reply, 404, "rendition-not-offered", track: songs.low.id)
            }
            #expect(try await server.get("/stream/\(songs.low.id)/mp3-48").status == 200)
        }

        @Test("Pages of any origin may play: CORS on every answer of /stream and on nothing else")
        func crossOrigin() async throws {
            let origin = ("Origin", "https://player.example")
            let path = "/stream/\(song.id)/mp3-96"
            for reply in [
                try await server.get(path, origin, ("Range", "bytes=0-9")),
                try await server.get(path, origin, ("Range", "bytes=-0")),
                try await server.get(path, origin, ("If-None-Match", "*")), try await server.get(path + "?v=1", origin),
                try await server.get("/stream/x/y", origin), try await server.send(.PUT, path)
            ] {
                #expect(reply["Access-Control-Allow-Origin"] == "*", "\(reply.status)")
                let exposed = Set((reply["Access-Control-Expose-Headers"] ?? "").split(separator: ", ").map(String.init))
                #expect(exposed.isSuperset(of: ["Accept-Ranges", "Content-Length", "Content-Range", "ETag"]))
                #expect(reply["Access-Control-Allow-Credentials"] == nil)
            }
            let preflight = try await server.send(
                .OPTIONS, path,
                [origin, ("Access-Control-Request-Method", "GET"), ("Access-Control-Request-Headers", "range, authorization")])
            #expect(preflight.status == 204 && preflight.body.isEmpty && preflight["Content-Length"] == nil)
            #expect(preflight["Access-Control-Allow-Origin"] == "*")
            #expect(preflight["Access-Control-Allow-Methods"] == "GET, HEAD")
            let allowed = Set((preflight["Access-Control-Allow-Headers"] ?? "").split(separator: ", ").map { $0.lowercased() })
            #expect(allowed.isSuperset(of: ["authorization", "range", "if-range", "if-none-match"]))
            for path in ["/api/v1/tracks", "/healthz", "/metrics", "/nothing"] {
                #expect(try await server.get(path, origin)["Access-Control-Allow-Origin"] == nil)
            }
        }
    }
}
