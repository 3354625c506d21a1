import HTTPTypes
import Hummingbird
import NIOCore

/// The answer of an endpoint: the members of `subsonic-response` beside those that every answer has.
struct SubsonicAnswer: Sendable {
    /// The version of the protocol that is spoken here.
    static let version = "1.16.1"
    /// What clients tell servers by. Some names change what clients do: this one is no other server's.
    static let type = "sweetspot"

    private var result: Result<SubsonicElement, SubsonicError>
    var headers = HTTPFields()

    init(_ members: SubsonicElement) { result = .success(members) }

    /// An answer with one member.
    init(_ name: StaticString, _ value: SubsonicValue) { self.init([name: value]) }
    init(_ name: StaticString, _ element: SubsonicElement) { self.init([name: .element(element)]) }

    init(_ error: SubsonicError) { result = .failure(error) }

    static let ok = SubsonicAnswer(SubsonicElement())

    private var envelope: SubsonicElement {
        var envelope: SubsonicElement = [
            "status": "ok", "version": .text(Self.version), "type": .text(Self.type),
            "serverVersion": .text(sweetspotVersion), "openSubsonic": true
        ]
        switch result {
        case .success(let members): for (name, value) in members.members { envelope.add(name, value) }
        case .failure(let error):
            envelope = [
                "status": "failed", "version": .text(Self.version), "type": .text(Self.type),
                "serverVersion": .text(sweetspotVersion), "openSubsonic": true,
                "error": .element(["code": .number(error.code.rawValue), "message": .text(error.message)])
            ]
        }
        return envelope
    }

    func bytes(as format: SubsonicFormat) -> [UInt8] {
        switch format {
        case .xml:
            var text = SubsonicXML()
            text.write(root: "subsonic-response", envelope)
            return text.bytes
        case .json, .jsonp:
            var text = JSONText(reservingCapacity: 8192)
            text.object { text in
                text.key("subsonic-response")
                text.write(envelope)
            }
            guard case .jsonp(let callback) = format else { return text.bytes }
            return Array(callback.utf8) + Array("(".utf8) + text.bytes.withScriptLineEnds + Array(");".utf8)
        }
    }

    /// The answer with HTTP's status, which is 200 for failures too.
    func response(to request: Request, as format: SubsonicFormat, status: HTTPResponse.Status = .ok) throws -> Response {
        var headers = headers
        headers[.cacheControl] = "no-store"
        headers[.xContentTypeOptions] = "nosniff"
        return try TextAnswer(bytes(as: format), type: format.mediaType).response(to: request, status: status, headers: headers)
    }
}

extension [UInt8] {
    /// JSON as a script: U+2028 and U+2029 end lines in scripts of before ECMAScript 2019.
    fileprivate var withScriptLineEnds: [UInt8] {
        func isLineEnd(at place: Int) -> Bool {
            self[place] == 0xE2 && place + 2 < endIndex && self[place + 1] == 0x80 && self[place + 2] | 1 == 0xA9
        }
        guard indices.contains(where: isLineEnd) else { return self }
        var (text, place) = ([UInt8](), startIndex)
        while place < endIndex {
            if isLineEnd(at: place) {
                text += self[place + 2] == 0xA8 ? "\\u2028".utf8 : "\\u2029".utf8
                place += 3
            } else {
                text.append(self[place])
                place += 1
            }
        }
        return text
    }
}
