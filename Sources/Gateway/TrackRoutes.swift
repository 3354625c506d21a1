import Audio
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import Intake
import Locker
import Logging
import NIOCore
import NIOHTTPTypes
import Originals
import Streaming

/// `/api/v1/tracks`: list, one, upload, delete and tickets.
struct TrackRoutes: Sendable {
    let catalogue: Catalogue
    /// Nil where Originals come from a remote origin, which cannot be written to.
    let intake: Intake?
    let engine: StreamEngine
    let uploadLimit: Int
    let uploadSpeed: UploadSpeed
    let ticketKey: SymmetricKey
    let uploads: UploadBoard

    /// What a key has to be good for.
    @Sendable static func scope(of request: HTTPRequest) -> Scope {
        let path = request.path ?? ""
        if path.hasPrefix("/api/v1/uploads") || request.method == .post && !path.hasSuffix("/ticket") { return .upload }
        return .library
    }

    func add(to router: some RouterMethods<GatewayContext>, authentication: Authentication) {
        let api = router.group("/api/v1").add(middleware: authentication)
        var collection: [HTTPRequest.Method: GatewayHandler] = [.get: list, .head: list]
        if intake != nil { collection[.post] = upload }
        api.resource("/tracks", collection)
        api.resource("/tracks/:track", [.get: one, .head: one, .delete: remove])
        api.resource("/tracks/:track/ticket", [.post: ticket])
        api.readable("/uploads/:upload", uploadState)
    }

    @Sendable private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let query = request.uri.queryParameters
        let limit = try request.pageLimit
        let sortName = query["sort"].map(String.init) ?? "-added"
        guard let sort = TrackSort(rawValue: sortName) else {
            throw Problem.badRequest("sort is one of \(TrackSort.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        let page = try await catalogue.tracks(
            account: context.account, sort: sort, after: query["after"].map(String.init), limit: limit)
        let fingerprint = try await engine.knownFingerprint()
        let items = page.items.map { TrackDocument($0, offered: context.plan.offered, fingerprint: fingerprint) }
        return try Response(json: ListDocument(items: items, next: page.next), for: request)
    }

    @Sendable private func one(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Response(json: try await document(try await track(context), context), for: request)
    }

    @Sendable private func remove(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let track = try await track(context)
        if let intake {
            try await intake.remove(track)
        } else {
            _ = try await catalogue.remove(id: track.id, account: context.account)
        }
        return Response(status: .noContent)
    }

    @Sendable private func upload(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let intake else { throw Problem.methodNotAllowed([.get, .head]) }
        guard let text = request.headers[.contentLength], let length = Int(text), length >= 0 else {
            throw Problem(status: .lengthRequired, detail: "send the file with a Content-Length")
        }
        let tooLarge = Problem(status: .contentTooLarge, slug: .tooLarge, detail: "a file may have \(uploadLimit) bytes")
        guard length <= uploadLimit else { throw tooLarge }
        let account = try context.account
        let name = request.uri.queryParameters["name"].map(String.init) ?? ""
        let quota = context.plan.plan.quota?.bytes
        let upload = try await translated(context) {
            try await intake.beginUpload(length: length, account: account, quota: quota)
        }
        do {
            try await receive(request, context, into: upload, length: length)
        } catch {
            await upload.abandon()
            throw error
        }
        let id = uploads.begin(length: length, account: account) {
            let admission = try await upload.finish(name: name)
            return UploadBoard.Stored(track: admission.track, isNew: admission.isNew)
        }
        guard let outcome = try await context.whileConnected({ await uploads.outcome(of: id, within: .seconds(20)) }) else {
            let location: HTTPFields = [.location: "/api/v1/uploads/\(id)"]
            return try Response(json: uploadDocument(id, account: account), status: .accepted, headers: location, for: request)
        }
        let stored = try await translated(context) { try outcome.get() }
        return try Response(
            json: try await document(stored.track, context), status: stored.isNew ? .created : .ok,
            headers: [.location: "/api/v1/tracks/\(stored.track.id)"], for: request)
    }

    /// Writes the body, all `length` bytes of it, to `upload`. A client that waits to be told to send it (RFC 9110 §10.1.1) is told.
    private func receive(_ request: Request, _ context: GatewayContext, into upload: Upload, length: Int) async throws {
        if request.headers[.expect]?.lowercased() == "100-continue" {
            try await context.channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
        }
        do {
            try await uploadSpeed.watch { note in
                for try await bytes in request.body {
                    note(bytes.readableBytes)
                    try await translated(context) { try await upload.write(bytes) }
                }
            }
        } catch let problem as Problem {
            throw problem
        } catch is UploadSpeed.TooSlow {
            // What is not read of the body would keep the connection as long.
            context.channel.eventLoop.scheduleTask(in: .seconds(1)) { [channel = context.channel] in channel.close(promise: nil) }
            throw Problem(
                status: .requestTimeout, detail: "an upload brings at least \(uploadSpeed.bytesPerSecond) bytes a second",
                headers: [.connection: "close"])
        } catch {
            throw Problem.badRequest("the file's bytes could not be received")
        }
        let received = upload.received
        guard received == length else { throw Problem.badRequest("\(received) of \(length) bytes were received") }
    }

