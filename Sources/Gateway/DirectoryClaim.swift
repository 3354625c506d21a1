import Foundation
import Originals
import Synchronization

/// A server's claim on its data directory: an exclusive lock on a file in it, which the kernel lets go of when the process ends,
/// however it does.
///
/// Two servers on one directory would each believe their own caches of it. Commands such as `account add` need no claim: they only
/// change rows.
final class DirectoryClaim: Sendable {
    /// How long a claim is waited for: a server that was killed may have left a child that is not yet its own program, and holds
    /// what its parent held.
    private static let patience = Duration.seconds(1)

    private let file: Mutex<OpenFile?>

    /// - Throws: ``ServerConfiguration/Invalid`` where another server has it, naming the directory and that server's process.
    init(_ directory: String) async throws {
        let file: OpenFile
        do throws(SystemError) {
            file = try OpenFile(directory + "/lock", O_RDWR | O_CREAT, mode: 0o600)
        } catch {
            throw ServerConfiguration.Invalid(description: "data: \(directory) cannot be used: \(error)")
        }
        let deadline = ContinuousClock.now + Self.patience
        while flock(file.descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw ServerConfiguration.Invalid(description: "data: \(directory) cannot be locked: error \(errno)")
            }
            guard ContinuousClock.now < deadline else {
                throw ServerConfiguration.Invalid(
                    description: "data: another server\(Self.holder(file)) uses \(directory): end it, or choose another --data")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        // For who is refused; on a full disk without.
        if ftruncate(file.descriptor, 0) == 0 { try? file.write(Array("\(getpid())\n".utf8).span) }
        self.file = Mutex(file)
    }

    /// Lets go of the directory. Not left to the descriptor's end: a child that is being started has a copy of it for a moment.
    func end() {
        file.withLock { file in
            guard let held = file.take() else { return }
            _ = ftruncate(held.descriptor, 0)
            flock(held.descriptor, LOCK_UN)
        }
    }

    deinit { end() }

    private static func holder(_ file: borrowing OpenFile) -> String {
        guard let bytes = try? file.read(0..<20), let process = Int(String(decoding: bytes, as: UTF8.self).dropLast()) else {
            return ""
        }
        return " (process \(process))"
    }
}
