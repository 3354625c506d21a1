import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

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

    /// A JSON answer.
    init(
        json value: some Encodable, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), for request: Request
    ) throws {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        self.init(status: status, headers: headers, content: try JSONEncoder.gateway.encode(value), for: request.method)
    }
}

extension Response {
    /// A JSON answer, from a document that writes its own text.
    init(
        _ document: some JSONWritable, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), for request: Request
    ) throws {
        var text = JSONText(reservingCapacity: 8192)
        try document.write(to: &text)
        try self.init(text, status: status, headers: headers, for: request)
    }

    init(_ text: JSONText, status: HTTPResponse.Status = .ok, headers: HTTPFields = HTTPFields(), for request: Request) throws {
        var headers = headers
        headers[.contentType] = "application/json"
        headers[.cacheControl] = "no-store"
        self.init(status: status, headers: headers, content: text.bytes, for: request.method)
    }
}

extension ResponseBody {
    /// The body of an answer to HEAD: its length, nil if unknown, and no bytes.
    static func withheld(length: Int?) -> ResponseBody {
        ResponseBody(contentLength: length) { try await $0.finish(nil) }
    }
}
