import Foundation
import Locker
import NIOHTTP1

/// ListenBrainz' API (https://listenbrainz.readthedocs.io/en/latest/users/api/core.html): `submit-listens` and `validate-token`.
struct ListenBrainz: ScrobbleProtocol {
    static let usual = "https://api.listenbrainz.org"

    /// Without a slash at its end.
    let base: String

    let service = ScrobbleService.listenBrainz
    let title = "ListenBrainz"
    /// The API takes 1,000; a refusal concerns all of a request.
    let most = 100

    private struct Submission: Encodable {
        var listenType: String
        var payload: [Listen]
    }

    private struct Listen: Encodable {
        var listenedAt: Int
        var trackMetadata: Metadata
    }

    private struct Metadata: Encodable {
        var artistName: String
        var trackName: String
        var releaseName: String?
        var additionalInfo: Info
    }

    private struct Info: Encodable {
        var recordingMbid: String?
        var releaseMbid: String?
        var durationMs: Int
        var mediaPlayer = "sweetspot"
        var submissionClient = "sweetspot"
        var submissionClientVersion = sweetspotVersion
    }

    func submission(of plays: [ScrobbledPlay], token: String) throws -> ScrobbleRequest {
        func some(_ text: String) -> String? { text.isEmpty ? nil : text }
        let listens = plays.map { play in
            Listen(
                listenedAt: play.at / 1000,
                trackMetadata: Metadata(
                    artistName: some(play.artist) ?? some(play.albumArtist) ?? "[unknown]", trackName: play.title,
                    releaseName: some(play.album),
                    additionalInfo: Info(
                        recordingMbid: some(play.recording), releaseMbid: some(play.release), durationMs: play.duration)))
        }
        let submission = Submission(listenType: plays.count == 1 ? "single" : "import", payload: listens)
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return ScrobbleRequest(
            url: base + "/1/submit-listens", fields: Self.fields(token) + [("Content-Type", "application/json")],
            body: Array(try encoder.encode(submission)))
    }

    func verdict(status: Int, fields: HTTPHeaders, body: [UInt8]) -> ScrobbleVerdict {
        switch status {
        case 200..<300: .taken
        case 401, 403: .badToken
        case 429:
            .later(after: (fields.first(name: "X-RateLimit-Reset-In") ?? fields.first(name: "Retry-After")).flatMap { Int($0) })
        case 400, 413, 422: .refused
        default: .later(after: nil)
        }
    }

    func introduction(token: String) -> ScrobbleRequest {
        ScrobbleRequest(method: .GET, url: base + "/1/validate-token", fields: Self.fields(token))
    }

    private struct Introduction: Decodable {
        var valid: Bool
        var userName: String?
    }

    func introduced(token: String, status: Int, body: [UInt8]) throws -> (name: String, token: String)? {
        if status == 400 || status == 401 { return nil }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        guard status == 200, let known = try? decoder.decode(Introduction.self, from: Data(body)) else {
            throw UnknownAnswer()
        }
        return known.valid ? (known.userName ?? "", token) : nil
    }

    private static func fields(_ token: String) -> [(String, String)] { [("Authorization", "Token \(token)")] }
}
