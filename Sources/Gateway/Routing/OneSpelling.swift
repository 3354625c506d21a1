import Hummingbird

/// Lets every resource have one path only: answers 404 to other spellings, which the router and a proxy could read
/// differently.
///
/// The router skips empty segments, so it would take `//metrics` and `/metrics/` for `/metrics`; a rule of the proxy in
/// front takes them for other paths (RFC 3986 §6: they are different URIs). Clients remove dot segments (§5.2.4), and no
/// resource has them. No path of the server needs an escape: `%2f` is not a separator, and no id contains an escape.
struct OneSpelling: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isOne(request.uri.path) else { throw Problem.notFound() }
        return try await next(request, context)
    }

    /// Whether `path` is `/`, or consists of segments of ASCII, without escapes and backslashes, that are not empty, a dot
    /// or two dots.
    static func isOne(_ path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/") else { return false }
        var (length, dots) = (0, 0)
        var isSegment: Bool { length > 2 || length > dots }
        for byte in path.utf8.dropFirst() {
            switch byte {
            case UInt8(ascii: "/"):
                guard isSegment else { return false }
                (length, dots) = (0, 0)
            case UInt8(ascii: "%"), UInt8(ascii: "\\"), 0x80...: return false
            default:
                length += 1
                if byte == UInt8(ascii: ".") { dots += 1 }
            }
        }
        return isSegment || path.utf8.count == 1
    }
}
