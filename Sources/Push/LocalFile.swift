internal import Audio
internal import Crypto
internal import Glibc
internal import NIOCore
internal import NIOPosix

/// A file to send.
public struct LocalFile: Sendable, Hashable {
    /// Tells whether a file has changed.
    struct Identity: Sendable, Hashable, Codable {
        var size: Int
        /// Nanoseconds since 1970.
        var modified: Int
        var inode: UInt64
    }

    /// Its absolute path's bytes, which need not be UTF-8.
    public let path: [UInt8]

    public init(path: [UInt8]) { self.path = path }

    public var text: String { String(decoding: path, as: UTF8.self) }
    var name: String { String(decoding: path.split(separator: UInt8(ascii: "/")).last ?? [], as: UTF8.self) }
    /// The name with its last three folders, which tell an album from another of the same title.
    var nameInFolders: String {
        path.split(separator: UInt8(ascii: "/")).suffix(4).map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
    }
    var folder: [UInt8] { Array(path[..<(path.lastIndex(of: UInt8(ascii: "/")) ?? 0)]) }

    /// The file's identity; nil if the file cannot be read.
    func identity() async throws -> Identity? {
        try await NIOThreadPool.singleton.runIfActive { () -> Identity? in
            var status = stat()
            guard unsafe stat(path.cString, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
            return Identity(
                size: Int(status.st_size), modified: status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec,
                inode: UInt64(status.st_ino))
        }
    }

    /// The SHA-256 of its content, in hexadecimal.
    func digest() async throws -> String {
        var sum = SHA256()
        for try await bytes in FileBytes(self, from: 0, count: .max) { sum.update(data: bytes.readableBytesView) }
        return Array(sum.finalize()).hexadecimal
    }
}

extension [UInt8] {
    /// Ended by a zero.
    fileprivate var cString: [CChar] { map(CChar.init(bitPattern:)) + [0] }
}

/// The bytes of a file from an offset on, in pieces.
struct FileBytes: AsyncSequence, Sendable {
    private static let piece = 128 << 10

    /// The file's descriptor, closed when the last reference goes.
    private final class Descriptor: Sendable {
        let number: CInt

        init(_ path: [UInt8]) throws {
            number = unsafe open(path.cString, O_RDONLY | O_CLOEXEC)
            guard number >= 0 else { throw PushError.unreadable("\(String(decoding: path, as: UTF8.self)) cannot be read") }
        }

        deinit { close(number) }
    }

    private let file: LocalFile
    private let start: Int
    private let count: Int
    private let onRead: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - count: bytes at most.
    ///   - onRead: called with the size of each piece in bytes.
    init(_ file: LocalFile, from start: Int, count: Int, onRead: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.file = file
        self.start = start
        self.count = count
        self.onRead = onRead
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let bytes: FileBytes
        private var descriptor: Descriptor?
        private var position: Int
        private var rest: Int

        fileprivate init(_ bytes: FileBytes) {
            self.bytes = bytes
            position = bytes.start
            rest = bytes.count
        }

        mutating func next() async throws -> ByteBuffer? {
            guard rest > 0 else { return nil }
            let (known, position, most) = (descriptor, position, Swift.min(rest, FileBytes.piece))
            let path = bytes.file.path
            let (descriptor, buffer) = try await NIOThreadPool.singleton.runIfActive {
                let descriptor = try known ?? Descriptor(path)
                var buffer = ByteBufferAllocator().buffer(capacity: most)
                _ = unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: most) { target in
                    Swift.max(0, unsafe pread(descriptor.number, target.baseAddress, most, off_t(position)))
                }
                return (descriptor, buffer)
            }
            self.descriptor = descriptor
            guard buffer.readableBytes > 0 else { return nil }
            self.position += buffer.readableBytes
            rest -= buffer.readableBytes
            bytes.onRead(buffer.readableBytes)
            return buffer
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(self) }
}
