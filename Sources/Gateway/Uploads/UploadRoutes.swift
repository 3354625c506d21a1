import Audio
import Foundation
import HTTPTypes
import Hummingbird
import Intake
import Locker
import Streaming

/// `/api/v1/uploads`: resumable uploads by tus 1.0 (https://tus.io/protocols/resumable-upload) with the extensions creation,
/// creation-with-upload, termination, expiration and checksum, and the state of an upload.
struct UploadRoutes: Sendable {
    fileprivate static let version = "1.0.0"
    private static let path = "/api/v1/uploads"
    private static let bodyType = "application/offset+octet-stream"
    /// Bytes of the longest `Upload-Metadata`.
    private static let longestMetadata = 16 << 10
    private static let mostHashes = 1000

    let catalogue: Catalogue
    let intake: Intake
    let engine: StreamEngine
    let checks: UploadChecks
    let reception: UploadReception
    /// Bytes of the largest file.
    let limit: Int

    /// `POST` on the tracks; empty if the store is read-only. Then the method is not allowed, and the other routes here do
    /// not exist.
    var wholeFiles: [GatewayRoute] { intake.isReadOnly ? [] : [.on(.post, .upload, OpenAPI.Tracks.add, upload)] }

    func add(to routes: inout Routes) {
        if intake.isReadOnly { return }
        typealias Document = OpenAPI.Uploads
        routes.resource(
            Self.path,
            [.tus(.post, Document.create(upTo: limit), create), .tus(.options, Document.options, options)])
        routes.resource("/api/v1/known", [.on(.post, .upload, Document.known, known)])
        routes.resource(
            "\(Self.path)/:upload",
            [
                .on(.get, .upload, Document.state, state), .tus(.head, nil, head), .tus(.patch, Document.append, append),
                .tus(.post, Document.overridden, overridden), .tus(.delete, Document.terminate, terminate),
                .tus(.options, Document.optionsOfOne, options)
            ])
    }

    /// `POST /api/v1/tracks`: a file in one request.
    @Sendable private func upload(_ request: Request, _ context: GatewayContext) async throws -> Response {
        guard let text = request.headers[.contentLength], let length = Int(digits: text) else {
            throw Problem(status: .lengthRequired, detail: "send the file with a Content-Length")
        }
        try requireSize(length)
        let query = request.uri.queryParameters
        let declaration = UploadRecord.Declaration(
            name: query["name"].map(String.init) ?? "", length: length, isCompact: ["true", "1"].contains(query["compact"]))
        let account = try context.account
        let quota = context.plan.terms.quota?.bytes
        let upload = try await Problem.translating {
            try await intake.beginUpload(declaration, account: account, quota: quota)
        }
        let complete: Upload
        do {
            complete = try await Problem.translating {
                try await reception.receive(request, context, into: upload)
                let received = upload.received
                guard received == length else { throw Problem.badRequest("\(received) of \(length) bytes were received") }
                return try await upload.complete()
            }
        } catch {
            await upload.abandon()
            throw error
        }
        let check = checks.begin(complete)
        let known = try await context.whileConnected { await UploadChecks.outcome(of: check, within: .seconds(20)) }
        guard let outcome = known else {
            let record = try await catalogue.upload(id: upload.id, account: account) ?? complete.record
            return try Response(
                json: UploadDocument(record), status: .accepted, headers: [.location: "/api/v1/uploads/\(upload.id)"],
                for: request)
        }
        let stored = try await Problem.translating { try outcome.get() }
        return try Response(
            try await engine.document(of: stored.track, context), status: stored.isNew ? .created : .ok,
            headers: [.location: "/api/v1/tracks/\(stored.track.id)"], for: request)
    }

    private struct KnownRequest: Decodable {
        var sha256: [String]
    }

    private struct KnownDocument: Encodable {
        var sha256: String
        var track: String
    }

    /// The given files that the locker already has, so that they need not be sent.
    @Sendable private func known(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let advice = #"send {"sha256": [at most \#(Self.mostHashes) hashes in hexadecimal]}"#
        let asked: KnownRequest = try await request.json(upTo: 128 << 10, advice: advice)
        let hashes = asked.sha256.compactMap { OriginalHash(hex: $0) }
        guard hashes.count == asked.sha256.count, hashes.count <= Self.mostHashes else { throw Problem.badRequest(advice) }
        let tracks = try await catalogue.tracks(ofOriginals: hashes, account: context.account)
        let items = hashes.compactMap { hash in tracks[hash].map { KnownDocument(sha256: hash.hex, track: $0) } }
        return try Response(json: ListDocument(items: items), for: request)
    }

