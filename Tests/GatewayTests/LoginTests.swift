import AsyncHTTPClient
import Foundation
import Locker
import NIOCore
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// Accounts behind a proxy on loopback, which says whom a request comes from.
@Suite(
    "Logging in behind a trusted proxy", .tags(.codec, .http), .serialized,
    .server(access: .accounts) { $0.proxies = TrustedProxies(["127.0.0.1"].compactMap { AddressRange($0) }) },
    .timeLimit(.minutes(10)))
struct LoginTests {
    private static let password = "correct horse battery"
    private static let hash = PasswordHash(of: password, exponent: 4)
    private let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private func account(_ name: String) async throws -> String {
        let name = uniqueName(name)
        _ = try await server.application.catalogue.addAccount(named: name, password: try #require(Self.hash), plan: "free")
        return name
    }

    private func logIn(
        _ name: String, _ password: String = "wrong horse battery", from address: String, _ more: (String, String)...
    ) async throws -> Reply {
        let body = try JSONEncoder().encode(["name": name, "password": password])
        return try await server.send(.POST, "/api/v1/session", [("X-Forwarded-For", address)] + more, body: Array(body))
    }

    @Test("A name with a zero is refused before any look-up, 32 times, with the right password too")
    func zeros() async throws {
        let ada = try await account("ada")
        for number in 0..<32 {
            for password in ["guess \(number)", Self.password] {
                let reply = try await logIn("\(ada)\u{0}\(number)", password, from: "192.0.2.1")
                try expectProblem(reply, 400, nil)
                #expect(reply["Set-Cookie"] == nil)
            }
        }
        // Nothing was tried, so nothing was counted.
        #expect(try await logIn(ada, Self.password, from: "192.0.2.1").status == 204)
    }

    @Test("Eight failures elsewhere keep strangers out of the account, and not its owner at a known address")
    func lockedName() async throws {
        let ada = try await account("ada")
        #expect(try await logIn(ada, Self.password, from: "198.51.100.1").status == 204)
        for number in 0..<8 { #expect(try await logIn(ada, from: "2001:db8:0:\(number)::1").status == 401) }
        let refused = try await logIn(ada, Self.password, from: "203.0.113.1")
        try expectProblem(refused, 429, nil)
        #expect((1...30).contains(Int(refused["Retry-After"] ?? "") ?? 0))
        #expect(try await logIn(ada.uppercased(), Self.password, from: "198.51.100.1").status == 204)
        // A client that says it is there is still where the proxy saw it.
        try expectProblem(try await logIn(ada, Self.password, from: "198.51.100.1, 203.0.113.1"), 429, nil)
    }

    @Test("Logging in to one's own account after every six guesses does not buy more guesses")
    func ownSuccess() async throws {
        let (ada, eve) = (try await account("ada"), try await account("eve"))
        for _ in 0..<6 { #expect(try await logIn(ada, from: "192.0.2.6").status == 401) }
        #expect(try await logIn(eve, Self.password, from: "192.0.2.6").status == 204)
        for _ in 0..<2 { #expect(try await logIn(ada, from: "192.0.2.6").status == 401) }
        #expect(try await logIn(ada, from: "192.0.2.6").status == 429)
        #expect(try await logIn("nobody", from: "192.0.2.6").status == 429)
    }

    @Test("Forty addresses that guess do not turn a right password away")
    func fortyAddresses() async throws {
        let ada = try await account("ada")
        #expect(try await logIn(ada, Self.password, from: "198.51.100.40").status == 204)
        // More at once than the suite's client opens connections.
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 120
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        let (answers, answered) = AsyncStream<UInt>.makeStream()
        let guesses = Task {
            await withTaskGroup(of: Void.self) { tasks in
                for address in 0..<40 {
                    for _ in 0..<3 {
                        tasks.addTask {
                            var request = HTTPClientRequest(url: server.url + "/api/v1/session")
                            request.method = .POST
                            request.headers = ["X-Forwarded-For": "192.\(address).2.1"]
                            request.body = .bytes(Array(#"{"name":"guess-\#(address)","password":"wrong horse"}"#.utf8))
                            guard let reply = try? await client.execute(request, timeout: .seconds(300)) else { return }
                            answered.yield(reply.status.code)
                        }
                    }
                }
            }
        }
        // All places are taken.
        #expect(await answers.first { $0 == 503 } == 503)
        #expect(try await logIn(ada, Self.password, from: "198.51.100.40").status == 204)
        guesses.cancel()
        await guesses.value
        try await client.shutdown()
    }

    @Test("The cookie is Secure if the proxy says that the browser uses TLS")
    func secureCookie() async throws {
        let ada = try await account("ada")
        func cookie(_ fields: (String, String)...) async throws -> String {
            let body = try JSONEncoder().encode(["name": ada, "password": Self.password])
            let reply = try await server.send(.POST, "/api/v1/session", fields, body: Array(body))
            return try #require(reply["Set-Cookie"])
        }
        #expect(try await cookie(("X-Forwarded-For", "192.0.2.8"), ("X-Forwarded-Proto", "https")).contains("; Secure"))
        #expect(try await cookie(("Forwarded", "for=192.0.2.8;proto=https")).contains("; Secure"))
        #expect(try await !cookie(("X-Forwarded-For", "192.0.2.8"), ("X-Forwarded-Proto", "http")).contains("; Secure"))
    }
}

@Suite("Logging in where no proxy is trusted", .tags(.codec, .http), .timeLimit(.minutes(10)))
struct UntrustedProxyTests {
    private static let password = "correct horse battery"

    @Test("Forwarded fields change neither address nor cookie, and the log has the address and not the name")
    func untrusted() async throws {
        let log = LogLines()
        try await RunningServer.run(access: .accounts, logger: log.logger) { server in
            let hash = try #require(PasswordHash(of: Self.password, exponent: 4))
            for name in ["ada"] + (1...9).map({ "hunter2-\($0)" }) {
                _ = try await server.application.catalogue.addAccount(named: name, password: hash, plan: "free")
            }
            func logIn(_ name: String, _ password: String, _ number: Int) async throws -> Reply {
                let body = try JSONEncoder().encode(["name": name, "password": password])
                let fields = [
                    ("X-Forwarded-For", "192.0.2.\(number)"), ("Forwarded", "for=192.0.2.\(number);proto=https"),
                    ("X-Forwarded-Proto", "https")
                ]
                return try await server.send(.POST, "/api/v1/session", fields, body: Array(body))
            }
            let reply = try await logIn("ada", Self.password, 0)
            let cookie = try #require(reply["Set-Cookie"])
            #expect(!cookie.contains("Secure"))
            let begun = ContinuousClock.now
            var number = 1
            while number < 40, try await logIn("hunter2-\(number)", "swordfish!", number).status == 401 { number += 1 }
            // Of eight failures one is forgotten every 30 s, which a busy machine may take.
            let forgotten = Int((ContinuousClock.now - begun) / .seconds(30))
            #expect((9...9 + forgotten).contains(number))
            #expect(try await logIn("hunter2-x", "swordfish!", number).status == 429 || forgotten > 0)
            let failed = log.all.filter { $0.contains("login failed") }
            #expect(failed.count >= number - 1 && failed.allSatisfy { $0.contains("127.0.0.1") && !$0.contains("192.0.2") })
            #expect(!log.all.contains { $0.contains("hunter2") || $0.contains("swordfish") })
            // The owner's own address was known before the guesses.
            #expect(try await logIn("ada", Self.password, 10).status == 204)
        }
    }

    @Test("The configuration makes the cookie Secure, however a request came")
    func configured() async throws {
        try await RunningServer.run(access: .accounts) {
            $0.cookieIsSecure = true
        } _: { server in
            let reply = try await server.send(.DELETE, "/api/v1/session", [("X-Requested-With", "test")])
            let cookie = try #require(reply["Set-Cookie"])
            #expect(cookie.contains("; Secure"))
        }
    }
}
