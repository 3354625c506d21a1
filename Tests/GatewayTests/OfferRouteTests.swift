import Audio
import Foundation
import Locker
import Logging
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Offers over HTTP", .tags(.codec, .http), .serialized, .timeLimit(.minutes(10)))
struct OfferRouteTests {
    private static let first = """
        offers:
          - {id: own, kind: music, title: Own, url: "https://a.example/own", artists: [ärtist a], picture: p.png, price: 7 €, by: Label}
          - {id: genre, kind: film, title: Genre, url: "https://a.example/genre", tags: [FOLK], date: 9999-12-31}
          - {id: plus, kind: plan, title: Plus, url: "https://a.example/plus", plan: plus}
          - {id: elsewhere, kind: music, title: Elsewhere, url: "https://a.example/", artists: [Artist A], regions: [FR]}
          - {id: over, kind: concert, title: Over, url: "https://a.example/", artists: [Artist A], date: 2020-01-01}
        """

    /// A server with a feed, and what a test needs of it.
    private struct Shop {
        let server: RunningServer
        let folder: TemporaryFolder
        let log: LogLines

        /// Changes the feed, and waits until the server has refused it.
        func expectRefusal(_ change: () throws -> Void) async throws {
            let refusals = { log.all.count { $0.hasPrefix("the feed of offers is refused") } }
            let before = refusals()
            try change()
            #expect(try await eventually { refusals() > before })
        }

        func write(_ feed: String) throws {
            try folder.write(Array(feed.utf8), to: "next.yaml")
            #expect(rename(folder.path + "/next.yaml", folder.path + "/offers.yaml") == 0)
        }

        func account(plan: String = "free", hasTaste: Bool = true) async throws -> Customer {
            let catalogue = server.application.catalogue
            let id = try await catalogue.addAccount(named: uniqueName("ada"), password: .ofNobody, plan: plan)
            let key = try await catalogue.addKey(account: id, label: "", scopes: .all).secret.text
            if hasTaste { try await catalogue.setTaste(true, account: id) }
            return Customer(server: server, id: id, key: ("Authorization", "Bearer \(key)"))
        }
    }

    private struct Customer {
        let server: RunningServer
        let id: Int64
        let key: (String, String)

        func offer() async throws -> JSON {
            let reply = try await server.get("/api/v1/offers", key)
            #expect(reply.status == 200 && reply["Cache-Control"] == "no-store" && reply["ETag"] == nil)
            return try #require(try reply.json["offer"])
        }

        func post(_ path: String) async throws -> Int { try await server.send(.POST, "/api/v1/offers/\(path)", [key]).status }

        func upload(_ seed: UInt64, artist: String, genre: String) async throws -> String {
            let id = try #require(try await server.upload(Sound.wav(seconds: 2, seed: seed), name: "a.wav", [key])["id"]?.text)
            let tags = Array(#"{"title": "T", "artist": "\#(artist)", "album": "L", "genres": ["\#(genre)"]}"#.utf8)
            #expect(try await server.send(.PATCH, "/api/v1/tracks/\(id)", [key], body: tags).status == 200)
            return id
        }
    }

    private func withShop(_ feed: String = first, _ body: (Shop) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try folder.write(OfferFeedTests.png, to: "p.png")
        try folder.write(Array(feed.utf8), to: "offers.yaml")
        let log = LogLines(from: .error)
        try await RunningServer.run(access: .accounts, logger: log.logger) { configuration in
            configuration.offers.feed = folder.path + "/offers.yaml"
            configuration.offers.pause = .milliseconds(20)
            configuration.plans.given = ["plus": Plan()]
        } _: { server in
            try await body(Shop(server: server, folder: folder, log: log))
        }
    }

