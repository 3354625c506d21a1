import Locker

/// What lets a request in to a route. A route says it where it is registered, and nothing else decides it.
enum RouteScope: Hashable, Sendable {
    /// No credentials: what the route answers is no secret, or the route checks the request itself.
    case everybody
    /// Credentials of an account; a key has to be good for every one of these scopes.
    case account(Scope)
    /// Credentials of an account, a key's with the scope `stream`, or a ticket.
    case media

    /// Credentials of an account, whatever a key is good for.
    static let anyKey = RouteScope.account([])
    static let library = RouteScope.account(.library)
    static let upload = RouteScope.account(.upload)
    static let admin = RouteScope.account(.admin)

    /// What a key has to be good for; nil where no credentials are needed.
    var keyScope: Scope? {
        switch self {
        case .everybody: nil
        case .account(let scope): scope
        case .media: .stream
        }
    }
}
