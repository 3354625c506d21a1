internal import Audio
internal import Crypto
internal import Glibc
internal import NIOCore
internal import Originals
internal import Synchronization

/// A file in `incoming/` on its way into the store. Whatever still lies at its path when the last reference goes is removed, unless
/// it is kept.
///
/// Its descriptor holds a lock on it, by which ``Intake/sweep(incoming:)`` of any process tells it from what a crash left. All
/// calls block.
final class StagedFile: Sendable {
    private struct Content {
        var hash = SHA256()
        /// So many first bytes are in `hash`.
        var hashed = 0
        var bytes = 0
    }

    private struct State: ~Copyable {
        var file: OpenFile
        var content = Content()
        /// What is known to be on the disk.
        var synced = Content()
        var isSealed = false
        var isKept = false
    }

    let path: String
    /// What it leaves free; nil where it may use all there is.
    private let floor: DiskFloor?
    private let state: Mutex<State>

    /// An empty file of a new name.
    convenience init(in incoming: String, leaving floor: DiskFloor? = nil) throws(SystemError) {
        let path = Self.newPath(in: incoming)
        do throws(SystemError) {
            try self.init(creating: path, leaving: floor)
        } catch  where error.isMissing {
            try Directory.make(incoming)
            try self.init(creating: path, leaving: floor)
        }
    }

    /// An empty file at `path`, where there is none.
    init(creating path: String, leaving floor: DiskFloor?) throws(SystemError) {
        let file = try OpenFile(path, O_RDWR | O_CREAT | O_EXCL)
        self.path = path
        self.floor = floor
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0, try file.status().st_nlink > 0 else {
            throw SystemError("keep \(path)")
        }
        state = Mutex(State(file: file))
    }

    /// An upload's file as it was left. It is kept, and takes nothing before ``resume(at:)``.
    ///
    /// - Throws: ``IntakeError/busy`` where somebody else has it open, `SystemError`.
    init(reopening path: String, leaving floor: DiskFloor?) throws {
        let file = try OpenFile(path, O_RDWR)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw IntakeError.busy }
        guard try file.status().st_nlink > 0 else { throw IntakeError.gone }
        self.path = path
        self.floor = floor
        state = Mutex(State(file: file, isSealed: true, isKept: true))
    }

    /// Goes on after the first `bytes` bytes, which are not hashed yet; what follows them is cut off.
    ///
    /// - Throws: ``IntakeError/storage(_:)`` where there are fewer, `SystemError`.
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

    /// Ends the file after what is known to be on the disk.
    private func cut(_ state: inout State) throws {
        let bytes = off_t(state.synced.bytes)
        guard ftruncate(state.file.descriptor, bytes) == 0, lseek(state.file.descriptor, bytes, SEEK_SET) >= 0 else {
            state.isSealed = true
            throw SystemError("cut \(path)")
        }
        state.content = state.synced
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
        floor = nil
        // Somebody else's lock on the file keeps the sweep away as well as ours.
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

    /// Lets others open the file before the last reference goes, and takes no more.
    func unlock() {
        state.withLock { state in
            state.isSealed = true
            _ = flock(state.file.descriptor, LOCK_UN)
        }
    }

    /// Leaves the file where it is when the last reference goes.
    func keep() { state.withLock { $0.isKept = true } }

    /// - Throws: ``IntakeError/noRoom`` where less than the floor would be left, ``IntakeError/storage(_:)``, `SystemError`.
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

    /// Makes what was appended durable, and gives its bytes in all. A failed sync is final: what it lost is not known.
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

    /// Takes back what was appended since the last ``sync()``.
    func rewind() throws { try state.withLock { try cut(&$0) } }

    /// Shares the blocks of `source` instead of copying them; false where the file system cannot. The file must be empty, and
    /// its content is yet to be hashed.
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

    /// Hashes the next bytes that are not hashed yet, at most `count`. False where there are none.
    func hashNext(_ count: Int) throws -> Bool {
        try state.withLock { state in
            let content = state.content
            let piece = try state.file.read(content.hashed..<min(content.hashed + count, content.bytes))
            state.content.hash.update(piece.span)
            state.content.hashed += piece.count
            return !piece.isEmpty
        }
    }

    /// Makes the content durable and takes no more. Gives its hash.
    ///
    /// - Throws: ``IntakeError/storage(_:)`` also where not all of it is hashed.
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
