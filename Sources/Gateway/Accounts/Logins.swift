import Audio
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Logging
import NIOPosix

/// Checks passwords and begins sessions.
struct Logins: Sendable {
    private static let longestClient = 200

    let catalogue: Catalogue
    /// Makes the marks that stand for addresses in the catalogue.
    let key: SymmetricKey
    /// Whether a session's cookie is for TLS only, even if the request did not come by TLS.
    let isAlwaysSecure: Bool
    private let desk: PasswordDesk
    private let throttle = LoginThrottle()

    /// - Parameter threads: a dedicated thread, so that logins do not delay other work.
    init(catalogue: Catalogue, key: SymmetricKey, isAlwaysSecure: Bool, threads: NIOThreadPool) {
        self.catalogue = catalogue
        self.key = key
        self.isAlwaysSecure = isAlwaysSecure
        desk = PasswordDesk(threads: threads)
    }

    /// The account of this name and password.
    ///
    /// - Throws: the same 401, after the same time, whether the name or the password is wrong; 429 to clients that guess;
    ///   503 if too many clients log in at once.
    func account(named name: String, password: String, _ context: GatewayContext) async throws -> Int64 {
        let address = context.client.address
        let known = try await catalogue.password(ofAccountNamed: name, from: mark(of: address))
        let attempt = LoginAttempt(
            network: address?.network, name: .init(account: known?.account, name: name),
            isFromKnownAddress: known?.isFromKnownAddress ?? false)
        let failures: Double
        switch throttle.begin(attempt) {
        case .goAhead(let count): failures = count
        case .wait(let wait):
            throw Problem(
                status: .tooManyRequests, detail: "too many failed logins",
                headers: [.retryAfter: "\(max(1, Int((wait / .seconds(1)).rounded(.up))))"])
        }
        let claim = PasswordQueue.Claim(
            isKnown: attempt.isFromKnownAddress, failures: failures, neighbourhood: address?.neighbourhood)
        let matches: Bool
        do {
            // A client that leaves while it waits has tried nothing.
            matches = try await context.whileConnected { [desk] in
                try await desk.run(claim) { (known?.hash ?? .ofNobody).matches(password) }
            }
        } catch {
            throttle.withdrawn(attempt)
            throw error
        }
        guard matches, let known else {
            // Without the name, which may be a password typed into the wrong field.
            context.logger.notice("login failed", metadata: ["address": "\(address?.description ?? "unknown")"])
            throw Problem.unauthorised
        }
        throttle.succeeded(attempt)
        return known.account
    }

    /// The hash of a new password. Returns nil if the password is too short or too long. For callers that may make an account.
    func hash(of password: String) async throws -> PasswordHash? {
        try await desk.run(PasswordQueue.Claim(isKnown: true)) { PasswordHash(of: password) }
    }

    /// `response` with the cookie of a new session. The client must just have proved that it owns the account.
    ///
    /// - Parameter request: names the program that logs in.
    func session(
        of account: Int64, _ request: Request, _ response: Response, _ context: GatewayContext
    ) async throws -> Response {
        let secret = try await catalogue.beginSession(
            account: account, from: mark(of: context.client.address), client: Self.client(of: request))
        var response = response
        response.setCookie(cookie(secret.text, seconds: Catalogue.sessionLifetime / 1000, context))
        return response
    }

    /// The program as it names itself (RFC 9110 §10.1.5), for its owner to recognise: without control characters, and at most
    /// ``longestClient`` bytes.
    static func client(of request: Request) -> String {
        var text = (request.headers[.userAgent] ?? "").printable.prefix(longestClient)
        while text.utf8.count > longestClient { text.removeLast() }
        return String(text)
    }

    /// `response`, which also ends the browser's session.
    func ending(_ response: Response, _ context: GatewayContext) -> Response {
        var response = response
        response.setCookie(cookie("", seconds: 0, context))
        return response
    }

    /// The session's cookie, which pages of other sites and scripts cannot use.
    private func cookie(_ secret: String, seconds: Int, _ context: GatewayContext) -> Cookie {
        Cookie(
            name: Authentication.cookie, value: secret, maxAge: seconds, path: "/",
            secure: isAlwaysSecure || context.client.isTLS,
            httpOnly: true, sameSite: .strict)
    }

    /// A mark by which an address's network is recognised: a copy of the catalogue does not reveal where its users live.
    private func mark(of address: IPAddress?) -> [UInt8]? {
        address.map { address in
            Array(
                HMAC<SHA256>.authenticationCode(for: Array("login address".utf8) + address.network.bytes, using: key).prefix(16))
        }
    }
}
