import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Packaging

extension JSONEncoder {
    /// Keys in a fixed order and URLs without backslashes, so that equal answers are equal bytes.
    static var gateway: JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }
}

extension Response {
    /// A response of known length; HEAD gets the same headers without the body.
    init(status: HTTPResponse.Status, headers: HTTPFields, content: some Collection<UInt8>, for method: HTTPRequest.Method) {
        self.init(
            status: status, headers: headers,
            body: method == .head ? .withheld(length: content.count) : ResponseBody(byteBuffer: ByteBuffer(bytes: content)))
    }

    /// A JSON answer: to GET a document with an entity tag, which clients may keep and ask about; else one that nobody keeps.
    ///
    /// - Throws: 412 if `If-Match` does not name the document.
    init(
        json value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), for request: Request
    ) throws {
        try self.init(text: [UInt8](JSONEncoder.gateway.encode(value)), status: status, headers: headers, for: request)
    }

    /// The same, from a document that writes its own text.
    init(
        _ document: some JSONWritable, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), for request: Request
    ) throws {
        var text = JSONText(reservingCapacity: 8192)
        try document.write(to: &text)
        try self.init(text: text.bytes, status: status, headers: headers, for: request)
    }

    private init(
        text: [UInt8], status: HTTPResponse.Status, headers: HTTPFields, for request: Request
    ) throws {
        let isDocument = status == .ok && (request.method == .get || request.method == .head)
        var headers = headers
        headers[.cacheControl] = isDocument ? "private, no-cache" : "no-store"
        self = try TextAnswer(text, type: "application/json", entityTag: isDocument ? EntityTag.bytes(text) : nil)
            .response(to: request, status: status, headers: headers)
    }
}

extension ResponseBody {
    /// The body of an answer to HEAD: its length, nil if unknown, and no bytes.
    static func withheld(length: Int?) -> ResponseBody {
        ResponseBody(contentLength: length) { try await $0.finish(nil) }
    }
}
