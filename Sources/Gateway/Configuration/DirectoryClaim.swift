import FileSystem
import Foundation
import Synchronization

/// A server's claim on its data directory: an exclusive lock on a file in it, which the kernel releases when the process ends,
/// however it ends.
///
/// Two servers on one directory would each trust their caches of it. Commands such as `account add` need no claim, because they
/// only change rows.
final class DirectoryClaim: Sendable {
    /// How long to wait for the claim: a killed server may have left a child that still holds its parent's descriptors until it
    /// becomes another program.
    private static let patience = Duration.seconds(1)

    private let file: Mutex<OpenFile?>

    /// - Throws: ``ServerConfiguration/Invalid`` if another server has the claim; it names the directory and that server's
    ///   process.
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
        // The process's number is for the message of a refused server; a full disk is ignored.
        if ftruncate(file.descriptor, 0) == 0 { try? file.write(Array("\(getpid())\n".utf8).span) }
        self.file = Mutex(file)
    }

    /// Releases the directory. Closing the file would not always do so: a child that is being started has a copy of the
    /// descriptor for a moment.
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
