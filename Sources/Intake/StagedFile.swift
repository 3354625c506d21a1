internal import Audio
internal import Crypto
internal import FileSystem
internal import Glibc
internal import NIOCore
internal import Synchronization

/// A file in `incoming/` on its way into the store. When the last reference to this object goes, whatever is at the path is
/// removed, unless ``keep()`` was called.
///
/// Its descriptor holds a lock on the file, by which ``Intake/sweep(incoming:)`` of any process tells it from the leftovers
/// of a crash. All calls block.
final class StagedFile: Sendable {
    private struct Content {
        var hash = SHA256()
        /// The number of leading bytes that `hash` covers.
        var hashed = 0
        var bytes = 0
    }

    private struct State: ~Copyable {
        var file: OpenFile
        var content = Content()
        /// The content that is known to be on the disk.
        var synced = Content()
        var isSealed = false
        var isKept = false
    }

    let path: String
    /// The space that writing leaves free; nil if it may use all of it.
    private let floor: DiskFloor?
    private let state: Mutex<State>

    /// Makes an empty file with a new name.
    convenience init(in incoming: String, leaving floor: DiskFloor? = nil) throws(SystemError) {
        let path = Self.newPath(in: incoming)
        do throws(SystemError) {
            try self.init(creating: path, leaving: floor)
        } catch  where error.isMissing {
            try Directory.make(incoming)
            try self.init(creating: path, leaving: floor)
        }
    }

    /// Makes an empty file at `path`. Throws if a file is there.
    init(creating path: String, leaving floor: DiskFloor?) throws(SystemError) {
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL)
        self.path = path
        self.floor = floor
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0, try file.status().st_nlink > 0 else {
            throw SystemError("keep \(path)")
        }
        state = Mutex(State(file: file))
    }

    /// Opens an upload's file as it was left. The file is kept, and takes no bytes before ``resume(at:)``.
    ///
    /// - Throws: ``IntakeError/busy`` if another request or process holds its lock, ``IntakeError/gone`` if it was removed,
    ///   `SystemError`.
    init(reopening path: String, leaving floor: DiskFloor?) throws {
        let file = try OpenFile(path, O_RDWR)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw IntakeError.busy }
        guard try file.status().st_nlink > 0 else { throw IntakeError.gone }
        self.path = path
        self.floor = floor
        state = Mutex(State(file: file, isSealed: true, isKept: true))
    }

    /// Continues after the first `bytes` bytes, which are not hashed yet. Bytes after them are cut off.
    ///
    /// - Throws: ``IntakeError/storage(_:)`` if the file has fewer, `SystemError`.
    func resume(at bytes: Int) throws {
        try state.withLock { state in
            guard Int(try state.file.status().st_size) >= bytes else {
                throw IntakeError.storage("\(path) has lost what was received")
            }
            state.synced = Content(bytes: bytes)
            try cut(&state)
            state.isSealed = false
        }
    }

    /// Cuts the file off after the content that is known to be on the disk.
    private func cut(_ state: inout State) throws {
        let bytes = off_t(state.synced.bytes)
        guard ftruncate(state.file.descriptor, bytes) == 0, lseek(state.file.descriptor, bytes, SEEK_SET) >= 0 else {
            state.isSealed = true
            throw SystemError("cut \(path)")
        }
        state.content = state.synced
    }

    /// Makes a second name for an open file, whose content is neither hashed nor changed.
    init(linking source: borrowing OpenFile, in incoming: String) throws(SystemError) {
        try Directory.make(incoming)
        let path = Self.newPath(in: incoming)
        guard unsafe linkat(AT_FDCWD, "/proc/self/fd/\(source.descriptor)", AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0 else {
            throw SystemError("link \(source.path) into \(incoming)")
        }
        let file = try OpenFile(path)
        self.path = path
        floor = nil
        // If another holder's lock prevents ours, that lock keeps the sweep away as well.
        _ = flock(file.descriptor, LOCK_SH | LOCK_NB)
        state = Mutex(State(file: file, isSealed: true))
    }

    deinit {
        if !state.withLock({ $0.isKept }) { try? Directory.remove(path) }
    }

    private static func newPath(in incoming: String) -> String {
        var generator = SystemRandomNumberGenerator()
        return "\(incoming)/\(String(generator.next(), radix: 36))\(String(generator.next(), radix: 36))"
    }

    var bytes: Int { state.withLock { $0.content.bytes } }

    /// Lets other requests open the file before the last reference goes. No more bytes can be appended.
    func unlock() {
        state.withLock { state in
            state.isSealed = true
            _ = flock(state.file.descriptor, LOCK_UN)
        }
    }

    /// Leaves the file where it is when the last reference goes.
    func keep() { state.withLock { $0.isKept = true } }

    /// - Throws: ``IntakeError/noRoom`` if less than the floor would be left, ``IntakeError/storage(_:)``, `SystemError`.
    func append(_ bytes: Span<UInt8>) throws {
        try floor?.require(bytes.count, in: path)
        try state.withLock { state in
            guard !state.isSealed else { throw IntakeError.storage("\(path) is finished") }
            try state.file.write(bytes)
            if state.content.hashed == state.content.bytes {
                state.content.hash.update(bytes)
                state.content.hashed += bytes.count
            }
            state.content.bytes += bytes.count
        }
    }

    /// Makes the appended bytes durable and returns the file's size. A failed sync is final, because it is not known what it
    /// lost.
    func sync() throws -> Int {
        try state.withLock { state in
            guard !state.isSealed else { throw IntakeError.storage("\(path) is finished") }
            do {
                try state.file.sync()
            } catch {
                state.isSealed = true
                throw error
            }
            state.synced = state.content
            return state.content.bytes
        }
    }

    /// Removes the bytes appended since the last ``sync()``.
    func rewind() throws { try state.withLock { try cut(&$0) } }

    /// Shares the blocks of `source` instead of copying them. Returns false if the file system cannot. The file must be
    /// empty; its content is hashed afterwards, with ``hashNext(_:)``.
    func clone(_ source: borrowing OpenFile) -> Bool {
        let descriptor = source.descriptor
        // FICLONE of linux/fs.h, a macro Swift does not see: _IOW(0x94, 9, int).
        return state.withLock { state in
            guard ioctl(state.file.descriptor, 0x4004_9409, descriptor) == 0, let status = try? state.file.status() else {
                return false
            }
            state.content.bytes = Int(status.st_size)
            return true
        }
    }

    /// Hashes the next bytes that are not hashed yet, at most `count`. Returns false if there are none.
    func hashNext(_ count: Int) throws -> Bool {
        try state.withLock { state in
            let content = state.content
            let piece = try state.file.read(content.hashed..<min(content.hashed + count, content.bytes))
            state.content.hash.update(piece.span)
            state.content.hashed += piece.count
            return !piece.isEmpty
        }
    }

    /// Makes the content durable and returns its hash. No more bytes can be appended.
    ///
    /// - Throws: ``IntakeError/storage(_:)``, also if not all of the content is hashed.
    func seal() throws -> OriginalHash {
        try state.withLock { state in
            try state.file.sync()
            state.isSealed = true
            guard state.content.hashed == state.content.bytes else { throw IntakeError.storage("\(path) cannot be read again") }
            return try OriginalHash(state.content.hash.finalize())
        }
    }

    /// Removes the file unless it has been moved away.
    func discard() { try? Directory.remove(path) }
}
