internal import Audio
internal import Crypto
internal import Glibc
internal import NIOCore
internal import Originals
internal import Synchronization

/// A file in `incoming/` on its way into the store. Whatever still lies at its path when the last reference goes is removed.
///
/// Its descriptor holds a lock on it, by which ``Intake/sweep(incoming:)`` of any process tells it from what a crash left. All
/// calls block.
final class StagedFile: Sendable {
    private struct State: ~Copyable {
        var file: OpenFile
        var hash = SHA256()
        var bytes = 0
        var isSealed = false
    }

    let path: String
    private let state: Mutex<State>

    /// An empty file of a new name.
    convenience init(in incoming: String) throws(SystemError) {
        let path = Self.newPath(in: incoming)
        do throws(SystemError) {
            try self.init(creating: path)
        } catch  where error.isMissing {
            try Directory.make(incoming)
            try self.init(creating: path)
        }
    }

    private init(creating path: String) throws(SystemError) {
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL)
        self.path = path
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0, try file.status().st_nlink > 0 else {
            throw SystemError("keep \(path)")
        }
        state = Mutex(State(file: file))
    }

    /// A second name for an open file. The file's content is neither hashed nor changed.
    init(linking source: borrowing OpenFile, in incoming: String) throws(SystemError) {
        try Directory.make(incoming)
        let path = Self.newPath(in: incoming)
        guard unsafe linkat(AT_FDCWD, "/proc/self/fd/\(source.descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
            throw SystemError("link \(source.path) into \(incoming)")
        }
        let file = try OpenFile(path)
        self.path = path
        // Somebody else's lock on the file keeps the sweep away as well as ours.
        _ = flock(file.descriptor, LOCK_SH | LOCK_NB)
        state = Mutex(State(file: file, isSealed: true))
    }

    deinit { try? Directory.remove(path) }

    private static func newPath(in incoming: String) -> String {
        var generator = SystemRandomNumberGenerator()
        return "\(incoming)/\(String(generator.next(), radix: 36))\(String(generator.next(), radix: 36))"
    }

    var bytes: Int { state.withLock { $0.bytes } }

    func append(_ bytes: Span<UInt8>) throws {
        try state.withLock { state in
            guard !state.isSealed else { throw IntakeError.storage("\(path) is finished") }
            try state.file.write(bytes)
            state.hash.update(bytes)
            state.bytes += bytes.count
        }
    }

    /// Shares the blocks of `source` instead of copying them; false where the file system cannot. The file must be empty, and
    /// its content is yet to be hashed.
    func clone(_ source: borrowing OpenFile) -> Bool {
        let descriptor = source.descriptor
        // FICLONE of linux/fs.h, a macro Swift does not see: _IOW(0x94, 9, int).
        return state.withLock { ioctl($0.file.descriptor, 0x4004_9409, descriptor) == 0 }
    }

    /// Hashes the next bytes of a clone, at most `count`. False at its end.
    func hashNext(_ count: Int) throws -> Bool {
        try state.withLock { state in
            let piece = try state.file.read(state.bytes..<(state.bytes + count))
            state.hash.update(piece.span)
            state.bytes += piece.count
            return !piece.isEmpty
        }
    }

    /// Makes the content durable and takes no more. Gives the hash of what was appended.
    func seal() throws -> OriginalHash {
        try state.withLock { state in
            try state.file.sync()
            state.isSealed = true
            return try OriginalHash(state.hash.finalize())
        }
    }

    /// Removes the file unless it has been moved away.
    func discard() { try? Directory.remove(path) }
}
