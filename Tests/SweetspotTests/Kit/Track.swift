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

    let id: String
    let title: String
    let sha256: String
    let codec: String
    let samples: Int
    let sampleRate: Int
    let channels: Int
    let bytes: Int
    let warnings: [String]
    let renditions: [Stream]

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
