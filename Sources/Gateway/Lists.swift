import Audio
import Hummingbird
import Streaming

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