    @Sendable private func uploadState(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Response(json: uploadDocument(try context.parameters.require("upload"), account: context.account), for: request)
    }

    private func uploadDocument(_ id: String, account: Int64) throws -> UploadDocument {
        guard let upload = uploads.upload(id), upload.account == account else { throw Problem.notFound() }
        var document = UploadDocument(id: id, state: "checking", length: upload.length)
        switch upload.outcome {
        case nil: break
        case .success(let stored):
            document.state = "stored"
            document.track = stored.track.id
        case .failure(let error):
            document.state = "refused"
            document.problem = Self.problem(for: error).body
        }
        return document
    }

    private struct TicketRequest: Decodable {
        var rendition: String?
    }

    private struct TicketDocument: Encodable {
        var ticket: String
        var expires: String
        var url: String
    }

    @Sendable private func ticket(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let track = try await track(context)
        let malformed = Problem.badRequest("send {\"rendition\": a rendition's name, or \"*\"}")
        guard let body = try? await request.body.collect(upTo: 4096) else { throw malformed }
        var rendition = "*"
        if body.readableBytes > 0 {
            guard let asked = try? JSONDecoder().decode(TicketRequest.self, from: Data(body.readableBytesView)) else {
                throw malformed
            }
            rendition = asked.rendition ?? "*"
        }
        let path = try path(of: rendition, track, context.plan)
        let expires = Int(Date.now.timeIntervalSince1970) + Ticket.lifetime(ofTrack: track.duration)
        let ticket = Ticket(account: track.account, track: track.id, rendition: rendition, expires: expires).signed(
            with: ticketKey)
        return try Response(
            json: TicketDocument(
                ticket: ticket, expires: TrackDocument.timestamp(milliseconds: expires * 1000),
                url: "\(path)?ticket=\(ticket)"),
            for: request)
    }

    /// What a ticket's own link leads to: the rendition it is for, or a middling one.
    private func path(of name: String, _ track: Track, _ plan: OfferedPlan) throws -> String {
        if name == "original" { return track.originalPath }
        let rungs = (track.source?.offeredRungs(bitrate: track.bitrate) ?? []).filter(plan.offered.contains)
        if name == "*" {
            let middling = rungs.last { $0.ladder == .mp3 && $0.bitrate <= 128 } ?? rungs.first
            return middling.map { track.path(of: $0) } ?? track.originalPath
        }
        guard let rendition = Rendition(named: name) else { throw Problem.notFound("no rendition is called \(name)") }
        guard rungs.contains(rendition) else { throw Problem(.notOffered, track: track.id) }
        return track.path(of: rendition)
    }

    private func track(_ context: GatewayContext) async throws -> Track {
        let id = try context.parameters.require("track")
        guard let track = try await catalogue.track(id: id, account: context.account) else { throw Problem.notFound() }
        return track
    }

    private func document(_ track: Track, _ context: GatewayContext) async throws -> TrackDocument {
        TrackDocument(track, offered: context.plan.offered, fingerprint: try await engine.knownFingerprint())
    }

    /// Runs `operation`; what intake throws becomes the problem the client is told, and where it is the server's fault a log line.
    private func translated<Value>(_ context: GatewayContext, _ operation: () async throws -> Value) async throws -> Value {
        do {
            return try await operation()
        } catch let error as IntakeError {
            let problem = Self.problem(for: error)
            if problem.status.kind == .serverError { context.logger.error("file not taken in", metadata: ["error": "\(error)"]) }
            throw problem
        }
    }

    private static func problem(for error: any Error) -> Problem {
        switch error as? IntakeError {
        case .refused(let refusal): Problem(refusal)
        case .tooLarge(let limit): Problem(status: .contentTooLarge, slug: .tooLarge, detail: "a file may have \(limit) bytes")
        case .overQuota:
            Problem(
                status: .init(code: 507, reasonPhrase: "Insufficient Storage"), slug: .overQuota,
                detail: "the plan has no room for the file: delete something, or ask for a larger plan")
        case .storage:
            Problem(
                status: .init(code: 507, reasonPhrase: "Insufficient Storage"), slug: .overQuota,
                detail: "the server has no room for the file, or cannot write it")
        default: Problem(status: .internalServerError, detail: "the file could not be taken in")
        }
    }
}
