import Foundation
import TestSupport
import Testing

/// What `sweetspot inspect --json` says of a file.
struct Finding: Decodable, Sendable {
    struct Loudness: Decodable, Sendable {
        /// LUFS.
        let integrated: Double
        /// dBTP.
        let truePeak: Double
        /// LU.
        let range: Double
    }

    let accepted: Bool
    let container: String?
    let codec: String?
    let sampleRate: Int?
    let channels: Int?
    /// Per channel.
    let samples: Int?
    /// Samples per channel that decode before the first that counts.
    let leadIn: Int?
    /// Seconds.
    let duration: Double?
    let warnings: [String]?
    let loudness: Loudness?
    let problem: String?
    let reason: String?

    /// Asks the program under test, which has to give a verdict, and the status that goes with it.
    static func inspect(_ path: String) async throws -> Self {
        let output = try await run(Program.sweetspot, ["inspect", "--json", path])
        let finding = try? JSONDecoder().decode(Self.self, from: Data(output.bytes))
        let verdict = try #require(finding, "\(path): \(output.status) \(output.errors)")
        #expect(output.status == (verdict.accepted ? 0 : 1), "\(path)")
        return verdict
    }
}
