import Crypto
import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite(
    "Subsonic's credentials", .tags(.http), .serialized,
    .server(access: .accounts) { $0.proxies = TrustedProxies(["127.0.0.1"].compactMap { AddressRange($0) }) },
    .timeLimit(.minutes(10)))
struct SubsonicCredentialTests {
    private static let password = "correct horse battery"
    private static let hash = PasswordHash(of: password, exponent: 4)
    private let server: RunningServer
    private let name: String
    private let key: (String, String)

    init() async throws {
        server = try #require(RunningServer.current)
        name = uniqueName("ada")
        let catalogue = server.application.catalogue
        let account = try await catalogue.addAccount(named: name, password: try #require(Self.hash), plan: "free")
        key = ("Authorization", "Bearer \(try await catalogue.addKey(account: account, label: "", scopes: .all).secret.text)")
    }

    private func make(_ label: String) async throws -> (id: String, password: String) {
        let reply = try await server.send(
            .POST, "/api/v1/app-passwords", [key], body: Array(#"{"label": "\#(label)"}"#.utf8))
        try #require(reply.status == 201, "\(reply.text)")
        let document = try reply.json
        #expect(document.keys == ["id", "label", "created", "used", "password"] && document["label"]?.text == label)
        let id = try #require(document["id"]?.text)
        #expect(reply["Location"] == "/api/v1/app-passwords/\(id)")
        return (id, try #require(document["password"]?.text))
    }

    /// The code of the failure; nil if the credentials are right.
    private func code(_ credentials: String, from address: String = "192.0.2.1") async throws -> Int? {
        let reply = try await server.get("/rest/ping?v=1.16.1&c=test&f=json&\(credentials)", ("X-Forwarded-For", address))
        let answer = try reply.json["subsonic-response"]
        #expect(reply.status == 200)
        if answer?["status"]?.text == "ok" { return nil }
        return try #require(answer?["error"]?["code"]?.integer, "\(reply.text)")
    }

    private static func token(_ password: String, _ salt: String) -> String {
        Insecure.MD5.hash(data: Array((password + salt).utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }
            .joined()
    }

    private static func digits(_ text: String) -> String {
        text.utf8.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }

    @Test("An app password is taken in clear, in digits, as a token with any salt, and as a key; the account's own is not")
    func ways() async throws {
        let (_, password) = try await make("phone")
        let digits = Self.digits(password)
        let salt = "a&%+\"é"
        let escaped = try #require(salt.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
        for credentials in [
            "u=\(name)&p=\(password)", "u=\(name.uppercased())&p=\(password)", "u=\(name)&p=enc:\(digits)",
            "u=\(name)&p=enc:\(digits.uppercased())", "u=\(name)&t=\(Self.token(password, "c19b2d"))&s=c19b2d",
            "u=\(name)&t=\(Self.token(password, salt))&s=\(escaped)", "u=\(name)&t=\(Self.token(password, ""))&s=",
            "apiKey=\(password)", "apiKey=\(password)&u=&p=&t=&s=", "apiKey=&u=\(name)&p=\(password)"
        ] { #expect(try await code(credentials) == nil, "\(credentials.prefix(12))") }
        let own = Self.password.replacing(" ", with: "%20")
        for (number, (credentials, expected)) in [
            ("u=\(name)&p=\(own)", 40), ("u=\(name)&t=\(Self.token(Self.password, "x"))&s=x", 40), ("apiKey=\(own)", 44),
            ("u=\(name)&p=", 40), ("u=\(name)&p=enc:", 40), ("u=\(name)&p=enc:\(digits.dropLast())", 40), ("u=\(name)&t=&s=", 40),
            ("u=\(name)&t=\(Self.token(password, "y"))&s=x", 40), ("u=\(name)x&p=\(password)", 40),
            ("u=nobody&p=\(password)", 40),
            ("u=\(name)&apiKey=\(password)", 43), ("apiKey=\(password)&p=x", 43), ("u=\(name)", 10), ("", 10),
            ("p=\(password)", 10),
            ("u=\(name)&t=\(Self.token(password, "x"))", 10), ("apiKey=", 44), ("apiKey=&u=", 44), ("apiKey=&u=\(name)&p=x", 40),
            ("apiKey=\(password)x", 44)
        ].enumerated() {
            #expect(try await code(credentials, from: "198.51.\(number).1") == expected, "\(number)")
        }
        // A key of the account, as it is or in the field, and nothing of either kind.
        #expect(try await code("apiKey=\(key.1.dropFirst(7))") == nil)
        #expect(try await code("apiKey=sweetspot_") == 44)
    }

    @Test("A revoked password ends at once, and the others do not")
    func revoked() async throws {
        let (phone, tablet) = (try await make("phone"), try await make("tablet"))
        let stream = "u=\(name)&t=\(Self.token(phone.password, "s"))&s=s"
        #expect(try await code(stream) == nil)
        let list = try await server.send(.GET, "/api/v1/app-passwords", [key]).json
        #expect(list["items"]?.list?.map { $0["label"]?.text } == ["phone", "tablet"])
        #expect(list["items"]?.list?.allSatisfy { $0.keys == ["id", "label", "created", "used"] } == true)
        #expect(list["items"]?.list?.first?["used"]?.text != nil && list["items"]?.list?.last?["used"] == .null)
        #expect(try await server.send(.DELETE, "/api/v1/app-passwords/\(phone.id)", [key]).status == 204)
        #expect(try await code(stream) == 40)
        #expect(try await code("apiKey=\(phone.password)") == 44)
        #expect(try await code("u=\(name)&p=\(tablet.password)") == nil)
        try expectProblem(try await server.send(.DELETE, "/api/v1/app-passwords/\(phone.id)", [key]), 404, "not-found")
    }

    @Test("A password opens its account's tracks and no others, and nothing that is not Subsonic's")
    func reach() async throws {
        let (_, password) = try await make("phone")
        let foreign = String(repeating: "0", count: 22)
        let reply = try await server.get("/rest/stream?v=1.16.1&c=test&f=json&u=\(name)&p=\(password)&id=\(foreign)")
        #expect(try reply.json["subsonic-response"]?["error"]?["code"]?.integer == 70)
        for path in ["/api/v1/tracks", "/api/v1/me", "/api/v1/app-passwords", "/stream/\(foreign)/mp3-128"] {
            #expect(try await server.get(path, ("Authorization", "Bearer \(password)")).status == 401)
            #expect(try await server.get("\(path)?u=\(name)&p=\(password)").status == 401)
            #expect(try await server.get("\(path)?apiKey=\(password)").status == 401)
        }
    }

    @Test("Every answer to wrong credentials is the same, whatever is wrong with them")
    func onePath() async throws {
        let (phone, _) = try await make("phone")
        let (_, password) = try await make("tablet")
        #expect(try await server.send(.DELETE, "/api/v1/app-passwords/\(phone)", [key]).status == 204)
        var replies: [Reply] = []
        for (number, wrong) in ["\(name)&p=wrong", "nobody&p=wrong", "\(name)&p=\(password)x"].enumerated() {
            replies.append(
                try await server.get("/rest/ping?v=1.16.1&c=test&u=\(wrong)", ("X-Forwarded-For", "203.0.113.\(number)")))
        }
        #expect(replies.allSatisfy { $0.body == replies[0].body && $0.status == 200 })
        #expect(replies[0].text.contains("code=\"40\""))
    }

    @Test("Failures are throttled by address and account, and a right password never")
    func throttled() async throws {
        let (_, password) = try await make("phone")
        let address = "192.0.2.77"
        func ping(_ credentials: String) async throws -> Reply {
            try await server.get("/rest/ping?v=1.16.1&c=test&f=json&\(credentials)", ("X-Forwarded-For", address))
        }
        for number in 0..<8 { #expect(try await ping("u=\(name)&p=guess\(number)")["Retry-After"] == nil) }
        let refused = try await ping("u=\(name)&p=guess")
        #expect(refused.status == 200 && (1...30).contains(Int(refused["Retry-After"] ?? "") ?? 0))
        #expect(try refused.json["subsonic-response"]?["error"]?["code"]?.integer == 40)
        #expect(try await ping("apiKey=guess")["Retry-After"] != nil)
        for _ in 0..<50 {
            #expect(try await ping("u=\(name)&p=\(password)").json["subsonic-response"]?["status"]?.text == "ok")
            #expect(try await code("apiKey=\(password)", from: address) == nil)
        }
        #expect(try await ping("u=\(name)&p=guess")["Retry-After"] != nil)
    }

    @Test("Failed logins are logged with the address, without name and secret, and not any more once they are throttled")
    func logged() async throws {
        let log = LogLines()
        try await RunningServer.run(access: .accounts, logger: log.logger) { server in
            for number in 0..<20 {
                _ = try await server.get("/rest/ping?v=1.16.1&c=test&u=hunter2&p=swordfish\(number)")
                _ = try await server.get("/rest/ping?v=1.16.1&c=test&apiKey=swordfish\(number)")
            }
        }
        let failed = log.all.filter { $0.contains("login failed") }
        #expect((8..<20).contains(failed.count) && failed.allSatisfy { $0.contains("127.0.0.1") && $0.contains("/rest") })
        #expect(!log.all.contains { $0.contains("hunter2") || $0.contains("swordfish") })
    }

    @Test("Of 1,000 mutations of a token, none opens anything")
    func mutations() async throws {
        let (_, password) = try await make("phone")
        let token = Self.token(password, "salt")
        var generator = SeededGenerator(seed: 6)
        let digits = Array("0123456789abcdef")
        for number in 0..<1000 {
            var text = Array(token)
            for _ in 0...Int.random(in: 0..<3, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: text[place] = digits[Int.random(in: 0..<16, using: &generator)]
                case 1: text.remove(at: place)
                default: text.insert(digits[Int.random(in: 0..<16, using: &generator)], at: place)
                }
            }
            let isSame = String(text) == token
            let found = try await code("u=\(name)&t=\(String(text))&s=salt", from: "10.\(number / 250).\(number % 250).1")
            #expect((found == nil) == isSame)
        }
    }
}
