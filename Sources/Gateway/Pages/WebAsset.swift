import Audio
import HTTPTypes
import Hummingbird
import NIOCore
import Packaging

/// One file of the player as it is sent: a text also in gzip, made once.
struct WebAsset: Sendable {
    private enum Content {
        case text(TextAnswer)
        case other(ByteBuffer)
    }

    private let content: Content
    /// The entity tag of the bytes as they are.
    let tag: String
    private let fields: HTTPFields

    /// - Parameter fields: beside those that every asset has.
    init(_ bytes: [UInt8], named path: String, _ fields: HTTPFields) {
        let type = Self.type(of: path)
        // A page's policy may change where its bytes do not.
        tag = EntityTag.bytes(bytes + (fields[.contentSecurityPolicy] ?? "").utf8)
        content =
            type.isText
            ? .text(TextAnswer(bytes, type: type.name, entityTag: tag, isKept: true)) : .other(ByteBuffer(bytes: bytes))
        var fields = fields
        fields[.contentType] = type.name
        fields[.xContentTypeOptions] = "nosniff"
        self.fields = fields
    }

    /// - Parameter status: with any other than 200, the answer is not kept, and conditions are ignored (RFC 9110 §13.2.1).
    /// - Throws: 412.
    func response(to request: Request, status: HTTPResponse.Status = .ok) throws(Problem) -> Response {
        var fields = fields
        if status != .ok { fields[.cacheControl] = "no-store" }
        switch content {
        case .text(let text): return try text.response(to: request, status: status, headers: fields)
        case .other(let bytes):
            fields[.eTag] = EntityTag.quoted(tag)
            switch ConditionalAnswer(toConditionsOf: request.head, entityTag: tag) {
            case .preconditionFailed: throw .preconditionFailed(entityTag: tag)
            case .notModified:
                fields[.contentType] = nil
                return Response(status: .notModified, headers: fields)
            default:
                return Response(
                    status: status, headers: fields,
                    body: request.method == .head
                        ? .withheld(length: bytes.readableBytes) : ResponseBody(byteBuffer: bytes))
            }
        }
    }

    private static func type(of path: String) -> (name: String, isText: Bool) {
        switch path.pieces(at: ".").last {
        case "html": ("text/html; charset=utf-8", true)
        case "js": ("text/javascript; charset=utf-8", true)
        case "css": ("text/css; charset=utf-8", true)
        case "json": ("application/json", true)
        case "webmanifest": ("application/manifest+json", true)
        case "txt": ("text/plain; charset=utf-8", true)
        case "svg": ("image/svg+xml", true)
        case "ico": ("image/vnd.microsoft.icon", true)
        case "png": ("image/png", false)
        case "jpg": ("image/jpeg", false)
        case "webp": ("image/webp", false)
        case "woff2": ("font/woff2", false)
        default: ("application/octet-stream", false)
        }
    }
}
