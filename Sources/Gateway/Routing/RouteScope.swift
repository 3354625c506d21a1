import Locker

/// The credentials that a route requires. They are stated where the route is registered, and nothing else decides them.
enum RouteScope: Hashable, Sendable {
    /// No credentials: the answer is not secret, or the route checks the request itself.
    case everybody
    /// Credentials of an account; a key must have every one of these scopes.
    case account(Scope)
    /// Credentials of an account, a key's with the scope `stream`, or a ticket.
    case media

    /// Credentials of an account, a key's with any scopes.
    static let anyKey = RouteScope.account([])
    static let library = RouteScope.account(.library)
    static let upload = RouteScope.account(.upload)
    static let admin = RouteScope.account(.admin)

    /// The scopes a key must have; nil if no credentials are needed.
    var keyScope: Scope? {
        switch self {
        case .everybody: nil
        case .account(let scope): scope
        case .media: .stream
        }
    }
}