    private func requireSize(_ length: Int) throws {
        guard length <= limit else {
            throw Problem(status: .contentTooLarge, slug: .tooLarge, detail: "a file must have at most \(limit) bytes")
        }
    }

    @Sendable private func options(_ request: Request, _ context: GatewayContext) async throws -> Response {
        Response(
            status: .noContent,
            headers: [
                .tusResumable: Self.version, .tusVersion: Self.version, .tusMaxSize: "\(limit)",
                .tusExtension: "creation,creation-with-upload,termination,expiration,checksum",
                .tusChecksumAlgorithm: UploadChecksum.Algorithm.allCases.map(\.rawValue).joined(separator: ",")
            ])
    }

    @Sendable private func create(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireVersion(request)
        guard let text = request.headers[.uploadLength], let length = Int(digits: text) else {
            throw Problem.badRequest("send Upload-Length, the file's size in bytes")
        }
        try requireSize(length)
        let metadata = try Self.metadata(of: request)
        let declaration = UploadRecord.Declaration(
            name: metadata["filename"] ?? metadata["name"] ?? "", length: length,
            isCompact: metadata["compact"].map { ["", "true", "1"].contains($0) } ?? false, isResumable: true)
        let account = try context.account
        let quota = context.plan.terms.quota?.bytes
        let upload = try await Problem.translating { try await intake.beginUpload(declaration, account: account, quota: quota) }
        var offset = 0
        if request.headers[.contentType] == Self.bodyType || length == 0 {
            offset = try await receive(request, context, into: upload, at: 0)
        } else {
            upload.release()
        }
        var response = try response(.created, offset: offset, of: upload.record)
        response.headers[.location] = "\(Self.path)/\(upload.id)"
        return response
    }

    @Sendable private func append(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireVersion(request)
        guard request.headers[.contentType] == Self.bodyType else {
            throw Problem(status: .unsupportedMediaType, detail: "the body of a PATCH must be \(Self.bodyType)")
        }
        guard let text = request.headers[.uploadOffset], let offset = Int(digits: text) else {
            throw Problem.badRequest("send Upload-Offset, the position of the bytes")
        }
        let id = try context.parameters.require("upload")
        let account = try context.account
        let opened = try await Problem.translating { try await intake.openUpload(id: id, account: account) }
        guard let upload = opened else { throw Problem.notFound() }
        let reached = try await receive(request, context, into: upload, at: offset)
        return try response(.noContent, offset: reached, of: upload.record)
    }

    /// Writes the body at `offset`. If that completes the file, it is checked, even if the client leaves. Returns the upload's
    /// offset.
    ///
    /// Another request may continue the upload as soon as this one is answered, successful or not.
    private func receive(
        _ request: Request, _ context: GatewayContext, into upload: Upload, at offset: Int
    ) async throws -> Int {
        do {
            try requirePlace(for: request, in: upload, at: offset)
            return try await Problem.translating {
                if let field = request.headers[.uploadChecksum] {
                    try await reception.receive(request, context, into: upload, try UploadChecksum(field))
                } else {
                    try await reception.receive(request, context, into: upload)
                }
                guard upload.received == upload.length else {
                    let reached = try await upload.makeDurable()
                    upload.release()
                    return reached
                }
                checks.begin(try await upload.complete())
                return upload.length
            }
        } catch {
            upload.release()
            throw error
        }
    }

    private func requirePlace(for request: Request, in upload: Upload, at offset: Int) throws {
        guard offset == upload.record.offset else {
            throw Problem(
                status: .conflict, detail: "the upload is at byte \(upload.record.offset)",
                headers: [.uploadOffset: "\(upload.record.offset)"])
        }
        let missing = upload.length - offset
        if let length = request.headers[.contentLength].flatMap({ Int(digits: $0) }), length > missing {
            throw Problem(status: .contentTooLarge, slug: .tooLarge, detail: "only \(missing) bytes are missing")
        }
    }

    @Sendable private func head(_ request: Request, _ context: GatewayContext) async throws -> Response {
        if request.headers[.tusResumable] != nil { try requireVersion(request) }
        let record = try await record(context)
        var response = try response(.ok, offset: record.offset, of: record)
        response.headers[.uploadLength] = "\(record.declaration.length)"
        if !record.declaration.name.isEmpty {
            response.headers[.uploadMetadata] = "filename \(Data(record.declaration.name.utf8).base64EncodedString())"
        }
        return response
    }

