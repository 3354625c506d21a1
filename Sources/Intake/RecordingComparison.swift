internal import Audio
internal import Locker
internal import Originals

/// Finds the recording that an Original is an encode of, among those that the catalogue says may be it.
struct RecordingComparison: Sendable {
    /// The most searches for one Original, if recordings with words in common come meanwhile. The last one counts as it is.
    private static let searches = 3

    let catalogue: Catalogue
    let originals: any OriginalVault
    let measuresVersion: Int

    /// Runs `write`, which writes the Original's row with the recording, and repeats both if the row throws
    /// ``CatalogueError/recordingsChanged``. At most 8 other Originals' measures are read.
    ///
    /// - Parameter milliseconds: the length of the Original; nil to take that of its tracks.
    func choosing<Result: Sendable>(
        for hash: OriginalHash, _ measures: SoundMeasures, milliseconds: Int?,
        _ write: (RecordingChoice) async throws -> Result
    ) async throws -> Result {
        for _ in 1..<Self.searches {
            do {
                return try await write(try await choice(hash, measures.fingerprint, milliseconds))
            } catch CatalogueError.recordingsChanged {}
        }
        return try await write(try await choice(hash, measures.fingerprint, milliseconds).whateverCame)
    }

    private func choice(
        _ hash: OriginalHash, _ fingerprint: AcousticFingerprint, _ milliseconds: Int?
    ) async throws -> RecordingChoice {
        let search = try await catalogue.recordings(like: fingerprint, of: hash, milliseconds: milliseconds)
        for candidate in search.candidates {
            let other = await originals.measures(of: candidate.original, version: measuresVersion)
            guard let other else { continue }
            if fingerprint.isSameRecording(as: other.fingerprint, lengthsDifferingBy: candidate.lengthDifference) {
                return search.choice(candidate.recording)
            }
        }
        return search.choice(nil)
    }
}
