import Audio
import Foundation
import Hummingbird
import Locker
import NIOCore
import Streaming

/// A page of a list, and the cursor of the next.
struct ListDocument<Item> {
    let items: [Item]
    @Nullable var next: String? = nil
    /// Items on all pages; not a member if it is nil.
    var total: Int?
}

extension ListDocument: Encodable where Item: Encodable {}

extension Request {
    /// The body, of at most `limit` bytes. Returns nil if the body is longer or does not end. If its declared length is
    /// longer, the body is not read, so that a client that waits for 100 sends none of it.
    ///
    /// - Throws: 408 if the body comes too slowly.
    func bytes(upTo limit: Int) async throws(Problem) -> ByteBuffer? {
        if let length = headers[.contentLength].flatMap({ Int(digits: $0) }), length > limit { return nil }
        do {
            return try await body.collect(upTo: limit)
        } catch is BodySpeed.TooSlow {
            throw .tooSlow
        } catch {
            return nil
        }
    }

    /// The body as a JSON document of at most `limit` bytes. Throws a 400 with `advice` otherwise.
    func json<Value: Decodable>(upTo limit: Int, advice: String) async throws -> Value {
        guard let bytes = try await bytes(upTo: limit),
            let value = try? JSONDecoder().decode(Value.self, from: Data(bytes.readableBytesView))
        else { throw Problem.badRequest(advice) }
        return value
    }

    /// `?after=`.
    var after: String? { uri.queryParameters["after"].map(String.init) }

    /// The largest place in a list that can be named.
    static var lastPlace: Int { 1_000_000_000 }

    /// `?at=`: the number of items before the page.
    ///
    /// - Throws: 400 if it is not a number, or if there is a cursor too.
    var place: Int? {
        get throws(Problem) {
            guard let text = uri.queryParameters["at"] else { return nil }
            guard let place = Int(digits: text), place <= Self.lastPlace else {
                throw .badRequest("at must be between 0 and \(Self.lastPlace)")
            }
            guard after == nil else { throw .badRequest("use only one of at and after") }
            return place
        }
    }

    /// `?limit=`, or 100.
    var pageLimit: Int {
        get throws(Problem) { try count(or: 100, atMost: 500) }
    }

    /// `?limit=`, or what is meant without it.
    ///
    /// - Throws: 400 if it is not a number from 1 to `most`.
    func count(or standard: Int, atMost most: Int) throws(Problem) -> Int {
        guard let text = uri.queryParameters["limit"] else { return standard }
        guard let value = Int(digits: text), (1...most).contains(value) else {
            throw .badRequest("limit must be between 1 and \(most)")
        }
        return value
    }
}

extension StreamEngine {
    /// The fingerprint that every entity tag of a list carries.
    ///
    /// - Throws: 503 if no worker is running.
    func knownFingerprint() async throws -> RenderFingerprint {
        do {
            return try await fingerprint()
        } catch {
            throw Problem(
                status: .serviceUnavailable, slug: .busy, detail: "no codec worker is running", headers: [.retryAfter: "1"])
        }
    }

    /// How a request wants its tracks shown.
    ///
    /// - Throws: 400 if a field is unknown; 503 if it wants renditions and no worker is running.
    func form(for request: Request, _ context: GatewayContext) async throws -> TrackDocument.Form {
        let fields = try request.trackFields
        return TrackDocument.Form(
            fields: fields, offered: context.plan.offered,
            fingerprint: fields.haveRenditions ? try await knownFingerprint() : nil)
    }

    /// The track's whole document.
    func document(of track: Track, _ context: GatewayContext) async throws -> TrackDocument {
        TrackDocument(track, TrackDocument.Form(offered: context.plan.offered, fingerprint: try await knownFingerprint()))
    }

    /// A list of tracks.
    func response(_ page: Page<Track>, for request: Request, _ context: GatewayContext) async throws -> Response {
        let form = try await form(for: request, context)
        let items = page.items.map { TrackDocument($0, form) }
        return try Response(ListDocument(items: items, next: page.next, total: page.total), for: request)
    }
}
