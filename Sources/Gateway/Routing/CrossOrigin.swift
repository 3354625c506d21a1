import HTTPTypes
import Hummingbird

/// Lets pages of any origin play media: no cookies are involved, so no origin gains anything it could not fetch itself.
enum CrossOrigin {
    private static let exposed = "Accept-Ranges, Content-Length, Content-Range, ETag"

    static func allow(_ headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = exposed
    }

    /// The answer to a preflight, which never carries credentials.
    static func preflight(_ request: Request, _ context: GatewayContext) -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*",
                .accessControlAllowMethods: "GET, HEAD",
                .accessControlAllowHeaders: "Authorization, Range, If-Range, If-Match, If-None-Match, \(CMCD.fields)",
                .accessControlMaxAge: "86400"
            ])
    }
}
