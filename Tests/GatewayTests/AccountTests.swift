import Audio
import Crypto
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// Two accounts that may do everything, one on a small plan, and songs of the first.
private struct Accounts {
    let server: RunningServer
    let ada: (id: Int64, key: String)
    let eve: (id: Int64, key: String)

    init() async throws {
        server = try #require(RunningServer.current)
        ada = try await Self.account(uniqueName("ada"), on: server)
        eve = try await Self.account(uniqueName("eve"), on: server)
    }

    static let password = "correct horse battery"
    private static let hash = PasswordHash(of: password)

    static func account(_ name: String, plan: String = "free", on server: RunningServer) async throws -> (id: Int64, key: String)
    {
        let catalogue = server.application.catalogue
        let id = try await catalogue.addAccount(named: name, password: try #require(hash), plan: plan)
        return (id, try await catalogue.addKey(account: id, label: "test", scopes: .all).secret.text)
    }
}

private func bearer(_ key: String) -> (String, String) { ("Authorization", "Bearer \(key)") }

@Suite(
    "A server of accounts", .tags(.codec, .http, .slow), .serialized,
    .server(access: .accounts) {
        $0.plans.given = [
            "small": Plan(quota: ByteSize(1_000_000), best: Rendition(named: "mp3-96"), isLossless: false, streams: 2)
        ]
    }, .timeLimit(.minutes(10)))
struct AccountTests {
    /// A session that the first account has begun.
    private struct Session {
        let server: RunningServer
        /// The account's.
        let name: String
        /// The answer to the login.
        let reply: Reply
        let cookie: (String, String)
        /// The field that a change needs beside the cookie.
        let field = ("X-Requested-With", "sweetspot")
    }

    private func logIn(_ name: String, _ password: String, on server: RunningServer) async throws -> Reply {
        let body = try JSONEncoder().encode(["name": name, "password": password])
        return try await server.send(.POST, "/api/v1/session", body: Array(body))
    }

    private func beginSession() async throws -> Session {
        let accounts = try await Accounts()
        let server = accounts.server
        let name = try #require(try await server.application.catalogue.account(id: accounts.ada.id)?.name)
        let reply = try await logIn(name.uppercased(), Accounts.password, on: server)
        let cookie = try #require(reply["Set-Cookie"])
        return Session(server: server, name: name, reply: reply, cookie: ("Cookie", String(cookie.prefix { $0 != ";" })))
    }

    @Test("Logging in gives a session cookie that scripts and other sites cannot use")
    func cookie() async throws {
        let session = try await beginSession()
        #expect(session.reply.status == 204 && session.reply["Cache-Control"] == "no-store")
        let cookie = try #require(session.reply["Set-Cookie"])
        for attribute in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=2592000"] {
            #expect(cookie.contains(attribute), "\(cookie)")
        }
        #expect(session.cookie.1.hasPrefix("sweetspot_session="))
    }

