import Hummingbird

/// Knows every resource by one path: 404 for the spellings that a router or a proxy may take for another's.
///
/// The router passes over empty segments, so `//metrics` and `/metrics/` would be `/metrics` to it, and neither to a rule of the proxy
/// in front (RFC 3986 §6: they are different URIs). Dot segments are for clients to remove (§5.2.4); no resource has them. No path of
/// the server needs an escape: `%2f` is no separator, and an id with one is an id that is not there.
struct OneSpelling: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        guard Self.isOne(request.uri.path) else { throw Problem.notFound() }
        return try await next(request, context)
    }

    /// Whether `path` is `/`, or segments of which none is empty, a dot or two dots, all of ASCII and without escapes.
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
