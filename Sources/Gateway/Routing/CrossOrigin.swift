import HTTPTypes
import Hummingbird

/// Lets pages of any origin play media: no cookies are involved, so no origin gains anything it could not fetch itself.
enum CrossOrigin {
    private static let exposed = "Accept-Ranges, Content-Length, Content-Range, ETag, X-Content-Duration, X-Total-Count"

    static func allow(_ headers: inout HTTPFields) {
        headers[.accessControlAllowOrigin] = "*"
        headers[.accessControlExposeHeaders] = exposed
    }

    /// The answer to a preflight, which never carries credentials.
    ///
    /// - Parameter further: names of fields that a request may have beside those of media, with a comma behind each.
    static func preflight(methods: String = "GET, HEAD", further: String = "") -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*",
                .accessControlAllowMethods: methods,
                .accessControlAllowHeaders: "\(further)Authorization, Range, If-Range, If-Match, If-None-Match, \(CMCD.fields)",
                .accessControlMaxAge: "86400"
            ])
    }
}
