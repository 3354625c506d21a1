import TestSupport
import Testing

/// A made-up piece of music, lossless: gliding tones and pink noise, the same in every run, its length exact.
struct Signal: Sendable, CustomTestStringConvertible {
    enum Kind: String {
        case flac16 = "16.flac"
        case flac24 = "24.flac"
        case wav16 = "16.wav"
        case wav24 = "24.wav"
    }

    /// Hz.
    let rate: Int
    let channels: Int
    /// Samples per channel.
    let samples: Int
    let kind: Kind

    init(_ rate: Int = 44_100, channels: Int = 2, seconds: Double, kind: Kind = .flac16) {
        self.rate = rate
        self.channels = channels
        samples = Int(seconds * Double(rate)) | 1
        self.kind = kind
    }

    var name: String { "\(rate)-\(channels)-\(samples)-\(kind.rawValue)" }
    var testDescription: String { name }

    /// Makes the file in `folder` and gives its path.
    func write(in folder: TemporaryFolder) async throws -> String {
        let path = folder.path + "/" + name
        let bits = kind == .flac24 || kind == .wav24 ? "24" : "16"
        let tones = (0..<channels).flatMap { ["sine", "\(200 + 90 * $0)-\(900 + 110 * $0)"] }
        try await make(
            "sox",
            ["-R", "-V1", "-r", "\(rate)", "-c", "\(channels)", "-n", "-b", bits, path, "synth", "\(samples)s"] + tones
                + ["synth", "\(samples)s", "pinknoise", "mix", "gain", "-3"])
        return path
    }
}
