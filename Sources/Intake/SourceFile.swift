internal import Audio
internal import Crypto
internal import FileSystem
internal import Glibc
internal import Locker
internal import NIOPosix

/// A file that is being read, for an import or for ingest. Calls that are not asynchronous block.
final class SourceFile: Sendable {
    /// Bytes read at a time: few enough that a listener's read does not wait long for the thread.
    static let piece = 1 << 20

    let file: OpenFile
    /// The size in bytes when the file was opened.
    let size: Int

    /// - Parameter rawPath: The path's bytes, ended by a zero; they need not be UTF-8.
    /// - Throws: ``IntakeError/unreadable(_:)``, also if the path is not a regular file.
    init(rawPath: [CChar]) throws(IntakeError) {
        // Without O_NONBLOCK, opening a pipe would wait for its other end.
        let file = try Self.reading { () throws(SystemError) in try OpenFile(rawPath: rawPath, O_RDONLY | O_NONBLOCK) }
        let status = try Self.reading { () throws(SystemError) in try file.status() }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable("\(file.path) is not a file") }
        self.file = file
        size = Int(status.st_size)
    }

    convenience init(_ path: String) throws(IntakeError) {
        try self.init(rawPath: Array(path.utf8CString))
    }

    func identity() throws(IntakeError) -> ImportRecord.Identity {
        ImportRecord.Identity(try Self.reading { () throws(SystemError) in try file.status() })
    }

    /// The next bytes from `offset` on; empty at the end of the file.
    func read(at offset: Int, count: Int = piece) throws(IntakeError) -> [UInt8] {
        try Self.reading { () throws(SystemError) in try file.read(offset..<(offset + count)) }
    }

    /// The SHA-256 of the whole file, read piece by piece on `threadPool`.
    func digest(on threadPool: NIOThreadPool) async throws -> OriginalHash {
        var hash = SHA256()
        var offset = 0
        while true {
            let (next, count) = try await threadPool.runIfActive { [offset, hash] in
                var hash = hash
                let bytes = try self.read(at: offset)
                hash.update(bytes.span)
                return (hash, bytes.count)
            }
            if count == 0 { return try OriginalHash(hash.finalize()) }
            hash = next
            offset += count
        }
    }

    private static func reading<Result: ~Copyable>(
        _ body: () throws(SystemError) -> Result
    ) throws(IntakeError) -> Result {
        do throws(SystemError) {
            return try body()
        } catch {
            throw .unreadable("\(error)")
        }
    }
}
