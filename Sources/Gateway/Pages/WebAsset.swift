import Audio
import HTTPTypes
import Hummingbird
import NIOCore
import Packaging

/// One file of the player as it is sent: its bytes, and the same in gzip if that is shorter.
struct WebAsset: Sendable {
    private let bytes: ByteBuffer
    private let gzip: ByteBuffer?
    /// The entity tag of the bytes as they are.
    let tag: String
    private let fields: HTTPFields

    /// - Parameter fields: beside those that every asset has.
    init(_ bytes: [UInt8], named path: String, _ fields: HTTPFields) {
        let type = Self.type(of: path)
        self.bytes = ByteBuffer(bytes: bytes)
        let compressed = type.isText ? Gzip.compressed(bytes) : nil
        gzip = compressed.flatMap { $0.count < bytes.count ? ByteBuffer(bytes: $0) : nil }
        // A page's policy may change where its bytes do not.
        tag = EntityTag.bytes(bytes + (fields[.contentSecurityPolicy] ?? "").utf8)
        var fields = fields
        fields[.contentType] = type.name
        fields[.xContentTypeOptions] = "nosniff"
        if gzip != nil { fields[.vary] = "Accept-Encoding" }
        self.fields = fields
    }

    /// Bytes, and bytes in gzip.
    var sizes: (plain: Int, gzip: Int?) { (bytes.readableBytes, gzip?.readableBytes) }

    /// The bytes as an answer that is not a success, whatever the request's conditions are (RFC 9110 §13.2.1).
    func response(to request: Request, status: HTTPResponse.Status) -> Response {
        var fields = fields
        fields[.cacheControl] = "no-store"
        let isHead = request.method == .head
        return Response(
            status: status, headers: fields,
            body: isHead ? .withheld(length: bytes.readableBytes) : ResponseBody(byteBuffer: bytes))
    }

    /// - Throws: 412.
    func response(to request: Request) throws -> Response {
        var (content, tag, fields) = (bytes, tag, fields)
        if let gzip, Gzip.isAccepted(by: request.headers) {
            (content, tag) = (gzip, tag + "-gzip")
            fields[.contentEncoding] = "gzip"
        }
        fields[.eTag] = EntityTag.quoted(tag)
        switch ConditionalAnswer(toConditionsOf: request.head, entityTag: tag) {
        case .preconditionFailed: throw Problem.preconditionFailed(entityTag: tag)
        case .notModified:
            fields[.contentType] = nil
            fields[.contentEncoding] = nil
            return Response(status: .notModified, headers: fields)
        default:
            let isHead = request.method == .head
            return Response(
                status: .ok, headers: fields,
                body: isHead ? .withheld(length: content.readableBytes) : ResponseBody(byteBuffer: content))
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