    @Test(
        "An offer by an artist of one's own is shown with the reason, counted once, followed, dismissed for good, and off is off")
    func offered() async throws {
        try await withShop { shop in
            let ada = try await shop.account()
            _ = try await ada.upload(300, artist: "Artist A", genre: "Folk")
            let offer = try await ada.offer()
            #expect(
                offer.keys == ["id", "kind", "title", "text", "by", "price", "url", "picture", "date", "reason"])
            #expect(offer["id"]?.text == "own" && offer["price"]?.text == "7 €" && offer["date"] == .null)
            #expect(offer["picture"]?.text == "/api/v1/offers/own/picture" && offer["by"]?.text == "Label")
            #expect(offer["reason"] == .object(["kind": .text("artist"), "name": .text("ärtist a")]))
            for _ in 0..<3 { #expect(try await ada.post("own/shown") == 204) }
            #expect(try await ada.post("genre/shown") == 204)
            for _ in 0..<2 { #expect(try await ada.post("own/clicked") == 204) }
            #expect(try await ada.offer() == offer)
            let counts = try await shop.server.application.catalogue.offerCounts()
            #expect(counts.map { "\($0.offer) \($0.shown) \($0.clicked)" } == ["own 1 1"])

            #expect(try await ada.post("own/dismissed") == 204)
            #expect(try await ada.offer() == .null)
            let settings = try await shop.server.get("/api/v1/me/offers", ada.key).json
            #expect(settings == .object(["enabled": .bool(true), "available": .bool(true), "dismissed": .number(1)]))
            let export = try await shop.server.get("/api/v1/me/export", ada.key).text
            #expect(
                export.contains("offers.json") && export.contains(#""dismissed":["own"],"enabled":true,"shown":[{"clicked":true"#)
            )

            #expect(try await shop.server.send(.DELETE, "/api/v1/me/offers", [ada.key]).status == 204)
            #expect(try await ada.offer() == offer)
            let off = Array(#"{"enabled": false}"#.utf8)
            let switched = try await shop.server.send(.PUT, "/api/v1/me/offers", [ada.key], body: off)
            #expect(try switched.status == 200 && switched.json["enabled"] == .bool(false))
            #expect(try await ada.offer() == .null)
        }
    }

    @Test(
        "Nothing is offered without taste, of another region, over, for one's own plan, or beyond what fits; a film by its genre")
    func fits() async throws {
        try await withShop { shop in
            let none = try await shop.account(hasTaste: false)
            _ = try await none.upload(310, artist: "Artist A", genre: "Folk")
            #expect(try await none.offer() == .null)
            #expect(try await none.post("own/shown") == 204)
            #expect(try await shop.server.application.catalogue.offerCounts().isEmpty)

            let film = try await shop.account()
            _ = try await film.upload(311, artist: "Other", genre: "folk")
            #expect(try await film.offer()["reason"] == .object(["kind": .text("genre"), "name": .text("FOLK")]))
            #expect(try await film.offer()["date"]?.text == "9999-12-31")
            let plain = try await shop.account()
            #expect(try await plain.offer()["id"]?.text == "plus")
            #expect(try await plain.offer()["reason"] == .object(["kind": .text("general"), "name": .null]))
            #expect(try await shop.account(plan: "plus").offer() == .null)

            // Opting out takes the offer away, and what was dismissed with it.
            #expect(try await film.post("genre/dismissed") == 204)
            #expect(try await shop.server.send(.DELETE, "/api/v1/me/taste", [film.key]).status == 204)
            #expect(try await film.offer() == .null)
            #expect(try await shop.server.get("/api/v1/me/offers", film.key).json["dismissed"] == .number(0))
        }
    }

    @Test("Nothing is offered while something of the account plays, and that is no affair of others")
    func playing() async throws {
        try await withShop { shop in
            let (ada, bob) = (try await shop.account(), try await shop.account())
            let song = try await ada.upload(320, artist: "Artist A", genre: "Folk")
            #expect(try await ada.offer()["id"]?.text == "own")
            #expect(try await shop.server.get("/stream/\(song)/mp3-64", ada.key).status == 200)
            #expect(try await ada.offer() == .null)
            #expect(try await bob.offer()["id"]?.text == "plus")
        }
    }

    @Test("A feed that is wrong changes nothing and ends nothing; one that is right takes its place within seconds")
    func reload() async throws {
        try await withShop { shop in
            let ada = try await shop.account()
            #expect(try await ada.offer()["id"]?.text == "plus")
            let wrong = [
                "offers: [", "offers:\n- {id: x}\n", Self.first.replacing("https://a.example/own", with: "javascript:alert(1)"),
                Self.first.replacing("p.png", with: "../p.png"), "&a [*a]", "\u{0}", String(repeating: "x", count: 2 << 20)
            ]
            for feed in wrong {
                try await shop.expectRefusal { try shop.write(feed) }
                #expect(try await ada.offer()["id"]?.text == "plus", "\(feed.prefix(40))")
            }
            try await shop.expectRefusal { try FileManager.default.removeItem(atPath: shop.folder.path + "/offers.yaml") }
            #expect(try await ada.offer()["id"]?.text == "plus")
            try shop.folder.write(
                Array("offers:\n- {id: new, kind: show, title: T, url: 'https://a.example/'}\n".utf8), to: "offers.yaml")
            _ = try await shop.server.get("/api/v1/offers", [ada.key]) { try $0.json["offer"]?["id"]?.text == "new" }
            #expect(try await ada.post("plus/shown") == 404)
            // One whose picture is missing has its turn when the picture is there.
            try await shop.expectRefusal {
                try shop.write("offers:\n- {id: late, kind: show, title: T, url: 'https://a.example/', picture: late.png}\n")
            }
            #expect(try await ada.offer()["id"]?.text == "new")
            try shop.folder.write(OfferFeedTests.png, to: "late.png")
            _ = try await shop.server.get("/api/v1/offers", [ada.key]) { try $0.json["offer"]?["id"]?.text == "late" }
            try shop.write("offers: []")
            _ = try await shop.server.get("/api/v1/me/offers", [ada.key]) { try $0.json["available"] == .bool(false) }
            #expect(try await ada.offer() == .null)
        }
    }

    @Test("A server starts with a feed that is wrong, and has offers when it is mended")
    func starts() async throws {
        try await withShop("offers: {") { shop in
            let ada = try await shop.account()
            #expect(try await ada.offer() == .null)
            try shop.write(Self.first)
            _ = try await shop.server.get("/api/v1/offers", [ada.key]) { try $0.json["offer"]?["id"]?.text == "plus" }
        }
    }

    @Test("A picture is this server's own, with an entity tag; what takes its place later is not followed out of the folder")
    func picture() async throws {
        try await withShop { shop in
            let ada = try await shop.account()
            let path = "/api/v1/offers/own/picture"
            let reply = try await shop.server.get(path, ada.key)
            #expect(reply.status == 200 && reply["Content-Type"] == "image/png" && reply.body == OfferFeedTests.png)
            #expect(reply["X-Content-Type-Options"] == "nosniff")
            let tag = try #require(reply["ETag"])
            #expect(try await shop.server.get(path, ada.key, ("If-None-Match", tag)).status == 304)
            try expectProblem(try await shop.server.get(path, ada.key, ("If-Match", "\"x\"")), 412, nil)
            #expect(try await shop.server.get(path).status == 401)
            for other in ["genre/picture", "none/picture", "..%2fown/picture", "own/picture/p.png"] {
                #expect(try await shop.server.get("/api/v1/offers/\(other)", ada.key).status == 404, "\(other)")
            }
            let file = shop.folder.path + "/p.png"
            let secret = try shop.folder.write(OfferFeedTests.png, to: "inner/secret.png")
            for swap in ["link", "text", "huge", "gone"] {
                try? FileManager.default.removeItem(atPath: file)
                switch swap {
                case "link": try FileManager.default.createSymbolicLink(atPath: file, withDestinationPath: secret)
                case "text": try shop.folder.write(Array("<svg/>".utf8), to: "p.png")
                case "huge": try shop.folder.write(OfferFeedTests.png + Array(repeating: 0, count: 1_000_000), to: "p.png")
                default: break
                }
                #expect(try await shop.server.get(path, ada.key).status == 404, "\(swap)")
            }
        }
    }

    @Test("Ids that the feed does not have are 404, and bodies that say nothing are 400")
    func unknown() async throws {
        try await withShop { shop in
            let ada = try await shop.account()
            for path in ["none/shown", "none/clicked", "none/dismissed", "own%2fx/shown", "OWN/dismissed"] {
                #expect(try await ada.post(path) == 404, "\(path)")
            }
            for body in ["", "{}", "[]", #"{"enabled": 1}"#] {
                let reply = try await shop.server.send(.PUT, "/api/v1/me/offers", [ada.key], body: Array(body.utf8))
                try expectProblem(reply, 400, nil)
            }
            #expect(try await shop.server.send(.GET, "/api/v1/offers/own/shown", [ada.key])["Allow"] == "POST")
        }
    }

    @Test("A server without a feed has none on offer, and an open one has the routes")
    func without() async throws {
        try await RunningServer.run { server in
            #expect(try await server.get("/api/v1/offers").json == .object(["offer": .null]))
            #expect(try await server.get("/api/v1/me/offers").json["available"] == .bool(false))
            #expect(try await server.send(.POST, "/api/v1/offers/x/shown").status == 404)
            let plans = try await server.get("/api/v1/plans").json
            #expect(plans == .object(["plan": .null, "upgrade": .null, "plans": .list([])]))
        }
    }
}

@Suite("Plans on show", .tags(.codec, .http), .serialized, .timeLimit(.minutes(10)))
struct PlanRouteTests {
    private func withServer(_ body: (RunningServer, _ key: (String, String), _ catalogue: Catalogue) async throws -> Void)
        async throws
    {
        try await RunningServer.run(access: .accounts) { configuration in
            var tiny = Plan(quota: ByteSize(40_000), isLossless: false, streams: 1)
            (tiny.playlists, tiny.playlistTracks, tiny.title) = (1, 1, "Tiny")
            var plus = Plan(quota: ByteSize(50_000_000_000), best: Rendition(named: "mp3-192"))
            (plus.title, plus.price) = ("Plus", "3 € a month")
            configuration.plans.given = ["tiny": tiny, "plus": plus, "hidden": Plan()]
            configuration.upgrade.plans = ["plus", "free"]
            configuration.upgrade.url = "https://a.example/?plan={plan}"
        } _: { server in
            let catalogue = server.application.catalogue
            let id = try await catalogue.addAccount(named: uniqueName("ada"), password: .ofNobody, plan: "tiny")
            let key = try await catalogue.addKey(account: id, label: "", scopes: .all).secret.text
            try await body(server, ("Authorization", "Bearer \(key)"), catalogue)
        }
    }

    @Test("The account's own plan is on show, beside those that the operator lists and no other")
    func shown() async throws {
        try await withServer { server, key, _ in
            let document = try await server.get("/api/v1/plans", key).json
            #expect(document["plan"]?.text == "tiny" && document["upgrade"]?.text == "https://a.example/?plan={plan}")
            let plans = try #require(document["plans"]?.list)
            #expect(plans.map { $0["name"]?.text } == ["tiny", "plus", "free"])
            #expect(plans[0]["quota"] == .number(40_000) && plans[0]["lossless"] == .bool(false) && plans[0]["price"] == .null)
            #expect(
                plans[1]["maxRendition"]?.text == "mp3-192" && plans[1]["price"]?.text == "3 € a month"
                    && plans[1]["streams"] == .null)
            #expect(plans[2]["title"] == .null && plans[2]["streams"] == .number(3))
        }
    }

    @Test("An account on a plan that is not configured is on free, and is told so")
    func unlisted() async throws {
        try await withServer { server, _, catalogue in
            let id = try await catalogue.addAccount(named: uniqueName("eve"), password: .ofNobody, plan: "gone")
            let key = try await catalogue.addKey(account: id, label: "", scopes: .all).secret.text
            let document = try await server.get("/api/v1/plans", ("Authorization", "Bearer \(key)")).json
            #expect(document["plan"]?.text == "free")
            #expect(document["plans"]?.list?.map { $0["name"]?.text } == ["plus", "free"])
        }
    }

    @Test("Where a limit of the plan is met the problem says which, and whose plan it is; a share's guest is not told")
    func limits() async throws {
        try await withServer { server, key, catalogue in
            func expectLimit(_ reply: Reply, _ status: Int, _ limit: String) throws {
                #expect(reply.status == status, "\(reply.text)")
                #expect(try reply.json["limit"]?.text == limit && reply.json["plan"]?.text == "tiny", "\(reply.text)")
            }
            let big = Sound.wav(seconds: 2, seed: 1)
            try expectLimit(try await server.send(.POST, "/api/v1/tracks?name=a.wav", [key], body: big), 507, "quota")
            let tus = [key, ("Tus-Resumable", "1.0.0"), ("Upload-Length", "50000")]
            try expectLimit(try await server.send(.POST, "/api/v1/uploads", tus), 507, "quota")
            let songs = try await ([1, 2] as [UInt64]).asyncIDs { seed in
                try await server.upload(Sound.wav(seconds: 0.1, seed: seed), name: "a.wav", [key])
            }
            let one = Array(#"{"name": "P", "tracks": ["\#(songs[0])"]}"#.utf8)
            let two = Array(#"{"name": "P", "tracks": ["\#(songs[0])", "\#(songs[1])"]}"#.utf8)
            try expectLimit(try await server.send(.POST, "/api/v1/playlists", [key], body: two), 507, "playlistTracks")
            #expect(try await server.send(.POST, "/api/v1/playlists", [key], body: one).status == 201)
            try expectLimit(try await server.send(.POST, "/api/v1/playlists", [key], body: one), 507, "playlists")

            let share = Array(#"{"tracks": ["\#(songs[0])", "\#(songs[1])"]}"#.utf8)
            let link = try #require(try await server.send(.POST, "/api/v1/shares", [key], body: share).json["url"]?.text)
            let token = try #require(link.split(separator: "/").last)
            let items = try #require(try await server.get("/api/v1/shared/\(token)").json["items"]?.list)
            let ticket = try #require(items[1]["ticket"]?.text)
            #expect(try await server.get("/stream/\(songs[0])/mp3-64", key).status == 200)
            try expectLimit(try await server.get("/stream/\(songs[1])/mp3-64", key), 429, "streams")
            let guest = try await server.get("/stream/\(songs[1])/mp3-64?ticket=\(ticket)")
            try expectProblem(guest, 429, "too-many-streams", track: songs[1])
            #expect(try guest.json["plan"] == nil && guest.json["limit"] == nil, "\(guest.text)")
            // What no plan bounds names none.
            try expectProblem(try await server.get("/api/v1/tracks/x", key), 404, "not-found")
            #expect(try await server.get("/api/v1/tracks/x", key).json["plan"] == nil)
        }
    }
}

extension [UInt64] {
    /// The ids of what is uploaded for each, one after the other.
    fileprivate func asyncIDs(_ upload: (UInt64) async throws -> JSON) async throws -> [String] {
        var ids: [String] = []
        for seed in self { ids.append(try #require(try await upload(seed)["id"]?.text)) }
        return ids
    }
}
