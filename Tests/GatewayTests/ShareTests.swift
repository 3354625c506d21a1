import Foundation
import Hummingbird
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// An account with songs, on a server of accounts.
private struct Owner {
    let server: RunningServer
    let id: Int64
    let name: String
    let key: (String, String)

    init(plan: String = "any") async throws {
        server = try #require(RunningServer.current)
        name = uniqueName("owner")
        let catalogue = server.application.catalogue
        id = try await catalogue.addAccount(named: name, password: .ofNobody, plan: plan)
        key = ("Authorization", "Bearer \(try await catalogue.addKey(account: id, label: "", scopes: .all).secret.text)")
    }

    func song(_ seed: UInt64, title: String = "T", seconds: Double = 0.3) async throws -> String {
        let track = try await server.upload(Sound.wav(seconds: seconds, seed: seed), name: "\(seed).wav", [key])
        let id = try #require(track["id"]?.text)
        _ = try await send(.PATCH, "/api/v1/tracks/\(id)", #"{"title":"\#(title)","artist":"A","album":"L","track":1}"#)
        return id
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: String? = nil) async throws -> Reply {
        try await server.send(method, path, [key], body: body.map { Array($0.utf8) })
    }

    func share(_ body: String) async throws -> JSON {
        let made = try await send(.POST, "/api/v1/shares", body)
        try #require(made.status == 201, "\(made.text)")
        #expect(made["Location"] == "/api/v1/shares/\(try made.json["id"]?.text ?? "")")
        return try made.json
    }

    /// What the share's link shows to whoever has it.
    func shown(_ share: JSON, _ query: String = "") async throws -> Reply {
        let path = try #require(share["url"]?.text)
        return try await server.get("/api/v1/shared/\(path.dropFirst("/share/".count))\(query)")
    }

    func ticket(_ share: JSON) async throws -> String {
        try #require(try await shown(share).json["items"]?.list?.first?["ticket"]?.text)
    }
}

private func time(in seconds: Double) -> String {
    Timestamp.text(milliseconds: Int((Date.now.timeIntervalSince1970 + seconds) * 1000))
}

@Suite(
    "Shares", .tags(.codec, .http), .serialized,
    .server(access: .accounts) {
        $0.plans.given = ["any": Plan(), "one": Plan(streams: 1)]
        $0.cacheIsPublic = true
    }, .timeLimit(.minutes(10)))
struct ShareTests {
    @Test("A share is shown to whoever has its link, with what a player needs and nothing more")
    func shown() async throws {
        let owner = try await Owner()
        let server = owner.server
        let (a, b) = (try await owner.song(900, title: "a"), try await owner.song(901, title: "b"))
        let album = try #require(try await owner.send(.GET, "/api/v1/tracks/\(a)").json["albumId"]?.text)
        let list = try await owner.send(.POST, "/api/v1/playlists", #"{"name":"P","tracks":["\#(b)"]}"#).json
        let end = time(in: 3600)
        let cases = [
            (#"{"tracks":["\#(b)","\#(a)"],"description":"für dich","expires":"\#(end)"}"#, "tracks", "b", [b, a]),
            (#"{"album":"\#(album)","description":"für dich","expires":"\#(end)"}"#, "album", "L", nil),
            (#"{"playlist":"\#(list["id"]?.text ?? "")","description":"für dich","expires":"\#(end)"}"#, "playlist", "P", [b])
        ]
        for (body, kind, name, ids) in cases {
            let share = try await owner.share(body)
            #expect(
                share.keys == [
                    "id", "url", "kind", "name", "description", "tracks", "created", "expires", "visited", "visits"
                ])
            #expect(share["kind"]?.text == kind && share["name"]?.text == name && share["visited"] == .null)
            #expect(share["description"]?.text == "für dich" && share["expires"]?.text == end && share["visits"] == .number(0))
            let reply = try await owner.shown(share)
            #expect(reply.status == 200 && reply["Cache-Control"] == "private, no-cache" && reply["ETag"] != nil)
            let document = try reply.json
            #expect(document.keys == ["name", "by", "description", "expires", "items", "next"])
            #expect(document["name"]?.text == name && document["by"]?.text == owner.name && document["next"] == .null)
            let items = try #require(document["items"]?.list)
            #expect(share["tracks"] == .number(Double(items.count)))
            if let ids { #expect(items.compactMap { $0["id"]?.text } == ids) } else { #expect(items.count == 2) }
            for item in items {
                #expect(
                    item.keys == [
                        "id", "title", "artist", "artists", "album", "track", "disc", "duration", "art", "loudness", "samples",
                        "sampleRate", "codec", "renditions", "ticket"
                    ])
            }
            // What has a link has a page.
            #expect(try await server.get(try #require(share["url"]?.text)).status == 200)
            // A visit is one GET of the first page.
            let path = "/api/v1/shared/\(share["url"]?.text?.dropFirst(7) ?? "")"
            #expect(try await server.send(.HEAD, path).status == 200)
            let first = try await owner.shown(share, "?limit=1").json
            if let next = first["next"]?.text {
                let rest = try await owner.shown(share, "?limit=1&after=\(next)").json["items"]?.list
                #expect(rest?.first?["id"] == items[1]["id"])
            }
            let seen = try await owner.send(.GET, "/api/v1/shares/\(share["id"]?.text ?? "")").json
            #expect(seen["visits"] == .number(2) && seen["visited"]?.text != nil)
            #expect(seen["url"] == share["url"])
        }
        let listed = try await owner.send(.GET, "/api/v1/shares?limit=2").json
        #expect(listed["items"]?.list?.compactMap { $0["kind"]?.text } == ["playlist", "album"] && listed["next"] != .null)
    }

    @Test("A share's tickets open its tracks' media in every rendition, and neither an original nor another track")
    func tickets() async throws {
        let owner = try await Owner()
        let server = owner.server
        let (a, b) = (try await owner.song(902), try await owner.song(903))
        let share = try await owner.share(#"{"tracks":["\#(a)"]}"#)
        let ticket = try await owner.ticket(share)
        for path in ["/stream/\(a)/mp3-64", "/hls/\(a)/aac.m3u8", "/hls/\(a)/opus-96/0.m4s", "/dash/\(a)/opus.mpd"] {
            let reply = try await server.get("\(path)?ticket=\(ticket)")
            #expect(reply.status == 200, "\(path): \(reply.text.prefix(200))")
            // Another's cache would go on after the end of the share.
            #expect(reply["Cache-Control"]?.hasPrefix("private") == true)
        }
        let own = try #require(try await owner.send(.POST, "/api/v1/tracks/\(a)/ticket").json["ticket"]?.text)
        #expect(try await server.get("/stream/\(a)/mp3-64?ticket=\(own)")["Cache-Control"]?.hasPrefix("public") == true)
        #expect(try await server.get("/stream/\(a)/original?ticket=\(own)").status == 200)
        for path in ["/stream/\(a)/original", "/stream/\(b)/mp3-64", "/api/v1/tracks", "/api/v1/shares"] {
            let reply = try await server.get("\(path)?ticket=\(ticket)")
            #expect([401, 404].contains(reply.status), "\(path)")
        }
        // The same without the share is no ticket, and neither is one of a share that does not have the track.
        let parts = ticket.split(separator: ".")
        #expect(parts.count == 6)
        let without = (parts[..<4] + parts[5...]).joined(separator: ".")
        try expectProblem(try await server.get("/stream/\(a)/mp3-64?ticket=\(without)"), 401, "unauthorised")
        let list = try await owner.send(.POST, "/api/v1/playlists", #"{"name":"P","tracks":["\#(a)"]}"#).json["id"]?.text ?? ""
        let followed = try await owner.ticket(try await owner.share(#"{"playlist":"\#(list)"}"#))
        #expect(try await server.get("/stream/\(a)/mp3-64?ticket=\(followed)").status == 200)
        #expect(try await owner.send(.PATCH, "/api/v1/playlists/\(list)", #"{"tracks":["\#(b)"]}"#).status == 200)
        try await server.get("/stream/\(a)/mp3-64?ticket=\(followed)", by: .HEAD) { $0.status == 401 }
    }

    @Test("A share that is unknown, deleted or expired is one and the same 404, and its tickets end at once")
    func ends() async throws {
        let owner = try await Owner()
        let server = owner.server
        let song = try await owner.song(904, seconds: 3)
        let share = try await owner.share(#"{"tracks":["\#(song)"]}"#)
        let short = try await owner.share(#"{"tracks":["\#(song)"],"expires":"\#(time(in: 3600))"}"#)
        let (ticket, shortTicket) = (try await owner.ticket(share), try await owner.ticket(short))
        let path = "/stream/\(song)/mp3-64?ticket="
        // From memory, too.
        let range = ("Range", "bytes=2000-2999")
        let hot = try await server.metrics["sweetspot_hot_answers_total"] ?? 0
        for _ in 0..<50 where try await server.metrics["sweetspot_hot_answers_total"] ?? 0 == hot {
            for _ in 0..<2 { #expect(try await server.get(path + ticket, range).status == 206) }
        }
        #expect(try await server.metrics["sweetspot_hot_answers_total"] ?? 0 > hot)
        #expect(try await server.get(path + shortTicket).status == 200)
        let end = try #require(shortTicket.split(separator: ".").dropFirst(3).first.flatMap { Int($0) })
        #expect(Double(end) <= Date.now.timeIntervalSince1970 + 3600, "a ticket outlives its share")
        #expect(try await owner.send(.DELETE, "/api/v1/shares/\(share["id"]?.text ?? "")").status == 204)
        try expectProblem(try await server.get(path + ticket, range), 401, "unauthorised")
        let gone = try await owner.shown(share)
        try expectProblem(gone, 404, "not-found")
        let soon = #"{"expires":"\#(time(in: 1))"}"#
        #expect(try await owner.send(.PATCH, "/api/v1/shares/\(short["id"]?.text ?? "")", soon).status == 200)
        try await server.get(path + shortTicket, by: .HEAD) { $0.status == 401 }
        try await server.get("/api/v1/shared/\(short["url"]?.text?.dropFirst(7) ?? "")") { $0.status == 404 }
        let url = try #require(short["url"]?.text)
        let token = String(url.dropFirst("/share/".count))
        var wrong = [
            token, String(token.dropLast()), token + "A", String(token.reversed()), "x", String(repeating: "x", count: 44)
        ]
        for place in [0, 21, 22, 43] {
            var letters = Array(token)
            letters[place] = letters[place] == "a" ? "b" : "a"
            wrong.append(String(letters))
        }
        for token in wrong {
            let reply = try await server.get("/api/v1/shared/\(token)")
            #expect(reply.status == 404 && reply.body == gone.body, "\(token)")
        }
        // Its owner gives it another end, and with it the link and the tickets come back.
        let id = short["id"]?.text ?? ""
        #expect(try await owner.send(.PATCH, "/api/v1/shares/\(id)", #"{"expires":null}"#).json["expires"] == .null)
        #expect(try await owner.shown(short).status == 200)
        #expect(try await server.get(path + (try await owner.ticket(short))).status == 200)
    }

    @Test("A stream of a share ends when the share is deleted")
    func endsStreams() async throws {
        let owner = try await Owner()
        let server = owner.server
        let song = try await owner.song(905, seconds: 300)
        let share = try await owner.share(#"{"tracks":["\#(song)"]}"#)
        let ticket = try await owner.ticket(share)
        let before = try await server.metrics["sweetspot_first_byte_seconds_count"] ?? 0
        try await RawConnection.run(to: server, isStalled: true) { connection in
            let path = "/stream/\(song)/mp3-320?download=1&ticket=\(ticket)"
            try await connection.send("GET \(path) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
            _ = try await server.get("/metrics") { $0.series["sweetspot_first_byte_seconds_count"] ?? 0 > before }
            #expect(try await owner.send(.DELETE, "/api/v1/shares/\(share["id"]?.text ?? "")").status == 204)
            try await connection.resume()
            let head = try await connection.read(through: "\r\n\r\n")
            let length = try #require(head.firstMatch(of: #/Content-Length: ([0-9]+)/#).flatMap { Int($0.output.1) })
            let got = await connection.readToEnd().count
            #expect(got < length, "all \(got) bytes came after the share was deleted")
        }
    }

    @Test("Media of a share count as streams of its owner")
    func counted() async throws {
        let owner = try await Owner(plan: "one")
        let server = owner.server
        let (a, b) = (try await owner.song(906, seconds: 3), try await owner.song(907, seconds: 3))
        let ticket = try await owner.ticket(try await owner.share(#"{"tracks":["\#(b)"]}"#))
        #expect(try await server.get("/stream/\(a)/mp3-64", owner.key).status == 200)
        let refused = try await server.get("/stream/\(b)/mp3-64?ticket=\(ticket)")
        try expectProblem(refused, 429, "too-many-streams", track: b)
    }

    @Test("A share that cannot be is refused: 400 for what it says, 404 for what another has, 507 beyond 1,000")
    func refused() async throws {
        let owner = try await Owner()
        let other = try await Owner()
        let song = try await owner.song(908)
        let album = try #require(try await owner.send(.GET, "/api/v1/tracks/\(song)").json["albumId"]?.text)
        let list = try await owner.send(.POST, "/api/v1/playlists", #"{"name":"P","tracks":[]}"#).json["id"]?.text ?? ""
        let path = "/api/v1/shares"
        let long = String(repeating: "a", count: 1001)
        for body in [
            "", "[]", "{}", #"{"tracks":[]}"#, #"{"tracks":["\#(song)"],"album":"\#(album)"}"#, #"{"tracks":"\#(song)"}"#,
            #"{"tracks":["\#(song)"],"description":"\#(long)"}"#, #"{"tracks":["\#(song)"],"description":"a\u0007b"}"#,
            #"{"tracks":["\#(song)"],"expires":"\#(time(in: -1))"}"#, #"{"tracks":["\#(song)"],"expires":"tomorrow"}"#,
            #"{"tracks":["\#(song)"],"expires":5}"#, #"{"tracks":["\#(song)"],"expires":"+2030-01-01T00:00:00Z"}"#,
            #"{"tracks":[\#(Array(repeating: "\"\(song)\"", count: 1001).joined(separator: ","))]}"#
        ] { try expectProblem(try await owner.send(.POST, path, body), 400, nil) }
        let most = Array(repeating: "\"\(song)\"", count: 1000).joined(separator: ",")
        #expect(try await owner.share(#"{"tracks":[\#(most)]}"#)["tracks"] == .number(1000))
        let nobody = String(repeating: "x", count: 22)
        for body in [
            #"{"tracks":["\#(song)","\#(nobody)"]}"#, #"{"album":"\#(nobody)"}"#, #"{"playlist":"\#(nobody)"}"#
        ] { try expectProblem(try await owner.send(.POST, path, body), 404, "not-found") }
        for body in [#"{"tracks":["\#(song)"]}"#, #"{"album":"\#(album)"}"#, #"{"playlist":"\#(list)"}"#] {
            try expectProblem(try await other.send(.POST, path, body), 404, "not-found")
        }
        let share = try await owner.share(#"{"playlist":"\#(list)"}"#)
        let place = "\(path)/\(share["id"]?.text ?? "")"
        for body in [#"{"expires":"\#(time(in: -1))"}"#, #"{"description":"\#(long)"}"#, "[]"] {
            try expectProblem(try await owner.send(.PATCH, place, body), 400, nil)
        }
        #expect(try await owner.send(.GET, place).json == share)
        #expect(try await owner.send(.PATCH, place, #"{"description":"neu"}"#).json["description"]?.text == "neu")
        let catalogue = owner.server.application.catalogue
        for _ in 2..<Share.most {
            _ = try await catalogue.addShare(of: .playlist(list), description: "", expires: nil, account: owner.id)
        }
        try expectProblem(try await owner.send(.POST, path, #"{"playlist":"\#(list)"}"#), 507, "over-quota")
        #expect(try await owner.send(.DELETE, place).status == 204)
        #expect(try await owner.send(.POST, path, #"{"playlist":"\#(list)"}"#).status == 201)
    }
}

@Suite("A share's link", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct ShareLinkTests {
    /// Every byte of the files of the catalogue.
    private func catalogue(_ server: RunningServer) throws -> Data {
        try ["", "-wal"].reduce(into: Data()) { all, end in
            all += try Data(contentsOf: server.data.appending(path: "catalogue.sqlite\(end)"))
        }
    }

    @Test("The link's token is in no line of the log and in no file of the catalogue, and goes with no lock of a token")
    func isSecret() async throws {
        struct Fault: Error {}
        let log = LogLines()
        let further = RunningServer.FurtherRoutes { routes, _ in
            routes.resource("/fault/:token", [.read(.everybody, nil) { _, _ in throw Fault() }])
        }
        let token = ("Authorization", "Bearer a-token-of-the-server")
        try await RunningServer.run(access: .token("a-token-of-the-server"), logger: log.logger, adding: further) { server in
            let song = try #require(try await server.upload(Sound.wav(seconds: 0.3), name: "a.wav", [token])["id"]?.text)
            let made = try await server.send(
                .POST, "/api/v1/shares", [token], body: Array(#"{"tracks":["\#(song)"]}"#.utf8))
            let url = try #require(try made.json["url"]?.text)
            let secret = String(url.dropFirst("/share/".count))
            let shown = try await server.get("/api/v1/shared/\(secret)")
            #expect(shown.status == 200)
            let ticket = try #require(try shown.json["items"]?.list?.first?["ticket"]?.text)
            #expect(try await server.get("/stream/\(song)/mp3-64?ticket=\(ticket)").status == 200)
            #expect(try await server.get(url).status == 200)
            #expect(try await server.get("/api/v1/shared/\(secret)?limit=0").status == 400)
            #expect(try await server.get("/api/v1/shared/\(secret)x").status == 404)
            #expect(try await server.get("/fault/\(secret)").status == 500)
            _ = try await RawConnection.exchange("GET /api/v1/shared/\(secret) HTTP/1.1\r\n\r\n", with: server)
            #expect(log.all.contains { $0.contains("/fault/:token") })
            let derived = String(secret.suffix(22))
            #expect(!log.all.contains { $0.contains(derived) || $0.contains(ticket) })
            let stored = try catalogue(server)
            #expect(stored.range(of: Data(secret.prefix(22).utf8)) != nil && stored.range(of: Data(derived.utf8)) == nil)
        }
    }
}
