import Audio
import HTTPTypes
import Hummingbird
import NIOCore
import Packaging

/// How a request for a file of known length and entity tag is answered: RFC 9110 §13 and §14 as pure decisions.
enum ConditionalAnswer: Equatable {
    case whole
    case part(Range<Int>)
    case notModified
    case preconditionFailed
    case rangeNotSatisfiable

    init(to request: HTTPRequest, length: Int, entityTag: String) {
        if let answer = Self(toConditionsOf: request, entityTag: entityTag) {
            self = answer
            return
        }
        self = .whole
        guard request.method == .get else { return }
        let ranges = request.headerFields[values: .range]
        guard ranges.count == 1 else { return }
        if let condition = request.headerFields[.ifRange], !EntityTag.ifRange(condition, matches: entityTag) { return }
        switch RequestedRange.parse(ranges[0], length: length) {
        case .whole: self = .whole
        case .satisfiable(let range): self = .part(range)
        case .unsatisfiable: self = .rangeNotSatisfiable
        }
    }

    /// The answer that the conditions alone decide; nil if they hold (RFC 9110 §13.2.2).
    ///
    /// Conditions by date are ignored, because nothing that is served has a modification date.
    init?(toConditionsOf request: HTTPRequest, entityTag: String) {
        if let condition = request.headerFields[.ifMatch], !EntityTag.ifMatch(condition, matches: entityTag) {
            self = .preconditionFailed
        } else if let condition = request.headerFields[.ifNoneMatch], EntityTag.ifNoneMatch(condition, matches: entityTag) {
            self = .notModified
        } else {
            return nil
        }
    }

    /// The bytes to send; nil if the answer has none.
    func range(length: Int) -> Range<Int>? {
        switch self {
        case .whole: 0..<length
        case .part(let range): range
        case .notModified, .preconditionFailed, .rangeNotSatisfiable: nil
        }
    }
}

/// The fields every answer about one file carries.
struct MediaFields {
    var entityTag: String
    var length: Int
    var type: String
    /// Seconds, as `X-Content-Duration` has them; nil for no such field.
    var duration: String?
    var cacheControl: String
    var disposition: String
    /// The request's fields that may change the answer; nil if there are none.
    var vary: String?

    func headers(for answer: ConditionalAnswer) -> HTTPFields {
        var headers: HTTPFields = [
            .eTag: EntityTag.quoted(entityTag), .cacheControl: cacheControl, .acceptRanges: "bytes"
        ]
        headers[.vary] = vary
        if answer == .notModified { return headers }
        headers[.contentType] = type
        headers[.contentDisposition] = disposition
        headers[.xContentTypeOptions] = "nosniff"
        headers[.contentRange] = contentRange(of: answer)
        headers[.contentDuration] = duration
        return headers
    }

    func contentRange(of answer: ConditionalAnswer) -> String? {
        guard case .part(let range) = answer else { return nil }
        return "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(length)"
    }

    /// The same for a file of `length` bytes.
    func with(length: Int) -> MediaFields {
        var fields = self
        fields.length = length
        return fields
    }

    var notSatisfiable: Problem {
        Problem(
            status: .rangeNotSatisfiable, slug: .badRange, detail: "the file has \(length) bytes",
            headers: [.contentRange: "bytes */\(length)", .acceptRanges: "bytes"])
    }
}

extension HTTPField.Name {
    /// What several players read beside or in place of a length (https://www.subsonic.org, Mozilla's media element).
    static let contentDuration = HTTPField.Name("X-Content-Duration")!
}
