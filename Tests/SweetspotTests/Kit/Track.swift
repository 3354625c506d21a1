import TestSupport

/// A track as the API shows it.
struct Track: Decodable, Sendable {
    struct Stream: Decodable, Sendable {
        let name: String
        let ladder: String
        let bytes: Int
        let etag: String
        let url: String

        var isOpus: Bool { ladder == "opus" }
    }

    struct List: Decodable {
        let items: [Track]
    }

    /// A rendition, which is no Stream where it has no length.
    private struct Listed: Decodable {
        private enum CodingKeys: CodingKey { case bytes }

        let stream: Stream?

        init(from decoder: any Decoder) throws {
            let hasLength = try !decoder.container(keyedBy: CodingKeys.self).decodeNil(forKey: .bytes)
            stream = hasLength ? try Stream(from: decoder) : nil
        }
    }

    private enum CodingKeys: String, CodingKey {
        case id, title, sha256, codec, samples, sampleRate, channels, bytes, warnings, hls
        case listed = "renditions"
    }

    let id: String
    let title: String
    let sha256: String
    let codec: String
    let samples: Int
    let sampleRate: Int
    let channels: Int
    let bytes: Int
    let warnings: [String]
    private let listed: [Listed]
    /// Master playlists by ladder.
    let hls: [String: String]

    /// What is served as one file.
    var renditions: [Stream] { listed.compactMap(\.stream) }

    /// Seconds.
    var duration: Double { Double(samples) / Double(sampleRate) }

    /// Length in samples per channel of a rendition at `rate` Hz.
    func outputSamples(at rate: Int) -> Int { (samples * rate + sampleRate - 1) / sampleRate }

    func stream(_ name: String) -> Stream? { renditions.first { $0.name == name } }
}

/// An error answer (RFC 9457).
struct ProblemDocument: Decodable, Equatable {
    let type: String
    let title: String
    let status: Int
    let detail: String
}
