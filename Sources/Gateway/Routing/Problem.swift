import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Intake
import NIOCore
import Packaging
import Streaming

/// An error answer: `application/problem+json` (RFC 9457).
struct Problem: Error, HTTPResponseError {
    enum Slug: String {
        case notFound = "not-found"
        case renditionNotOffered = "rendition-not-offered"
        case badRange = "bad-range"
        case unauthorised
        case tooLarge = "too-large"
        case unsupportedFormat = "unsupported-format"
        case undecodable
        case overQuota = "over-quota"
        case diskFull = "disk-full"
        case tooManyStreams = "too-many-streams"
        case busy
        case renderFailed = "render-failed"

        var title: String {
            switch self {
            case .notFound: "Not found"
            case .renditionNotOffered: "Rendition not offered for this track"
            case .badRange: "Range not satisfiable"
            case .unauthorised: "Not authorised"
            case .tooLarge: "Too large"
            case .unsupportedFormat: "Not an accepted audio format"
            case .undecodable: "The file cannot be decoded"
            case .overQuota: "No room left"
            case .diskFull: "The server's disk is full"
            case .tooManyStreams: "Too many streams at once"
            case .busy: "Busy"
            case .renderFailed: "The stream could not be made"
            }
        }
    }

    /// What a plan bounds, and an answer says was met.
    enum PlanLimit: String, Sendable {
        case quota, streams, playlists, playlistTracks
    }

    struct Body: Codable {
        var type: String
        var title: String
        var status: Int
        var detail: String
        var track: String?
        var limit: String?
        var plan: String?
    }

    var status: HTTPResponse.Status
    /// Nil if the status is enough: then the document's type is `about:blank` (RFC 9457 §4.2.1).
    var slug: Slug?
    var detail: String
    var track: String?
    var headers = HTTPFields()
    /// The limit of the account's plan that was met; nil if it is not the plan's.
    var limit: PlanLimit?
    /// The plan. ``Authentication`` adds it to a ``limit``.
    var plan: String?

    var body: Body {
        Body(
            type: slug.map { "/problems/\($0.rawValue)" } ?? "about:blank", title: slug?.title ?? status.reasonPhrase,
            status: status.code, detail: detail, track: track, limit: limit?.rawValue, plan: plan)
    }

    func response(from request: Request, context: some RequestContext) throws -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        let bytes = try JSONEncoder.gateway.encode(body)
        return Response(status: status, headers: headers, content: bytes, for: request.method)
    }
}

extension Problem {
    static func notFound(_ detail: String = "not found") -> Problem {
        Problem(status: .notFound, slug: .notFound, detail: detail)
    }

    static let badCursor = badRequest("after must be the next of an earlier list")

    static func badRequest(_ detail: String) -> Problem {
        Problem(status: .badRequest, detail: detail)
    }

    /// The body's bytes came too slowly; see ``BodySpeed``.
    static let tooSlow = Problem(
        status: .requestTimeout, detail: "the request's body came too slowly", headers: [.connection: "close"])

    /// - Parameters:
    ///   - entityTag: the resource's current tag, without quotes.
    ///   - field: the condition, and what it does.
    static func preconditionFailed(entityTag: String, field: String = "If-Match does not name") -> Problem {
        Problem(
            status: .preconditionFailed, detail: "\(field) the current entity tag",
            headers: [.eTag: EntityTag.quoted(entityTag)])
    }

    static var unauthorised: Problem {
        Problem(
            status: .unauthorized, slug: .unauthorised, detail: "send a valid bearer token or ticket",
            headers: [.wwwAuthenticate: "Bearer"])
    }

    /// The plan, or a limit of every plan, has no room for more (RFC 4918 §11.5).
    static func overQuota(_ detail: String, limit: PlanLimit? = nil) -> Problem {
        Problem(status: .insufficientStorage, slug: .overQuota, detail: detail, limit: limit)
    }

    static func methodNotAllowed(_ allowed: [HTTPRequest.Method]) -> Problem {
        Problem(
            status: .methodNotAllowed, detail: "this path does not have that method",
            headers: [.allow: allowed.map(\.rawValue).joined(separator: ", ")])
    }

    /// The disk is full and nothing that grows can be stored; deleted bytes are free again after `limits.grace`.
    static let noRoom = Problem(
        status: .insufficientStorage, slug: .diskFull,
        detail: "the server's disk is full, and nothing was stored: delete something, or ask its owner to make room")

    /// The answer to a listener whose stream is not available.
    init(_ error: StreamError, track: String) {
        switch error {
        case .notOffered:
            self.init(
                status: .notFound, slug: .renditionNotOffered, detail: "the track's JSON lists the renditions it is offered in",
                track: track)
        case .busy, .stopped:
            self.init(
                status: .serviceUnavailable, slug: .busy, detail: "too many streams are being made; try again shortly",
                track: track, headers: [.retryAfter: "1"])
        case .missing, .renderFailed, .unreachable:
            self.init(
                status: .badGateway, slug: .renderFailed, detail: "the stream could not be made from the stored original",
                track: track)
        }
    }

    init(_ refusal: Refusal) {
        let place = refusal.offset.map { " (at byte \($0))" } ?? ""
        let (status, slug): (HTTPResponse.Status, Slug) =
            switch refusal.kind {
            case .unsupportedFormat: (.unsupportedMediaType, .unsupportedFormat)
            case .undecodable: (.unprocessableContent, .undecodable)
            case .tooLarge: (.contentTooLarge, .tooLarge)
            }
        self.init(status: status, slug: slug, detail: refusal.reason + place)
    }
}

extension Problem {
    /// Translates an error of intake into its answer.
    static func translating<Value>(_ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as IntakeError {
            throw Problem(error)
        }
    }

    init(_ error: IntakeError) {
        switch error {
        case .refused(let refusal): self.init(refusal)
        case .tooLarge(let limit):
            self.init(status: .contentTooLarge, slug: .tooLarge, detail: "a file must have at most \(limit) bytes")
        case .overQuota:
            self = .overQuota("the plan has no room for the file: delete something, or ask for a larger plan", limit: .quota)
        case .noRoom: self = .noRoom
        case .storage:
            self.init(
                status: .insufficientStorage, slug: .overQuota, detail: "the server has no room for the file, or cannot write it")
        case .busy:
            self.init(status: .init(code: 423, reasonPhrase: "Locked"), detail: "another request is writing this upload")
        case .gone: self.init(status: .conflict, detail: "the upload is already complete or was deleted")
        case .readOnly: self = .methodNotAllowed([.get, .head])
        case .tooManyUploads: self.init(status: .conflict, detail: "there are too many unfinished uploads: finish or delete some")
        case .unreadable, .ingestFailed:
            self.init(status: .internalServerError, detail: "the file could not be stored")
        }
    }
}

extension HTTPResponse.Status {
    /// RFC 4918 §11.5.
    fileprivate static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
