internal import Glibc

/// What the system says of a file, in values that every module can read: the members of `stat` belong to whichever module of the C
/// library the compiler saw first.
package struct FileState: Sendable, Hashable {
    package var isRegular: Bool
    /// Bytes.
    package var size: Int
    /// When it was last written, since 1970.
    package var written: Duration
    /// The file's number in its file system.
    package var number: UInt64
}

extension OpenFile {
    package func state() throws(SystemError) -> FileState {
        let status = try status()
        return FileState(
            isRegular: status.st_mode & S_IFMT == S_IFREG, size: Int(status.st_size),
            written: .seconds(status.st_mtim.tv_sec) + .nanoseconds(status.st_mtim.tv_nsec), number: UInt64(status.st_ino))
    }
}
