internal import Glibc

/// Who may use what is at a path. All calls block.
package struct FileAccess: Sendable {
    private static let others: mode_t = 0o077
    private static let special: mode_t = 0o7000

    package let isDirectory: Bool
    /// Whether it has bytes to be read one after the other: a file or a pipe.
    package let isReadable: Bool
    /// Whether anybody but the owner may do anything with it.
    package let isOpenToOthers: Bool
    /// Whether it belongs to the user this process runs for, or to root.
    package let isOurs: Bool
    /// Whether it is its owner's own affair. A file with a second name is not: who has the other name may share it as they like.
    package let isOwn: Bool
    private let path: String
    private let mode: mode_t

    /// Nil where there is nothing at `path`.
    package init?(_ path: String, followsLinks: Bool) {
        var status = stat()
        guard unsafe fstatat(AT_FDCWD, path, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(path, status)
    }

    /// Of an open file, whatever its path leads to meanwhile.
    package init(of file: borrowing OpenFile) throws(SystemError) { self.init(file.path, try file.status()) }

    private init(_ path: String, _ status: stat) {
        self.path = path
        mode = status.st_mode & ~S_IFMT
        let type = status.st_mode & S_IFMT
        isDirectory = type == S_IFDIR
        isReadable = type == S_IFREG || type == S_IFIFO
        isOpenToOthers = mode & Self.others != 0
        isOurs = status.st_uid == 0 || status.st_uid == geteuid()
        isOwn = isDirectory || type == S_IFREG && status.st_nlink == 1
    }

    /// Takes it away from all but its owner; false where that cannot be done, or where it is a directory that everybody writes to, such
    /// as `/tmp`, which is nobody's own.
    package func withhold() -> Bool {
        guard mode & S_ISVTX == 0 else { return false }
        return unsafe chmod(path, mode & ~Self.others & ~Self.special) == 0
    }
}
