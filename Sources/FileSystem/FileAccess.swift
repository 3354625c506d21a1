internal import Glibc

/// Who may use the file or directory at a path. All calls block.
package struct FileAccess: Sendable {
    private static let others: mode_t = 0o077
    private static let special: mode_t = 0o7000

    package let isDirectory: Bool
    /// Whether its bytes can be read in order: a file or a pipe.
    package let isReadable: Bool
    /// Whether other users than the owner have any access to it.
    package let isOpenToOthers: Bool
    /// Whether it belongs to this process's user, or to root.
    package let isOurs: Bool
    /// Whether only its path leads to it. A file with a second name can be shared by the owner of that name.
    package let isOwn: Bool
    private let path: String
    private let mode: mode_t

    /// Nil if nothing exists at `path`.
    package init?(_ path: String, followsLinks: Bool) {
        var status = stat()
        guard unsafe fstatat(AT_FDCWD, path, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(path, status)
    }

    /// Of an open file, whatever file its path leads to now.
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

    /// Takes the access of all but the owner away. Returns false if that fails, or for a directory that everyone may write to,
    /// such as `/tmp`, which has no single owner.
    package func withhold() -> Bool {
        guard mode & S_ISVTX == 0 else { return false }
        return unsafe chmod(path, mode & ~Self.others & ~Self.special) == 0
    }
}
