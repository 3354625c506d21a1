import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Places, letters and random choices", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct PlaceTests {
    private static let titles = ["1st", "alpha", "Bravo", "beta", "Ärger", "ガナ", "東京"]

    private let server: RunningServer
    private let ids: [String]

    init() async throws {
        let server = try #require(RunningServer.current)
        try await server.empty()
        var ids: [String] = []
        for (number, title) in Self.titles.enumerated() {
            let track = try await server.upload(Sound.wav(seconds: 0.1, seed: UInt64(100 + number)), name: "\(number).wav")
            let id = try #require(track["id"]?.text)
            let tags = #"{"title":"\#(title)","artist":"\#(title)","album":"\#(title)","genres":["\#(title)"]}"#
            #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", body: Array(tags.utf8)).status == 200)
            ids.append(id)
        }
        self.server = server
        self.ids = ids
    }

    private func names(_ path: String) async throws -> [String?] {
        (try await server.get("/api/v1" + path).json["items"]?.list ?? []).map { ($0["name"] ?? $0["title"])?.text }
    }

    @Test("A list begins at a place, says how many items it has, and goes on by its cursor")
    func places() async throws {
        let made = try await server.send(
            .POST, "/api/v1/playlists",
            body: Array(#"{"name":"p","tracks":["\#(ids.joined(separator: "\",\""))"]}"#.utf8))
        let playlist = try #require(made["Location"]).replacing("/api/v1", with: "")
        let sorts = ["added", "-added", "title", "artist", "album", "played", "-played", "-plays"].map { "/tracks?sort=\($0)" }
        let albums = ["name", "artist", "year", "-added", "-played"].map { "/albums?sort=\($0)" }
        for path in sorts + albums + ["/artists?", "/genres?", "\(playlist)/tracks?", "/tracks?", "/albums?"] {
            let whole = try await names(path)
            #expect(whole.count == 7, "\(path)")
            for place in [0, 1, 5, 6, 7, 8, 1_000_000_000] {
                let page = try await server.get("/api/v1\(path)&at=\(place)&limit=2").json
                #expect(page.keys == ["items", "next", "total"] && page["total"] == .number(7), "\(path)")
                let found = (page["items"]?.list ?? []).map { ($0["name"] ?? $0["title"])?.text }
                #expect(found == Array(whole.dropFirst(place).prefix(2)), "\(path) at \(place)")
                if let next = page["next"]?.text {
                    #expect(try await names("\(path)&after=\(next)") == Array(whole.dropFirst(place + 2)), "\(path)")
                } else {
                    #expect(place >= 5)
                }
            }
        }
    }

    @Test("The lists of one album, artist or genre, and of favourites, have places too")
    func filters() async throws {
        let track = try await server.get("/api/v1/tracks/\(ids[0])").json
        for kind in ["tracks/\(ids[0])", "albums/\(track["albumId"]?.text ?? "")", "artists/\(track["artistId"]?.text ?? "")"] {
            #expect(try await server.send(.PUT, "/api/v1/\(kind)/favourite").status == 204)
        }
        let artist = track["artistId"]?.text ?? ""
        for path in [
            "tracks?album=\(track["albumId"]?.text ?? "")", "tracks?artist=\(artist)", "tracks?genre=1st",
            "tracks?favourite=true",
            "albums?artist=\(artist)", "albums?favourite=true", "artists?favourite=true"
        ] {
            #expect(try await server.get("/api/v1/\(path)&at=0").json["total"] == .number(1), "\(path)")
            let behind = try await server.get("/api/v1/\(path)&at=1").json
            #expect(behind == .object(["items": .list([]), "next": .null, "total": .number(1)]), "\(path)")
        }
        #expect(try await server.get("/api/v1/albums?appearsOn=\(artist)&at=0").json["total"] == .number(0))
    }

    @Test(
        "A place that is no number, or beside a cursor, gets 400",
        arguments: ["at=", "at=-1", "at=%2B1", "at=x", "at=1.0", "at=1000000001", "at=99999999999999999999", "at=1&after=AAAA"])
    func malformed(query: String) async throws {
        for path in ["tracks", "albums", "artists", "genres", "tracks?genre=1st", "albums?favourite=true"] {
            let mark = path.contains("?") ? "&" : "?"
            try expectProblem(try await server.get("/api/v1/\(path)\(mark)\(query)"), 400, nil)
        }
    }

    @Test("A random choice is of one page, another each time, and has no places")
    func random() async throws {
        for list in ["tracks", "albums"] {
            var orders: Set<[String?]> = []
            for _ in 0..<20 {
                let page = try await server.get("/api/v1/\(list)?sort=random").json
                #expect(page.keys == ["items", "next"] && page["next"] == .null)
                orders.insert((page["items"]?.list ?? []).map { ($0["name"] ?? $0["title"])?.text })
            }
            // Twenty times the same order of seven comes once in 10^70 times.
            #expect(orders.count > 1 && orders.allSatisfy { Set($0) == Set(Self.titles) })
            #expect(try await names("/\(list)?sort=random&limit=3").count == 3)
            for query in ["at=0", "after=AAAA"] {
                try expectProblem(try await server.get("/api/v1/\(list)?sort=random&\(query)"), 400, nil)
            }
        }
    }

    @Test("The letters of a list begin where its first such item is")
    func letters() async throws {
        let expected = JSON.object([
            "items": .list(
                [("#", 0), ("A", 1), ("B", 3), ("か", 5), ("漢", 6)].map {
                    .object(["letter": .text($0.0), "at": .number(Double($0.1))])
                }), "total": .number(7)
        ])
        for path in [
            "tracks", "tracks?sort=title", "tracks?sort=artist", "tracks?sort=album", "albums", "albums?sort=name",
            "albums?sort=artist", "artists"
        ] {
            #expect(try await server.get("/api/v1/letters/\(path)").json == expected, "\(path)")
        }
        for path in ["tracks?sort=added", "tracks?sort=random", "tracks?sort=x", "albums?sort=year", "albums?sort="] {
            try expectProblem(try await server.get("/api/v1/letters/\(path)"), 400, nil)
        }
        for path in ["genres", "", "tracks/x"] { #expect(try await server.get("/api/v1/letters/\(path)").status == 404) }
    }

    @Test("Tracks and albums are listed by how they were played")
    func played() async throws {
        for (track, times) in [(3, 1), (5, 3), (1, 2)] {
            for time in 1...times {
                let play = #"{"track":"\#(ids[track])","at":"2026-11-0\#(track)T10:00:0\#(time)Z"}"#
                #expect(try await server.send(.POST, "/api/v1/history", body: Array(play.utf8)).status == 204)
            }
        }
        #expect(try await names("/tracks?sort=-plays").prefix(3) == ["ガナ", "alpha", "beta"])
        #expect(try await names("/tracks?sort=-played").prefix(3) == ["ガナ", "beta", "alpha"])
        #expect(try await names("/albums?sort=-played").prefix(3) == ["ガナ", "beta", "alpha"])
        _ = try await server.send(.DELETE, "/api/v1/history")
        #expect(try await names("/tracks?sort=-played") == names("/tracks?sort=-plays"))
    }
}
