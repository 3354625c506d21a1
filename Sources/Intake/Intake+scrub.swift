public import Audio
internal import Crypto
internal import NIOPosix
internal import Originals

extension Intake {
    /// The condition of a stored Original.
    public enum Condition: Sendable, Hashable {
        case sound
        /// Its bytes do not have the hash that it is named after.
        case damaged
        case missing
    }

    /// Reads a stored Original, at most `bytesPerSecond` fast, and compares its hash.
    ///
    /// - Throws: ``IntakeError/storage(_:)`` if it cannot be read, or `CancellationError`.
    public func condition(of hash: OriginalHash, bytesPerSecond: Int) async throws -> Condition {
        do {
            return try await digest(of: hash, bytesPerSecond: bytesPerSecond) == hash ? .sound : .damaged
        } catch OriginalError.missing {
            return .missing
        } catch OriginalError.damaged {
            // It became shorter while it was read.
            return .damaged
        } catch {
            try Task.checkCancellation()
            throw Self.meaning(of: error)
        }
    }

    /// - Parameter bytesPerSecond: nil for as fast as it goes.
    func digest(of hash: OriginalHash, bytesPerSecond: Int? = nil) async throws -> OriginalHash {
        guard let size = try await originals.size(of: hash) else { throw OriginalError.missing }
        var sum = SHA256()
        for start in stride(from: 0, to: size, by: SourceFile.piece) {
            let range = start..<min(start + SourceFile.piece, size)
            let bytes = try await originals.read(range, of: .original, original: hash)
            sum = try await threadPool.runIfActive { [sum] in
                var sum = sum
                sum.update(bytes.span)
                return sum
            }
            if let bytesPerSecond { try await Task.sleep(for: .seconds(1) * (Double(range.count) / Double(bytesPerSecond))) }
        }
        return try OriginalHash(sum.finalize())
    }
}
