import Audio
import Foundation
import Hummingbird
import Locker
import NIOCore
import Streaming

/// A page of a list, and what to ask the next with.
struct ListDocument<Item> {
    let items: [Item]
    @Nullable var next: String? = nil
}

extension ListDocument: Encodable where Item: Encodable {}

extension Request {
    /// The body, a JSON document of at most so many bytes; else a 400 that says what to send.
    func json<Value: Decodable>(upTo limit: Int, advice: String) async throws -> Value {
        guard let bytes = try? await body.collect(upTo: limit),
            let value = try? JSONDecoder().decode(Value.self, from: Data(bytes.readableBytesView))
        else { throw Problem.badRequest(advice) }
        return value
    }

    /// `?after=`.
    var after: String? { uri.queryParameters["after"].map(String.init) }

    /// `?limit=`, 100 where there is none.
    var pageLimit: Int {
        get throws {
            guard let text = uri.queryParameters["limit"] else { return 100 }
            guard let value = Int(digits: text), (1...500).contains(value) else {
                throw Problem.badRequest("limit is a number from 1 to 500")
            }
            return value
        }
    }
}

extension StreamEngine {
    /// The fingerprint that every entity tag of a list carries.
    func knownFingerprint() async throws -> RenderFingerprint {
        do {
            return try await fingerprint()
        } catch {
            throw Problem(
                status: .serviceUnavailable, slug: .busy, detail: "no codec worker is running", headers: [.retryAfter: "1"])
        }
    }

    /// The track's document.
    func document(of track: Track, _ context: GatewayContext) async throws -> TrackDocument {
        TrackDocument(track, offered: context.plan.offered, fingerprint: try await knownFingerprint())
    }

    /// A list of tracks.
    func response(_ page: Page<Track>, for request: Request, _ context: GatewayContext) async throws -> Response {
        let fingerprint = try await knownFingerprint()
        let items = page.items.map { TrackDocument($0, offered: context.plan.offered, fingerprint: fingerprint) }
        return try Response(ListDocument(items: items, next: page.next), for: request)
    }
}
