import Audio
import Hummingbird
import Streaming

/// A page of a list, and what to ask the next with.
struct ListDocument<Item: Encodable>: Encodable {
    let items: [Item]
    var next: String?

    enum CodingKeys: String, CodingKey { case items, next }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(items, forKey: .items)
        try values.encode(next, forKey: .next)
    }
}

extension Request {
    /// `?limit=`, 100 where there is none.
    var pageLimit: Int {
        get throws {
            guard let text = uri.queryParameters["limit"] else { return 100 }
            guard let value = Int(text), (1...500).contains(value) else {
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
}
