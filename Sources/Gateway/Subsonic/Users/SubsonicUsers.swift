import Locker

/// The account as a user. Accounts are made, changed and removed by the server's owner on its own command line, not by a protocol
/// that sends passwords in URLs.
struct SubsonicUsers: Sendable {
    private static let refusal = "accounts are managed on the server: sweetspot account"

    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getUser", scope: .anyKey) { request, account in
            let (asked, own) = (try request.text("username"), try await request.username(account, in: catalogue))
            guard asked.lowercased() == own.lowercased() else {
                throw SubsonicError(.notAuthorised, "an account sees itself alone")
            }
            return SubsonicAnswer("user", Self.user(own, request))
        }
        endpoints.route("getUsers", scope: .anyKey) { request, account in
            let own = try await request.username(account, in: catalogue)
            return SubsonicAnswer("users", ["user": .list([Self.user(own, request)])])
        }
        endpoints.route("tokenInfo", scope: .anyKey) { request, account in
            SubsonicAnswer("tokenInfo", ["username": .text(try await request.username(account, in: catalogue))])
        }
        let changes: [(name: String, required: [String])] = [
            ("createUser", ["username", "password", "email"]), ("updateUser", ["username"]), ("deleteUser", ["username"]),
            ("changePassword", ["username", "password"])
        ]
        for (name, required) in changes {
            endpoints.route(name, scope: .anyKey) { request, _ in
                for name in required where (request.parameters[name] ?? "").isEmpty { throw SubsonicError.missing(name) }
                throw SubsonicError(.notAuthorised, Self.refusal)
            }
        }
    }

    private static func user(_ name: String, _ request: SubsonicRequest) -> SubsonicElement {
        var user: SubsonicElement = ["username": .text(name), "scrobblingEnabled": true]
        if let best = request.plan.terms.bestBitrate { user.add("maxBitRate", best) }
        let roles: [(StaticString, Bool)] = [
            ("adminRole", false), ("settingsRole", false), ("downloadRole", true), ("uploadRole", false), ("playlistRole", true),
            ("coverArtRole", false), ("commentRole", true), ("podcastRole", false), ("streamRole", true),
            ("jukeboxRole", false), ("shareRole", true), ("videoConversionRole", false)
        ]
        for (role, isGiven) in roles { user.add(role, isGiven) }
        user.add("folder", .list([.number(SubsonicNames.folder)]))
        return user
    }
}