    @Test("A session opens the account's library and profile")
    func session() async throws {
        let session = try await beginSession()
        #expect(try await session.server.get("/api/v1/tracks", session.cookie).status == 200)
        let me = try await session.server.get("/api/v1/me", session.cookie).json
        #expect(me["name"]?.text == session.name && me["plan"]?.text == "free" && me["quota"] == .number(2_000_000_000))
        #expect(
            me["terms"]
                == .object([
                    "maxRendition": .null, "lossless": .bool(true), "streams": .number(3), "playlists": .number(1000),
                    "playlistTracks": .number(10_000), "history": .number(50_000)
                ]))
    }

    @Test("A change in a session needs a field that pages elsewhere cannot send")
    func changes() async throws {
        let session = try await beginSession()
        let song = Sound.wav(seconds: 0.3, seed: 11)
        let path = "/api/v1/tracks?name=a.wav"
        try expectProblem(try await session.server.send(.POST, path, [session.cookie], body: song), 403, nil)
        #expect(try await session.server.send(.POST, path, [session.cookie, session.field], body: song).status == 201)
        try expectProblem(try await session.server.send(.DELETE, "/api/v1/session", [session.cookie]), 403, nil)
    }

    @Test("A change in a session is for pages of the server's own origin", arguments: ["cross-site", "same-site"])
    func foreignChanges(site: String) async throws {
        let session = try await beginSession()
        let fields = [session.cookie, session.field, ("Sec-Fetch-Site", site), ("Origin", "https://elsewhere.example")]
        for (method, path) in [
            (HTTPMethod.POST, "/api/v1/playlists"), (.PUT, "/api/v1/queue"), (.DELETE, "/api/v1/history"),
            (.DELETE, "/api/v1/session"), (.POST, "/api/v1/keys")
        ] {
            // As a form of another site sends it, and as no browser lets a script send it.
            let plain = fields.filter { $0.0 != session.field.0 }
            for fields in [plain, fields] {
                let reply = try await session.server.send(method, path, fields, body: Array(#"{"name":"x","tracks":[]}"#.utf8))
                try expectProblem(reply, 403, nil)
            }
        }
        #expect(try await session.server.get("/api/v1/playlists", session.cookie).json["items"]?.list?.isEmpty == true)
        let own = [session.cookie, session.field, ("Sec-Fetch-Site", "same-origin")]
        #expect(try await session.server.send(.DELETE, "/api/v1/session", own).status == 204)
    }

    @Test("A stream is for its session alone, also once it comes from memory")
    func sessionStream() async throws {
        let session = try await beginSession()
        let song = Sound.wav(seconds: 0.3, seed: 11)
        let track = try await session.server.upload(song, name: "a.wav", [session.cookie, session.field])
        let path = "/stream/\(try #require(track["id"]?.text))/mp3-64"
        for _ in 1...2 { #expect(try await session.server.get(path, session.cookie).status == 200) }
        try expectProblem(try await session.server.get(path), 401, "unauthorised")
        try expectProblem(try await session.server.get(path, ("Cookie", "sweetspot_session=x")), 401, "unauthorised")
    }

    @Test(
        "A page of another origin can neither log in nor change anything, whichever field the browser tells of it",
        arguments: [
            ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://elsewhere.example"),
            ("Origin", "null"), ("Origin", "http://HOST.elsewhere.example"), ("Origin", "http://localhost:1")
        ])
    func foreignPages(name: String, value: String) async throws {
        let session = try await beginSession()
        let host = "127.0.0.1:\(session.server.port)"
        let right = Array(try JSONEncoder().encode(["name": session.name, "password": Accounts.password]))
        let login = "/api/v1/session"
        let elsewhere = (name, value.replacing("HOST", with: host))
        try expectProblem(try await session.server.send(.POST, login, [elsewhere], body: right), 403, nil)
        let fields = [session.cookie, session.field, elsewhere]
        try expectProblem(try await session.server.send(.DELETE, "/api/v1/history", fields), 403, nil)
        // The server's own, by each scheme: a proxy may end TLS.
        for own in ["http://\(host)", "HTTPS://\(host)"] {
            #expect(try await session.server.send(.POST, login, [("Origin", own)], body: right).status == 204)
            let fields = [session.cookie, session.field, ("Origin", own)]
            #expect(try await session.server.send(.DELETE, "/api/v1/history", fields).status == 204)
        }
    }

    @Test("A wrong password and an unknown name get the same answer")
    func wrongLogin() async throws {
        let session = try await beginSession()
        let wrong = [
            try await logIn(session.name, "wrong horse battery", on: session.server),
            try await logIn("nobody-at-all", Accounts.password, on: session.server)
        ]
        for reply in wrong { try expectProblem(reply, 401, "unauthorised") }
        #expect(wrong[0].text == wrong[1].text)
    }

    @Test("A login that is not a document of a name and a password gets 400")
    func malformedLogin() async throws {
        let server = try #require(RunningServer.current)
        for body in ["", "{", "[]", #"{"name":"a"}"#, #"{"name":1,"password":2}"#, String(repeating: "a", count: 9000)] {
            try expectProblem(try await server.send(.POST, "/api/v1/session", body: Array(body.utf8)), 400, nil)
        }
    }

    @Test("Logging out ends the session, its streams included")
    func logOut() async throws {
        let session = try await beginSession()
        let server = session.server
        let song = Sound.wav(seconds: 0.3, seed: 11)
        let id = try #require(try await server.upload(song, name: "a.wav", [session.cookie, session.field])["id"]?.text)
        #expect(try await server.get("/stream/\(id)/mp3-64", session.cookie).status == 200)
        #expect(try await server.send(.DELETE, "/api/v1/session", [session.cookie, session.field]).status == 204)
        try expectProblem(try await server.get("/api/v1/tracks", session.cookie), 401, "unauthorised")
        try expectProblem(try await server.get("/stream/\(id)/mp3-64", session.cookie), 401, "unauthorised")
    }

    @Test("A key is for its scopes, is shown once, and ends when it is revoked")
    func keys() async throws {
        let accounts = try await Accounts()
        let (server, ada) = (accounts.server, bearer(accounts.ada.key))
        let made = try await server.send(
            .POST, "/api/v1/keys", [ada], body: Array(#"{"label":"phone","scopes":["stream"]}"#.utf8))
        #expect(made.status == 201)
        let document = try made.json
        let (id, key) = (try #require(document["id"]?.text), try #require(document["key"]?.text))
        #expect(made["Location"] == "/api/v1/keys/\(id)")
        let listed = try await server.get("/api/v1/keys", ada)
        #expect(!listed.text.contains(key) && listed.text.contains(id) && listed.text.contains("phone"))
        #expect(try listed.json["next"] == .null)
        let song = try #require(try await server.upload(Sound.wav(seconds: 0.3, seed: 12), name: "a.wav", [ada])["id"]?.text)
        let phone = bearer(key)
        #expect(try await server.get("/stream/\(song)/mp3-64", phone).status == 200)
        for (method, path) in [
            (HTTPMethod.GET, "/api/v1/tracks"), (.POST, "/api/v1/tracks"), (.GET, "/api/v1/keys"), (.DELETE, "/api/v1/history")
        ] {
            try expectProblem(try await server.send(method, path, [phone]), 403, nil)
        }
        for body in [#"{"scopes":["root"]}"#, #"{"scopes":[]}"#, "[]", #"{"label":"\#(String(repeating: "a", count: 201))"}"#] {
            try expectProblem(try await server.send(.POST, "/api/v1/keys", [ada], body: Array(body.utf8)), 400, nil)
        }
        try expectProblem(try await server.send(.DELETE, "/api/v1/keys/\(id)", [bearer(accounts.eve.key)]), 404, "not-found")
        #expect(try await server.send(.DELETE, "/api/v1/keys/\(id)", [ada]).status == 204)
        try expectProblem(try await server.get("/stream/\(song)/mp3-64", phone), 401, "unauthorised")
    }

    /// What is asked of a track; `ID` stands for its id.
    private static let ofTrack: [(HTTPMethod, String)] = [
        (.GET, "/stream/ID/mp3-64"), (.HEAD, "/stream/ID/original"), (.GET, "/stream/ID"), (.GET, "/stream/ID/auto"),
        (.GET, "/art/ID"),
        (.GET, "/hls/ID/aac.m3u8"), (.GET, "/hls/ID/aac-96/0.m4s"), (.GET, "/dash/ID/opus.mpd"),
        (.GET, "/api/v1/tracks/ID"), (.DELETE, "/api/v1/tracks/ID"), (.POST, "/api/v1/tracks/ID/ticket")
    ]

    /// A song of the first account.
    private func uploadSong(_ accounts: Accounts) async throws -> String {
        let song = Sound.wav(seconds: 0.3, seed: 13)
        return try #require(try await accounts.server.upload(song, name: "a.wav", [bearer(accounts.ada.key)])["id"]?.text)
    }

    @Test("Whatever is another account's gets the same answer as what does not exist")
    func unknown() async throws {
        let accounts = try await Accounts()
        let (server, eve) = (accounts.server, bearer(accounts.eve.key))
        let song = try await uploadSong(accounts)
        let nobody = String(repeating: "0", count: 22)
        for (method, path) in Self.ofTrack {
            let replies = [
                try await server.send(method, path.replacing("ID", with: song), [eve]),
                try await server.send(method, path.replacing("ID", with: nobody), [eve])
            ]
            #expect(replies.map(\.status) == [404, 404], "\(path)")
            #expect(replies[0].body == replies[1].body)
        }
        try await expectUnknown(accounts, song: song)
    }

    @Test("Wrong credentials open nothing")
    func wrongCredentials() async throws {
        let accounts = try await Accounts()
        let (server, ada) = (accounts.server, bearer(accounts.ada.key))
        let song = try await uploadSong(accounts)
        // Revoked, another mode's, of a wrong kind, torn.
        let (id, revoked) = try await server.application.catalogue.addKey(account: accounts.ada.id, label: "", scopes: .all)
        _ = try await server.application.catalogue.revokeKey(id: id.id, account: accounts.ada.id)
        let session = try await server.application.catalogue.beginSession(account: accounts.ada.id)
        let wrong: [[(String, String)]] = [
            [], [bearer("")], [("Authorization", "Bearer")], [bearer(revoked.text)], [bearer(session.text)],
            [bearer(String(accounts.ada.key.dropLast()))],
            [("Cookie", "sweetspot_session=\(accounts.ada.key)")], [("Cookie", "sweetspot_session=")],
            [("Authorization", accounts.ada.key)],
            [("Authorization", "Basic \(accounts.ada.key)")], [ada, ada],
            [bearer("wrong"), ("Cookie", "sweetspot_session=\(session.text)")]
        ]
        for (method, path) in try await Self.ofTrack + Self.operations(of: server, [:]) {
            for headers in wrong {
                let reply = try await server.send(method, path.replacing("ID", with: song), headers)
                #expect(reply.status == 401, "\(method) \(path) \(headers)")
                #expect(reply["WWW-Authenticate"] == "Bearer")
            }
        }
        #expect(try await server.get("/stream/\(song)/mp3-64?ticket=\(accounts.ada.key)").status == 401)
    }

    /// Every operation of the API that needs credentials, with ids in their places.
    private static func operations(
        of server: RunningServer, _ ids: [String: String]
    ) async throws -> [(HTTPMethod, String)] {
        let paths = try #require(try await server.get("/api/v1/openapi.json").json["paths"])
        return paths.keys.filter { !["/session", "/openapi.json", "/shared/{token}"].contains($0) }.flatMap { path in
            let place = ids.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }.replacing("{", with: "").replacing(
                "}", with: "")
            let methods = (paths[path]?.keys ?? []).subtracting(["parameters"])
            return methods.map { (HTTPMethod(rawValue: $0.uppercased()), "/api/v1" + place) }
        }
    }

    /// Whatever has an id is, to another account, what nothing is.
    private func expectUnknown(_ accounts: Accounts, song: String) async throws {
        let (server, ada, eve) = (accounts.server, bearer(accounts.ada.key), bearer(accounts.eve.key))
        let edit = Array(#"{"artist":"A","album":"B"}"#.utf8)
        let track = try await server.send(.PATCH, "/api/v1/tracks/\(song)", [ada], body: edit).json
        let list = Array(#"{"name":"P","tracks":["\#(song)"]}"#.utf8)
        let playlist = try await server.send(.POST, "/api/v1/playlists", [ada], body: list).json
        let upload = try await server.send(.POST, "/api/v1/uploads", [ada, ("Tus-Resumable", "1.0.0"), ("Upload-Length", "5")])
        let key = try await server.application.catalogue.addKey(account: accounts.ada.id, label: "", scopes: .stream).key
        let share = try await server.send(.POST, "/api/v1/shares", [ada], body: Array(#"{"tracks":["\#(song)"]}"#.utf8)).json
        _ = try await server.application.catalogue.beginSession(account: accounts.ada.id)
        let session = try await server.application.catalogue.sessions(account: accounts.ada.id).items.first?.id
        let ids = [
            "share": try #require(share["id"]?.text), "session": try #require(session),
            "track": song, "album": try #require(track["albumId"]?.text), "artist": try #require(track["artistId"]?.text),
            "playlist": try #require(playlist["id"]?.text), "key": key.id,
            "upload": String(try #require(upload["Location"]).suffix(22))
        ]
        let operations = try await Self.operations(of: server, ids).filter { method, path in
            ids.values.contains { path.contains($0) } && method != .OPTIONS
        }
        #expect(operations.count > 15)
        for (method, path) in operations where !(method == .POST && path.hasPrefix("/api/v1/uploads/")) {
            let isUpload = path.hasPrefix("/api/v1/uploads/")
            let headers =
                isUpload
                ? [eve, ("Tus-Resumable", "1.0.0"), ("Upload-Offset", "0"), ("Content-Type", "application/offset+octet-stream")]
                : [eve]
            let body = [.PUT, .PATCH].contains(method) ? Array(#"{"rating":1,"name":"x"}"#.utf8) : nil
            let nowhere = ids.values.reduce(path) { $0.replacing($1, with: String(repeating: "0", count: 22)) }
            let replies = [
                try await server.send(method, path, headers, body: body),
                try await server.send(method, nowhere, headers, body: body)
            ]
            #expect(replies.map(\.status) == [404, 404], "\(method) \(path)")
            #expect(replies[0].body == replies[1].body)
        }
        // Nothing of it was changed.
        #expect(try await server.get("/api/v1/tracks/\(song)", ada).json == track)
        #expect(try await server.get("/api/v1/playlists/\(ids["playlist"] ?? "")", ada).json == playlist)
        #expect(try await server.get("/api/v1/shares/\(ids["share"] ?? "")", ada).json == share)
        #expect(try await server.application.catalogue.sessions(account: accounts.ada.id).items.first?.id == session)
        let place = "/api/v1/uploads/\(ids["upload"] ?? "")"
        #expect(try await server.get(place, ada).json["state"]?.text == "receiving")
        #expect(try await server.send(.DELETE, place, [ada, ("Tus-Resumable", "1.0.0")]).status == 204)
    }

    @Test("No mutation of a ticket opens anything")
    func mutatedTickets() async throws {
        let accounts = try await Accounts()
        let (server, ada) = (accounts.server, bearer(accounts.ada.key))
        let song = try #require(try await server.upload(Sound.wav(seconds: 0.3, seed: 14), name: "a.wav", [ada])["id"]?.text)
        let reply = try await server.send(.POST, "/api/v1/tracks/\(song)/ticket", [ada])
        let ticket = try #require(try reply.json["ticket"]?.text)
        let key = SymmetricKey(data: try Data(contentsOf: server.data.appending(path: "keys/tickets")))
        let now = Int(Date.now.timeIntervalSince1970)
        #expect(Ticket(ticket, key: key, now: now)?.account == accounts.ada.id)
        #expect(try await server.get("/stream/\(song)/mp3-64?ticket=\(ticket)").status == 200)
        var generator = SeededGenerator(for: "mutated tickets")
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.*+ %/=")
        for number in 0..<5000 {
            var characters = Array(ticket)
            for _ in 0...(number % 3) {
                let place = Int.random(in: 0..<characters.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: characters[place] = alphabet.randomElement(using: &generator) ?? "."
                case 1: characters.remove(at: place)
                case 2: characters.insert(alphabet.randomElement(using: &generator) ?? ".", at: place)
                default: characters.swapAt(place, Int.random(in: 0..<characters.count, using: &generator))
                }
            }
            let text = String(characters)
            if text != ticket { #expect(Ticket(text, key: key, now: now) == nil, "\(text)") }
        }
        #expect(Ticket(ticket, key: key, now: now + 7 * 60 * 60) == nil)
        // It ends with the account.
        _ = try await server.application.catalogue.removeAccount(id: accounts.ada.id)
        try expectProblem(try await server.get("/stream/\(song)/mp3-64?ticket=\(ticket)"), 401, "unauthorised")
    }

    @Test("A plan decides which rungs are offered, and how many tracks may be streamed at once")
    func plans() async throws {
        let server = try #require(RunningServer.current)
        let account = try await Accounts.account(uniqueName("small"), plan: "small", on: server)
        let key = bearer(account.key)
        var songs: [String] = []
        for seed in 0..<3 {
            songs.append(
                try #require(
                    try await server.upload(Sound.wav(seconds: 0.3, seed: 20 + UInt64(seed)), name: "a.wav", [key])["id"]?.text))
        }
        let document = try await server.get("/api/v1/tracks/\(songs[0])", key)
        #expect(
            document.text.contains("\"mp3-96\"") && !document.text.contains("\"mp3-128\"") && !document.text.contains("\"flac\":")
        )
        try expectProblem(
            try await server.get("/stream/\(songs[0])/mp3-128", key), 404, "rendition-not-offered", track: songs[0])
        try expectProblem(
            try await server.get("/hls/\(songs[0])/flac/0.m4s", key), 404, "rendition-not-offered", track: songs[0])
        for song in songs.prefix(2) {
            #expect(try await server.get("/stream/\(song)/mp3-64", key).status == 200)
            #expect(try await server.get("/stream/\(song)/original", key).status == 200)
        }
        let refused = try await server.get("/stream/\(songs[2])/mp3-64", key)
        try expectProblem(refused, 429, "too-many-streams", track: songs[2])
        #expect(refused["Retry-After"] == "30")
        try expectProblem(try await server.get("/hls/\(songs[2])/opus-32/0.m4s", key), 429, "too-many-streams", track: songs[2])
        // What is no stream is not counted, and those that are under way go on.
        #expect(try await server.send(.HEAD, "/stream/\(songs[2])/mp3-64", [key]).status == 200)
        #expect(try await server.get("/hls/\(songs[2])/opus.m3u8", key).status == 200)
        #expect(try await server.get("/stream/\(songs[0])/mp3-96", key).status == 200)
    }

    @Test("Fifty uploads at once never exceed the quota, and the refused ones leave nothing")
    func quota() async throws {
        let server = try #require(RunningServer.current)
        let account = try await Accounts.account(uniqueName("full"), plan: "small", on: server)
        let key = bearer(account.key)
        func files() throws -> Int {
            let originals = server.data.appending(path: "originals")
            return try FileManager.default.subpathsOfDirectory(atPath: originals.path).filter {
                $0.split(separator: "/").last?.count == 64
            }.count
        }
        let before = try files()
        let songs = (0..<50).map { Sound.wav(seconds: 0.25, seed: 1000 + $0) }
        let replies = try await withThrowingTaskGroup(of: Reply.self) { tasks in
            for song in songs { tasks.addTask { try await server.send(.POST, "/api/v1/tracks?name=a.wav", [key], body: song) } }
            return try await tasks.reduce(into: []) { $0.append($1) }
        }
        let taken = replies.filter { $0.status == 201 }
        for reply in replies where reply.status != 201 { try expectProblem(reply, 507, "over-quota") }
        #expect(taken.count == 1_000_000 / songs[0].count && taken.count < 50)
        let me = try await server.get("/api/v1/me", key).json
        #expect(me["bytes"] == .number(Double(taken.count * songs[0].count)) && me["tracks"] == .number(Double(taken.count)))
        #expect(try files() == before + taken.count)
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.data.appending(path: "incoming").path).isEmpty)
        // What is deleted makes room.
        let id = try #require(try taken.first?.json["id"]?.text)
        #expect(try await server.send(.DELETE, "/api/v1/tracks/\(id)", [key]).status == 204)
        #expect(try await server.send(.POST, "/api/v1/tracks?name=a.wav", [key], body: songs[0]).status != 507)
    }

    @Test("A stream counts while it is under way, and for thirty seconds more")
    func streamCount() {
        let count = StreamCount()
        let now = ContinuousClock.now
        var one = count.begin("a", of: 1, limit: 1, now: now)
        #expect(one != nil && count.begin("b", of: 1, limit: 1, now: now + .seconds(100)) == nil)
        #expect(count.begin("a", of: 1, limit: 1, now: now) != nil && count.begin("b", of: 2, limit: 1, now: now) != nil)
        one = nil
        #expect(one == nil && count.begin("b", of: 1, limit: 1, now: .now + .seconds(20)) == nil)
        #expect(count.begin("b", of: 1, limit: 1, now: .now + .seconds(31)) != nil)
        #expect(count.begin("c", of: 1, limit: nil, now: .now) != nil)
    }
}

@Suite("Setup of the first account", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct SetupTests {
    @Test("The one-time link makes one account, and is gone afterwards")
    func setup() async throws {
        try await RunningServer.run(access: .accounts) { server in
            let code = try #require(server.setupCode)
            for path in ["/setup", "/setup?code=", "/setup?code=\(code.dropLast())"] {
                try expectProblem(try await server.get(path), 404, "not-found")
            }
            let page = try await server.get("/setup?code=\(code)")
            #expect(page.status == 200)
            #expect(try await page.body == server.get("/").body)
            #expect(page["Content-Type"] == "text/html; charset=utf-8" && page["Content-Security-Policy"] != nil)
            func post(_ name: String, _ password: String, _ again: String, _ code: String) async throws -> Reply {
                let form = ["code": code, "name": name, "password": password, "again": again]
                    .map { "\($0.key)=\($0.value.queryEncoded)" }.joined(separator: "&")
                return try await server.send(
                    .POST, "/setup", [("Content-Type", "application/x-www-form-urlencoded")], body: Array(form.utf8))
            }
            for (name, password, again) in [
                ("<b>", "12345678", "12345679"), ("a b", "12345678", "12345678"), ("<b>\u{9B}", "12345678", "12345678"),
                ("ada", "1234567", "1234567"), ("", "12345678", "12345678")
            ] {
                let refused = try await post(name, password, again, code)
                try expectProblem(refused, 400, nil)
                #expect(!refused.text.contains("<b>"))
            }
            try expectProblem(try await post("ada", "12345678", "12345678", "x"), 404, "not-found")
            let done = try await post("ada", "12345678", "12345678", code)
            #expect(try done.status == 201 && done.json == .object(["name": .text("ada")]) && done["Cache-Control"] == "no-store")
            let cookie = String(try #require(done["Set-Cookie"]).prefix { $0 != ";" })
            #expect(try await server.get("/api/v1/me", ("Cookie", cookie)).json["name"]?.text == "ada")
            #expect(try await post("eve", "12345678", "12345678", code).status == 404)
            try expectProblem(try await server.get("/setup?code=\(code)"), 404, "not-found")
            // A person is told by the page.
            for query in ["", "?code=x", "?code=\(code)"] {
                let gone = try await server.get("/setup\(query)", ("Accept", "text/html,*/*;q=0.8"), ("If-None-Match", "*"))
                #expect(gone.status == 404 && gone.body == page.body && gone["Cache-Control"] == "no-store")
                #expect(gone["Content-Security-Policy"] == page["Content-Security-Policy"])
            }
        }
    }

    @Test("A page sends JSON, and a form that a browser sends by itself leads to the player")
    func forms() async throws {
        let type = ("Content-Type", "application/json")
        try await RunningServer.run(access: .accounts) { server in
            let code = try #require(server.setupCode)
            func body(_ password: String) -> [UInt8] {
                Array(#"{"code":"\#(code)","name":"ada","password":"\#(password)"}"#.utf8)
            }
            try expectProblem(try await server.send(.POST, "/setup", [type], body: body("short")), 400, nil)
            for bad in ["", "{", "[]", #"{"code":"\#(code)"}"#] {
                try expectProblem(try await server.send(.POST, "/setup", [type], body: Array(bad.utf8)), 404, "not-found")
            }
            let done = try await server.send(.POST, "/setup", [type, ("Accept", "*/*")], body: body("12345678"))
            #expect(done.status == 201 && done["Set-Cookie"] != nil)
        }
        try await RunningServer.run(access: .accounts) { server in
            let form = Array("code=\(try #require(server.setupCode))&name=ada&password=12345678&again=12345678".utf8)
            let fields = [
                ("Content-Type", "application/x-www-form-urlencoded"), ("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
            ]
            let done = try await server.send(.POST, "/setup", fields, body: form)
            #expect(done.status == 303 && done["Location"] == "/" && done.body.isEmpty)
            let cookie = String(try #require(done["Set-Cookie"]).prefix { $0 != ";" })
            #expect(try await server.get("/api/v1/me", ("Cookie", cookie)).status == 200)
        }
    }
}

@Suite("Secrets in the log", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct LogTests {
    @Test("No secret is in any line of the log, at any level, whatever is asked")
    func secrets() async throws {
        let log = LogLines()
        try await RunningServer.run(access: .accounts, logger: log.logger) { server in
            let code = try #require(server.setupCode)
            let catalogue = server.application.catalogue
            let password = "swordfish-swordfish"
            let account = try await catalogue.addAccount(
                named: "ada", password: try #require(PasswordHash(of: password)), plan: "free")
            let key = try await catalogue.addKey(account: account, label: "", scopes: .all).secret.text
            let song = try #require(try await server.upload(Sound.wav(seconds: 0.3), name: "a.wav", [bearer(key)])["id"]?.text)
            let ticket = try #require(
                try await server.send(.POST, "/api/v1/tracks/\(song)/ticket", [bearer(key)]).json["ticket"]?.text)
            let body = Array(#"{"name":"ada","password":"\#(password)"}"#.utf8)
            let cookie = try #require(try await server.send(.POST, "/api/v1/session", body: body)["Set-Cookie"])
            let session = String(cookie.dropFirst("sweetspot_session=".count).prefix { $0 != ";" })
            let original = try server.files(under: "originals").first { !$0.hasSuffix(".map") && !$0.hasSuffix(".measures") }
            try FileManager.default.removeItem(atPath: try #require(original))
            // Right and wrong, and where the server fails: its Original is gone.
            for path in [
                "/stream/\(song)/mp3-64", "/stream/\(song)/original", "/hls/\(song)/aac.m3u8", "/art/\(song)", "/nothing",
                "/setup"
            ] {
                for query in ["?ticket=\(ticket)", "?ticket=\(ticket)x", "?code=\(code)", ""] {
                    for headers in [[bearer(key)], [bearer(key + "x")], [("Cookie", "sweetspot_session=\(session)")], []] {
                        _ = try await server.send(.GET, path + query, headers)
                    }
                }
            }
            _ = try await server.send(.POST, "/api/v1/session", body: body + [0])
            let lines = log.all
            #expect(!lines.isEmpty)
            for secret in [key, ticket, session, password, code] { #expect(!lines.contains { $0.contains(secret) }, "\(secret)") }
        }
    }
}
