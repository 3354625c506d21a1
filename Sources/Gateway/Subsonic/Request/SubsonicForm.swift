import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// A form that is posted (OpenSubsonic's `formPost`) is the same request as a GET with its parameters in the URL. It becomes one
/// here, so that nothing behind has to know of forms: neither the readers of credentials nor the media.
enum SubsonicForm {
    /// Bytes of the longest form: a playlist of 10,000 tracks takes an eighth of it.
    static let longest = 4 << 20

    /// Returns the request as a GET if it is a form; any other as it is. Of a client that calls its JSON a form, it is none.
    ///
    /// - Throws: 10 if the form is too long, or does not end.
    static func unfolded(_ request: Request) async throws -> Request {
        guard request.method == .post, isForm(request.headers[.contentType]) else { return request }
        guard let bytes = try await request.bytes(upTo: longest) else {
            throw SubsonicError(.parameter, "a form must have at most \(longest) bytes")
        }
        if isDecision(request), bytes.readableBytesView.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            return Request(head: request.head, body: .init(buffer: bytes))
        }
        var head = request.head
        let parts = (head.path ?? "").split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let form = escaped(bytes.readableBytesView)
        let pieces = [parts.count > 1 ? String(parts[1]) : "", form].filter { !$0.isEmpty }
        head.path = String(parts.first ?? "/") + (pieces.isEmpty ? "" : "?" + pieces.joined(separator: "&"))
        head.method = .get
        for name in [HTTPField.Name.contentType, .contentLength, .transferEncoding] { head.headerFields[name] = nil }
        return Request(head: head, body: .init(buffer: ByteBuffer()))
    }

    /// Whether it is for the one endpoint that takes JSON.
    private static func isDecision(_ request: Request) -> Bool {
        let name = request.uri.path.split(separator: "/").last ?? ""
        return name == SubsonicTranscoding.decisionEndpoint || name == "\(SubsonicTranscoding.decisionEndpoint).view"
    }

    /// A client that names no type sends a form too.
    private static func isForm(_ type: String?) -> Bool {
        guard let type else { return true }
        return type.split(separator: ";").first.map { $0.trimmingCharacters(in: .whitespaces).lowercased() }
            == "application/x-www-form-urlencoded"
    }

    /// The form as the query of a URL: bytes that a URL cannot have are escaped.
    private static func escaped(_ bytes: some Collection<UInt8>) -> String {
        let marks = Set("-._~%&=+*!'(),;:@/$?".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: text.append(byte)
            case _ where marks.contains(byte): text.append(byte)
            default: text += "%\(byte < 16 ? "0" : "")\(String(byte, radix: 16, uppercase: true))".utf8
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
