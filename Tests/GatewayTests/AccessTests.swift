import Crypto
import Foundation
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("A server behind a token", .tags(.codec, .http), .server(access: .token("s3cret")), .timeLimit(.minutes(10)))
struct AccessTests {
    static let bearer = ("Authorization", "Bearer s3cret")

    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private func song(seed: UInt64) async throws -> SongServer.Song {
        let file = Sound.wav(seconds: 0.5, seed: seed)
        return .init(file: file, document: try await server.upload(file, name: "a.wav", [Self.bearer]))
    }

    @Test("A request with wrong or no credentials gets 401")
    func wrongCredentials() async throws {
        let song = try await song(seed: 2)
        let paths: [(HTTPMethod, String)] = [
            (.GET, "/stream/\(song.id)/mp3-64"), (.HEAD, "/stream/\(song.id)/original"), (.GET, "/stream/x/y"),
            (.GET, "/art/\(song.id)"),
            (.GET, "/api/v1/tracks"), (.GET, "/api/v1/tracks/\(song.id)"), (.DELETE, "/api/v1/tracks/\(song.id)"),
            (.POST, "/api/v1/tracks"), (.POST, "/api/v1/tracks/\(song.id)/ticket"), (.GET, "/api/v1/uploads/x")
        ]
        let wrong: [[(String, String)]] = [
            [], [("Authorization", "Bearer wrong")], [("Authorization", "Bearer")], [("Authorization", "Bearer s3cre")],
            [("Authorization", "Basic czNjcmV0")], [("Authorization", "s3cret")],
            [("Authorization", "")], [Self.bearer, Self.bearer], [("Cookie", "sweetspot_session=s3cret")]
        ]
        for (method, path) in paths {
            for headers in wrong {
                let reply = try await server.send(method, path, headers)
                #expect(reply["WWW-Authenticate"] == "Bearer", "\(path) \(headers)")
                if method == .HEAD { #expect(reply.status == 401) } else { try expectProblem(reply, 401, "unauthorised") }
            }
        }
    }

    @Test("An unknown path gets 404, and the status pages answer, without credentials")
    func noCredentials() async throws {
        for path in ["/nothing", "/api/v1/nothing", "/stream", "/rests/ping"] {
            try expectProblem(try await server.get(path), 404, "not-found")
        }
        for path in ["/healthz", "/readyz", "/metrics"] { #expect(try await server.get(path).status == 200) }
    }

    @Test("A server behind a token answers to any host")
    func anyHost() async throws {
        let foreign = try await server.get("/api/v1/tracks", ("authorization", "bearer s3cret"), ("Host", "music.example"))
        #expect(foreign.status == 200)
    }

    @Test("The token is a ticket for media, and for media alone")
    func tokenAsTicket() async throws {
        let song = try await song(seed: 5)
        #expect(try await server.get("/stream/\(song.id)/mp3-64?ticket=s3cret").status == 200)
        #expect(try await server.get("/api/v1/tracks?ticket=s3cret").status == 401)
        #expect(try await server.send(.OPTIONS, "/stream/\(song.id)/mp3-64").status == 204)
    }

    @Test("A client whose upload will be refused is not told to send it")
    func expectation() async throws {
        try await RawConnection.run(to: server) { connection in
            try await connection.send(
                "POST /api/v1/tracks HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n")
            #expect(try await connection.read(through: "\r\n").hasPrefix("HTTP/1.1 401 "))
        }
    }

    /// Asks for a ticket for a song.
    private func ticket(_ song: SongServer.Song, _ body: String?) async throws -> Reply {
        try await server.send(.POST, "/api/v1/tracks/\(song.id)/ticket", [Self.bearer], body: body.map { Array($0.utf8) })
    }

    /// A ticket for a rendition of a song, or for all of them, `*`.
    private func secret(_ song: SongServer.Song, _ rendition: String) async throws -> String {
        try #require(try await ticket(song, #"{"rendition":"\#(rendition)"}"#).json["ticket"]?.text)
    }

    @Test("A ticket's document has the ticket, when it ends, and an address that it opens")
    func ticketDocument() async throws {
        let song = try await song(seed: 3)
        let all = try await ticket(song, #"{"rendition":"*"}"#)
        #expect(all.status == 200 && all["Cache-Control"] == "no-store")
        let document = try all.json
        #expect(document.keys == ["ticket", "expires", "url"])
        let secret = try #require(document["ticket"]?.text)
        #expect(secret.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-._~*".contains($0)) })
        let url = try #require(document["url"]?.text)
        #expect(url == "/stream/\(song.id)/mp3-128.mp3?ticket=\(secret)")
        let expiry = try Date(
            try #require(document["expires"]?.text), strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        #expect(expiry > .now)
        #expect(try await server.get(url).status == 200)
        #expect(try await server.get(url)["Cache-Control"]?.hasPrefix("private") == true)
    }

    @Test("A ticket for all renditions opens each of them")
    func ticketForAll() async throws {
        let song = try await song(seed: 6)
        let secret = try await secret(song, "*")
        for name in ["mp3-64", "opus-64.opus", "original"] {
            #expect(try await server.send(.HEAD, "/stream/\(song.id)/\(name)?ticket=\(secret)").status == 200)
        }
    }

    @Test("A ticket for one rendition opens no other")
    func ticketForOne() async throws {
        let song = try await song(seed: 7)
        let secret = try await secret(song, "opus-64")
        #expect(try await server.get("/stream/\(song.id)/opus-64?ticket=\(secret)").status == 200)
        for name in ["opus-96", "mp3-64", "original", "opus-6"] {
            try expectProblem(try await server.get("/stream/\(song.id)/\(name)?ticket=\(secret)"), 401, "unauthorised")
        }
    }

    @Test("A ticket opens neither another track nor the library")
    func ticketElsewhere() async throws {
        let song = try await song(seed: 8)
        let other = try await server.upload(Sound.wav(seconds: 0.2, seed: 9), name: "b.wav", [Self.bearer])
        let (all, one) = (try await secret(song, "*"), try await secret(song, "opus-64"))
        let foreign = try #require(other["id"]?.text)
        for id in [foreign, String(repeating: "0", count: 22)] {
            try expectProblem(try await server.get("/stream/\(id)/opus-64?ticket=\(one)"), 404, "not-found")
        }
        for path in ["/api/v1/tracks", "/api/v1/tracks/\(song.id)"] {
            try expectProblem(try await server.get("\(path)?ticket=\(all)"), 401, "unauthorised")
        }
    }

    @Test("The redirect from a stale version keeps the ticket")
    func ticketOfStaleVersion() async throws {
        let song = try await song(seed: 10)
        let secret = try await secret(song, "opus-64")
        let stale = try await server.get("/stream/\(song.id)/opus-64?v=0&ticket=\(secret)")
        #expect(stale.status == 307 && stale["Location"]?.hasSuffix("&ticket=\(secret)") == true)
        #expect(try await server.get(try #require(stale["Location"])).status == 200)
    }

    @Test("The address with a ticket is the Original's if the ticket is, and an MP3's if no rendition is named")
    func ticketAddress() async throws {
        let song = try await song(seed: 11)
        #expect(try await ticket(song, nil).json["url"]?.text?.hasPrefix("/stream/\(song.id)/mp3-128.mp3?") == true)
        let original = try await ticket(song, #"{"rendition":"original"}"#).json["url"]?.text
        #expect(original?.hasPrefix("/stream/\(song.id)/original.wav?") == true)
    }

    @Test("A ticket for an unknown rendition gets 404, a request that is no document 400")
    func malformedTicketRequests() async throws {
        let song = try await song(seed: 12)
        try expectProblem(try await ticket(song, #"{"rendition":"mp3-1"}"#), 404, "not-found")
        for body in ["{", "[1]", #"{"rendition":5}"#, "\u{0}", #"{"rendition":"\#(String(repeating: "a", count: 5000))"}"#] {
            try expectProblem(try await ticket(song, body), 400, nil)
        }
    }

    @Test("A ticket that is forged, expired or torn is none")
    func badTickets() async throws {
        let song = try await song(seed: 4)
        let key = SymmetricKey(data: try Data(contentsOf: server.data.appending(path: "keys/tickets")))
        let later = Int(Date.now.timeIntervalSince1970) + 1000
        let account = server.application.account
        let good = Ticket(account: account, track: song.id, rendition: "*", expires: later).signed(with: key)
        let path = "/stream/\(song.id)/mp3-64?ticket="
        #expect(try await server.get(path + good).status == 200)
        let signature = good.split(separator: ".")[4]
        for ticket in [
            Ticket(account: account, track: song.id, rendition: "*", expires: later - 2000).signed(with: key),
            Ticket(account: account, track: song.id, rendition: "*", expires: later).signed(with: SymmetricKey(size: .bits256)),
            Ticket(account: account + 1, track: song.id, rendition: "*", expires: later).signed(with: key),
            "\(account).\(song.id).*.\(later + 1).\(signature)", "\(account).\(song.id).mp3-64.\(later).\(signature)",
            "\(account).\(song.id).*.\(later).", "0\(good)", "+\(good)", "\(account + 1).\(song.id).*.\(later).\(signature)",
            "\(account).\(song.id).*.\(later)", String(good.dropLast()), good + "A", good + ".", "...", "", ".", "%00",
            "\(account).\(song.id).*.99999999999999999999.\(signature)", "\(account).\(song.id).*.-1.\(signature)", "s3cre"
        ] {
            try expectProblem(try await server.get(path + ticket), 401, "unauthorised")
        }
        let wrong = try await server.get(path + good, ("Authorization", "Bearer wrong"))
        try expectProblem(wrong, 401, "unauthorised")
        let mode = try FileManager.default.attributesOfItem(atPath: server.data.appending(path: "keys/tickets").path)
        #expect(mode[.posixPermissions] as? Int == 0o600)
    }
}
