public import Audio
internal import NIOPosix
internal import Originals

extension Intake {
    /// What became of a stored Original.
    public enum Condition: Sendable, Hashable {
        case sound
        /// Its bytes are not the ones it is named after.
        case damaged
        case missing
    }

    /// Reads a stored Original again, so many bytes a second at most.
    ///
    /// - Throws: ``IntakeError/storage(_:)`` where it cannot be read, or `CancellationError`.
    public func condition(of hash: OriginalHash, bytesPerSecond: Int) async throws -> Condition {
        let path = originals.path(of: hash)
        do {
            let source = try await threadPool.runIfActive { try SourceFile(path) }
            let found = try await source.digest(on: threadPool) { bytes in
                try await Task.sleep(for: .seconds(1) * (Double(bytes) / Double(bytesPerSecond)))
            }
            return found == hash ? .sound : .damaged
        } catch let error as IntakeError {
            if try await threadPool.runIfActive({ [originals] in originals.contains(hash) }) { throw error }
            return .missing
        }
    }
}