    @Sendable private func state(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Response(json: UploadDocument(try await record(context)), for: request)
    }

    @Sendable private func terminate(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try requireVersion(request)
        let id = try context.parameters.require("upload")
        let account = try context.account
        guard try await Problem.translating({ try await intake.removeUpload(id: id, account: account) }) else {
            throw Problem.notFound()
        }
        return Response(status: .noContent, headers: [.tusResumable: Self.version])
    }

    /// For clients that cannot send PATCH or DELETE.
    @Sendable private func overridden(_ request: Request, _ context: GatewayContext) async throws -> Response {
        switch request.headers[.methodOverride]?.uppercased() {
        case "PATCH": return try await append(request, context)
        case "DELETE": return try await terminate(request, context)
        default: throw Problem.methodNotAllowed([.delete, .get, .head, .options, .patch])
        }
    }

    private func record(_ context: GatewayContext) async throws -> UploadRecord {
        let id = try context.parameters.require("upload")
        guard let record = try await catalogue.upload(id: id, account: try context.account) else { throw Problem.notFound() }
        return record
    }

    private func response(_ status: HTTPResponse.Status, offset: Int, of record: UploadRecord) throws -> Response {
        var headers: HTTPFields = [.tusResumable: Self.version, .uploadOffset: "\(offset)", .cacheControl: "no-store"]
        if offset < record.declaration.length {
            let expires = status == .ok ? record.expires : catalogue.time + Catalogue.uploadLifetime
            headers[.uploadExpires] = Date(timeIntervalSince1970: Double(expires) / 1000).httpDate
        }
        return Response(status: status, headers: headers)
    }

    private func requireVersion(_ request: Request) throws {
        guard request.headers[.tusResumable] == Self.version else {
            throw Problem(
                status: .preconditionFailed, detail: "send Tus-Resumable: \(Self.version)", headers: [.tusVersion: Self.version])
        }
    }

    /// `Upload-Metadata`: keys, each with a value in base64 or without one, separated by commas.
    private static func metadata(of request: Request) throws -> [String: String] {
        guard let field = request.headers[.uploadMetadata], !field.isEmpty else { return [:] }
        let malformed = Problem.badRequest(
            "Upload-Metadata must be keys and values in base64, separated by commas, without control characters")
        guard field.utf8.count <= longestMetadata else { throw malformed }
        var values: [String: String] = [:]
        for pair in field.pieces(at: ",") {
            let parts = pair.pieces(at: " ")
            guard let key = parts.first, parts.count <= 2 else { throw malformed }
            guard let value = parts.count == 2 ? Data(base64Encoded: String(parts[1])) : Data() else { throw malformed }
            let text = String(decoding: value, as: UTF8.self)
            guard !text.hasControlCharacters else { throw malformed }
            values[String(key)] = text
        }
        return values
    }
}

extension GatewayRoute {
    /// A route of tus. The protocol has its version on every answer but one to OPTIONS, refusals too.
    fileprivate static func tus(
        _ method: HTTPRequest.Method, _ description: OpenAPI.Operation?, _ handler: @escaping GatewayHandler
    ) -> GatewayRoute {
        .on(method, .upload, description) { request, context in
            do {
                return try await handler(request, context)
            } catch var problem as Problem {
                problem.headers[.tusResumable] = UploadRoutes.version
                throw problem
            }
        }
    }
}

extension HTTPField.Name {
    static let tusResumable = HTTPField.Name("Tus-Resumable")!
    static let tusVersion = HTTPField.Name("Tus-Version")!
    static let tusMaxSize = HTTPField.Name("Tus-Max-Size")!
    static let tusExtension = HTTPField.Name("Tus-Extension")!
    static let tusChecksumAlgorithm = HTTPField.Name("Tus-Checksum-Algorithm")!
    static let uploadLength = HTTPField.Name("Upload-Length")!
    static let uploadOffset = HTTPField.Name("Upload-Offset")!
    static let uploadMetadata = HTTPField.Name("Upload-Metadata")!
    static let uploadExpires = HTTPField.Name("Upload-Expires")!
    static let uploadChecksum = HTTPField.Name("Upload-Checksum")!
    static let methodOverride = HTTPField.Name("X-HTTP-Method-Override")!
}
