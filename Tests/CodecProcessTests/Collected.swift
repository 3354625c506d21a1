import Synchronization

/// The bytes a job was answered with, and in how many pieces.
final class Collected: Sendable {
    private let state = Mutex<(bytes: [UInt8], pieces: Int)>(([], 0))

    var bytes: [UInt8] { state.withLock { $0.bytes } }

    /// Adds a piece; returns how many there are now.
    @discardableResult func append(_ piece: [UInt8]) -> Int {
        state.withLock {
            $0.bytes += piece
            $0.pieces += 1
            return $0.pieces
        }
    }
}
