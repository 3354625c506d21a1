import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("The library", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct LibraryTests {
    let server: RunningServer

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        self.server = server
    }

    private func send(_ method: HTTPMethod, _ path: String, _ body: [String: Any] = [:]) async throws -> Reply {
        try await server.send(method, path, body: Array(try JSONSerialization.data(withJSONObject: body)))
    }

    private func names(_ path: String) async throws -> [String?] {
        (try await server.get("/api/v1" + path).json["items"]?.list ?? []).map { ($0["name"] ?? $0["title"])?.text }
    }

    /// A song with these tags.
    private func song(_ seed: UInt64, _ tags: [String: Any]) async throws -> String {
        let track = try await server.upload(Sound.wav(seconds: 0.2, seed: seed), name: "\(seed).wav")
        let id = try #require(track["id"]?.text)
        #expect(try await send(.PATCH, "/api/v1/tracks/\(id)", tags).status == 200)
        return id
    }

    /// A song that was edited, and what was served of it before.
    private struct Edited {
        let id: String
        let file: [UInt8]
        /// Its documents.
        let before: JSON
        let after: JSON
        /// Of a Stream.
        let url: String
        let stream: Reply
    }

    private func editSong() async throws -> Edited {
        let file = Sound.wav(seconds: 3, seed: 901)
        let before = try await server.upload(file, name: "x.wav")
        let id = try #require(before["id"]?.text)
        let url = try #require(before["renditions"]?.list?.first?["url"]?.text) + "&download=1"
        let stream = try await server.get(url)
        let reply = try await send(
            .PATCH, "/api/v1/tracks/\(id)",
            [
                "title": "Neu ", "artist": "Wir", "album": "Werk", "year": 2001, "track": 3, "disc": 1,
                "genres": ["Lied", ""]
            ])
        #expect(reply.status == 200)
        return Edited(id: id, file: file, before: before, after: try reply.json, url: url, stream: stream)
    }

    @Test("An edit changes the tags in a track's document, and nothing else in it")
    func editedDocument() async throws {
        let song = try await editSong()
        let (before, after) = (song.before, song.after)
        #expect(after["title"]?.text == "Neu " && after["genres"] == .list([.text("Lied")]))
        #expect(
            after["sha256"] == before["sha256"] && after["renditions"] == before["renditions"]
                && after["added"] == before["added"])
        #expect(try await server.get("/api/v1/tracks/\(song.id)").json == after)
    }

    @Test("An edit changes neither the Original nor a Stream")
    func editedMedia() async throws {
        let song = try await editSong()
        let again = try await server.get(song.url)
        #expect(again.body == song.stream.body && again["ETag"] == song.stream["ETag"])
        #expect(try await server.get("/stream/\(song.id)/original").body == song.file)
    }

    @Test("An edited track is listed under its new album, artist, genre and words")
    func editedLists() async throws {
        let after = try await editSong().after
        let album = try #require(after["albumId"]?.text)
        let document = try await server.get("/api/v1/albums/\(album)").json
        #expect(document["name"]?.text == "Werk" && document["artist"]?.text == "Wir" && document["year"] == .number(2001))
        #expect(document["tracks"] == .number(1) && document["compilation"] == .bool(false) && document["art"] == .null)
        #expect(try await names("/tracks?album=\(album)") == ["Neu "])
        #expect(try await names("/tracks?genre=lied") == ["Neu "])
        #expect(try await names("/albums?artist=\(try #require(after["artistId"]?.text))") == ["Werk"])
        #expect(try await server.get("/api/v1/search?q=neu").json["tracks"]?.list?.count == 1)
    }

    @Test("An edit to tags that no track may have gets 400, and changes nothing")
    func malformedEdits() async throws {
        let song = try await editSong()
        let bad: [[String: Any]] = [
            ["title": ""], ["title": " "], ["title": "a\u{7}"], ["album": "a\u{85}b"], ["genres": ["a\u{0}"]], ["year": -1],
            ["track": 10_000], ["title": 5],
            ["genres": Array(repeating: "g", count: 33)],
            ["artist": String(repeating: "x", count: 1001)]
        ]
        for tags in bad { #expect(try await send(.PATCH, "/api/v1/tracks/\(song.id)", tags).status == 400, "\(tags.keys)") }
        #expect(try await send(.PATCH, "/api/v1/tracks/none", ["title": "a"]).status == 404)
        #expect(try await server.get("/api/v1/tracks/\(song.id)").json == song.after)
    }

    /// Three songs of three artists, on two albums.
    @discardableResult
    private func addThree() async throws -> [String] {
        [
            try await song(910, ["title": "One", "artist": "Beta", "album": "Second", "year": 1990, "genres": ["Rock"]]),
            try await song(911, ["title": "Two", "artist": "Alpha", "album": "First", "year": 2000, "genres": ["Rock", "Pop"]]),
            try await song(912, ["title": "Three", "artist": "Álpha Two", "album": "First", "albumArtist": "Alpha"])
        ]
    }

    @Test("Artists, albums and genres are listed by name, albums also by year")
    func orders() async throws {
        try await addThree()
        #expect(try await names("/artists") == ["Alpha", "Álpha Two", "Beta"])
        #expect(try await names("/albums") == ["First", "Second"])
        #expect(try await names("/albums?sort=year") == ["Second", "First"])
        #expect(try await names("/genres") == ["Pop", "Rock"])
    }

    @Test("A list goes on at its cursor, which no other list takes")
    func pages() async throws {
        try await addThree()
        let next = try #require(try await server.get("/api/v1/artists?limit=1").json["next"]?.text)
        #expect(try await names("/artists?limit=1&after=\(next)") == ["Álpha Two"])
        #expect(try await server.get("/api/v1/genres?after=\(next)").status == 400)
    }

    @Test("The documents of an artist and of an album have every field")
    func documents() async throws {
        try await addThree()
        let artist = try #require(try await server.get("/api/v1/artists?limit=1").json["items"]?.list?.first)
        #expect(artist.keys == ["id", "name", "albums", "tracks", "favourite", "rating"])
        #expect(try await server.get("/api/v1/artists/\(try #require(artist["id"]?.text))").json == artist)
        let album = try #require(try await server.get("/api/v1/albums?limit=1").json["items"]?.list?.first)
        #expect(
            album.keys == [
                "id", "name", "artist", "artistId", "artists", "year", "tracks", "duration", "compilation", "added", "art",
                "favourite",
                "rating"
            ])
        #expect(album["compilation"] == .bool(false) && album["tracks"] == .number(2) && album["duration"] == .number(0.4))
    }

    @Test("A search finds artists, albums and tracks")
    func search() async throws {
        try await addThree()
        let found = try await server.get("/api/v1/search?q=alph").json
        #expect(found["artists"]?.list?.count == 2 && found["albums"]?.list?.count == 1 && found["tracks"]?.list?.count == 2)
    }

    @Test("A list or a search gets 400 for a query that it does not have, and an unknown album has no tracks")
    func malformedQueries() async throws {
        try await addThree()
        for query in [
            "/albums?sort=x", "/artists?favourite=yes", "/search", "/search?q=a&limit=0", "/tracks?album=a&artist=b",
            "/tracks?genre=a&sort=title", "/search?q=" + String(repeating: "x", count: 501)
        ] { #expect(try await server.get("/api/v1" + query).status == 400, "\(query)") }
        #expect(try await names("/tracks?album=none").isEmpty)
    }

    @Test("An artist goes with the last of its tracks")
    func removal() async throws {
        let ids = try await addThree()
        let artist = try #require(try await server.get("/api/v1/artists?limit=1").json["items"]?.list?.first?["id"]?.text)
        for id in ids { _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)") }
        #expect(try await names("/artists").isEmpty)
        #expect(try await server.get("/api/v1/artists/\(artist)").status == 404)
    }

    @Test(
        "navidrome#4768, headphones#1332, iSubMusicStreamer#86: a title of any script is found by its parts",
        arguments: [
            ("千と千尋の神隠し", ["千", "神隠", "千尋の", "ちひろ の"], 3), ("月亮代表我的心", ["心", "代表", "月亮 我的"], 3),
            ("사랑해요 서울", ["랑", "해요", "사랑해요서울", "서"], 4), ("รักแท้อยู่เหนือกาลเวลา", ["แท้", "เวลา", "กาล รัก", "ห"], 4),
            ("Ｒ.Ｅ.Ｍ. — Ｌｉｖｅ", ["r.e.m.", "rem", "R.E.M", "live"], 4), ("AC/DC", ["ac/dc", "acdc", "ac dc"], 3),
            ("Καλημέρα Ήλιος", ["καλημερα", "ΉΛΙΟΣ", "ηλιοσ"], 3), ("Ёлка и Йод", ["елка", "ЁЛКА", "иод"], 3),
            ("Straße nach Łódź", ["strasse", "STRASSE", "lodz"], 3), ("مُحَمَّد الأغنية", ["محمد", "الاغنية"], 2),
            ("שָׁלוֹם", ["שלום", "שלומ"], 2), ("İstanbul", ["istanbul", "ISTANBUL", "ist"], 3)
        ])
    func scripts(title: String, queries: [String], found: Int) async throws {
        let id = try await song(940, ["title": title])
        var hits = 0
        for query in queries {
            let escaped = try #require(query.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
            let reply = try await server.get("/api/v1/search?q=\(escaped)")
            #expect(reply.status == 200)
            hits += try reply.json["tracks"]?.list?.contains { $0["id"]?.text == id } == true ? 1 : 0
        }
        #expect(hits == found, "\(title)")
        _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
    }

    @Test("Tracks, albums and artists can be favourites, and have a rating")
    func marks() async throws {
        let id = try await song(920, ["artist": "A", "album": "B"])
        let track = try await server.get("/api/v1/tracks/\(id)").json
        #expect(track["favourite"] == .null && track["rating"] == .number(0))
        for (kind, key) in [
            ("tracks", id), ("albums", try #require(track["albumId"]?.text)), ("artists", try #require(track["artistId"]?.text))
        ] {
            let place = "/api/v1/\(kind)/\(key)"
            #expect(try await server.send(.PUT, place + "/favourite").status == 204)
            #expect(try await send(.PUT, place + "/rating", ["rating": 5]).status == 204)
            let marked = try await server.get(place).json
            #expect(marked["rating"] == .number(5) && marked["favourite"]?.text?.hasSuffix("Z") == true)
            let listed = try #require(try await server.get("/api/v1/\(kind)?favourite=true").json["items"]?.list)
            #expect(listed.count == 1 && marked.keys.subtracting(listed[0].keys) == (kind == "albums" ? ["loudness"] : []))
            for key in listed[0].keys { #expect(listed[0][key] == marked[key]) }
            #expect(try await server.send(.PUT, place + "/favourite").status == 204)
            #expect(try await server.get(place).json == marked)
            #expect(try await server.send(.DELETE, place + "/favourite").status == 204)
            #expect(try await names("/\(kind)?favourite=true").isEmpty)
            for rating in [-1, 6] { #expect(try await send(.PUT, place + "/rating", ["rating": rating]).status == 400) }
            #expect(try await send(.PUT, place + "/rating", ["rating": 0]).status == 204)
            #expect(try await server.get(place).json["rating"] == .number(0))
            #expect(try await send(.PUT, "/api/v1/\(kind)/none/rating", ["rating": 1]).status == 404)
            #expect(try await server.send(.PUT, "/api/v1/\(kind)/none/favourite").status == 404)
        }
        // What tracks without tags share is no album and no artist.
        let bare = try await server.get("/api/v1/tracks/\(song(921, [:]))").json
        for (kind, key) in [("albums", "albumId"), ("artists", "artistId")] {
            let place = "/api/v1/\(kind)/\(try #require(bare[key]?.text))"
            #expect(try await server.get(place).status == 404)
            #expect(try await server.send(.PUT, place + "/favourite").status == 404)
            #expect(try await send(.PUT, place + "/rating", ["rating": 5]).status == 404)
        }
        _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
    }

    @Test("The queue goes on at another player")
    func queue() async throws {
        let empty = try await server.get("/api/v1/queue").json
        #expect(empty["tracks"] == .list([]) && empty["current"] == .null && empty["changed"] == .null)
        let ids = [try await song(930, ["title": "a"]), try await song(931, ["title": "b"])]
        let wanted = [ids[1], ids[0], ids[1]]
        #expect(try await send(.PUT, "/api/v1/queue", ["tracks": wanted, "current": 2, "position": 2.01]).status == 204)
        let kept = try await server.get("/api/v1/queue").json
        #expect(
            kept["tracks"] == .list(wanted.map(JSON.text)) && kept["current"] == .number(2) && kept["position"] == .number(2.01))
        let bad: [[String: Any]] = [
            [:], ["tracks": [], "current": 0], ["tracks": wanted, "current": 3], ["tracks": wanted, "position": -1],
            ["tracks": Array(repeating: "x", count: 10_001)]
        ]
        for body in bad { #expect(try await send(.PUT, "/api/v1/queue", body).status == 400) }
        #expect(try await send(.PUT, "/api/v1/queue", ["tracks": ["none"]]).status == 404)
        #expect(try await server.get("/api/v1/queue").json == kept)
        for id in ids { _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)") }
    }

    @Test("A queue is replaced only if it is the one that the client knows")
    func queuePrecondition() async throws {
        let id = try await song(932, ["title": "a"])
        func put(_ position: Double, _ condition: String?) async throws -> Reply {
            let body = Array(try JSONSerialization.data(withJSONObject: ["tracks": [id], "current": 0, "position": position]))
            return try await server.send(
                .PUT, "/api/v1/queue", condition.map { [("If-Match", $0)] } ?? [], body: body)
        }
        let first = try #require(try await server.get("/api/v1/queue")["ETag"])
        let kept = try await put(1, first)
        let tag = try #require(kept["ETag"])
        #expect(kept.status == 204 && kept.body.isEmpty && tag != first)
        #expect(try await server.get("/api/v1/queue")["ETag"] == tag)
        // The other device still has the queue of before.
        for stale in [first, "W/\(tag)", "\"x\"", "nonsense"] {
            let refused = try await put(2, stale)
            try expectProblem(refused, 412, nil)
            #expect(refused["ETag"] == tag)
        }
        #expect(try await server.get("/api/v1/queue").json["position"] == .number(1))
        #expect(try await server.get("/api/v1/queue", ("If-None-Match", tag)).status == 304)
        let packed = String(tag.dropLast() + "-gzip\"")
        let again = try #require(try await put(3, "\"x\", \(packed)")["ETag"])
        for (condition, status) in [("*", 204), (nil, 204), (again, 412)] {
            #expect(try await put(4, condition).status == status)
        }
        // A deleted track leaves the queue, which is another then.
        let last = try #require(try await server.get("/api/v1/queue")["ETag"])
        _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
        #expect(try await put(7, last).status == 412)
        #expect(try await server.send(.PUT, "/api/v1/queue", body: Array(#"{"tracks":[]}"#.utf8)).status == 204)
    }

    @Test("Of many devices that replace one queue at once, one succeeds")
    func queueRace() async throws {
        let id = try await song(933, ["title": "a"])
        let tag = try #require(try await server.get("/api/v1/queue")["ETag"])
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for position in 1...10 {
                let body = Array(#"{"tracks":["\#(id)"],"current":0,"position":\#(position)}"#.utf8)
                group.addTask { [server] in
                    try await server.send(.PUT, "/api/v1/queue", [("If-Match", tag)], body: body).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [204] + Array(repeating: 412, count: 9))
        _ = try await server.send(.DELETE, "/api/v1/tracks/\(id)")
    }

    @Test("A change whose If-Match or If-None-Match is not of the document is not made (RFC 9110 §13.1.1, §13.1.2)")
    func preconditions() async throws {
        let id = try await song(934, ["title": "a"])
        let made = try await send(.POST, "/api/v1/playlists", ["name": "P", "tracks": [id]])
        let list = "/api/v1/playlists/\(try #require(made.json["id"]?.text))"
        let changes: [(HTTPMethod, String, String)] = [
            (.PATCH, "/api/v1/tracks/\(id)", #"{"title": "b"}"#), (.PATCH, list, #"{"name": "Q"}"#),
            (.PUT, "/api/v1/me/taste", #"{"enabled": true}"#), (.PUT, "/api/v1/queue", #"{"tracks": []}"#),
            (.DELETE, list, ""), (.DELETE, "/api/v1/tracks/\(id)", "")
        ]
        for (method, path, body) in changes {
            let before = try await server.get(path)
            let tag = try #require(before["ETag"])
            for field in [("If-Match", "\"wrong\""), ("If-None-Match", "*"), ("If-None-Match", tag)] {
                let refused = try await server.send(method, path, [field], body: Array(body.utf8))
                try expectProblem(refused, 412, nil)
                #expect(refused["ETag"] == tag)
            }
            #expect(try await server.get(path).body == before.body, "\(method) \(path)")
            let packed = String(tag.dropLast() + "-gzip\"")
            let reply = try await server.send(
                method, path, [("If-Match", packed), ("If-None-Match", "\"wrong\"")], body: Array(body.utf8))
            #expect([200, 204].contains(reply.status), "\(method) \(path)")
        }
        #expect(try await server.send(.DELETE, list, [("If-Match", "*")]).status == 404)
    }

    @Test("Of many devices that change one playlist at once, one succeeds")
    func playlistRace() async throws {
        let list = "/api/v1/playlists/\(try #require(try await send(.POST, "/api/v1/playlists", ["name": "0"]).json["id"]?.text))"
        let tag = try #require(try await server.get(list)["ETag"])
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for name in 1...10 {
                group.addTask { [server] in
                    try await server.send(.PATCH, list, [("If-Match", tag)], body: Array(#"{"name": "\#(name)"}"#.utf8)).status
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(statuses.sorted() == [200] + Array(repeating: 412, count: 9))
    }

    @Test("A document that writes itself is JSON, whatever is in it")
    func text() throws {
        var text = JSONText()
        let nasty = "\u{0}\u{1F}\"\\/\u{7F}é\u{2028}🎵\n\r\t"
        text.object { text in
            text.key("a")
            text.array { text in
                text.value(nasty)
                text.value(nil as String?)
                text.value(1.5)
                text.value(160.0)
                text.value(Double.nan)
                text.value(1e300)
                text.value(-3)
                text.object { _ in }
                text.array { _ in }
            }
            text.key("b")
            text.value(true)
        }
        let read = try JSONDecoder().decode(JSON.self, from: Data(text.bytes))
        #expect(
            read["a"]
                == .list([
                    .text(nasty), .null, .number(1.5), .number(160), .null, .number(1e300), .number(-3), .object([:]), .list([])
                ]))
        #expect(read["b"] == .bool(true))
    }
}
