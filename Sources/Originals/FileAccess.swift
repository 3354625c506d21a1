internal import Glibc

/// Who may use a file or a directory that is its owner's own affair. All calls block.
///
/// A file with a second name is not: who has the other name may share it as they like.
package struct FileAccess: Sendable {
    private static let others: mode_t = 0o077
    private static let special: mode_t = 0o7000

    package let isDirectory: Bool
    /// Whether anybody but the owner may do anything with it.
    package let isOpenToOthers: Bool
    private let path: String
    private let mode: mode_t

    /// Nil where there is nothing at `path`.
    package init?(_ path: String, followsLinks: Bool) {
        var status = stat()
        guard unsafe fstatat(AT_FDCWD, path, &status, followsLinks ? 0 : AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.path = path
        mode = status.st_mode & ~S_IFMT
        isDirectory = status.st_mode & S_IFMT == S_IFDIR
        let isOwn = isDirectory || status.st_mode & S_IFMT == S_IFREG && status.st_nlink == 1
        isOpenToOthers = isOwn && mode & Self.others != 0
    }

    /// Takes it away from all but its owner; false where that cannot be done, or where it is a directory that everybody writes to, such
    /// as `/tmp`, which is nobody's own.
    package func withhold() -> Bool {
        guard mode & S_ISVTX == 0 else { return false }
        return unsafe chmod(path, mode & ~Self.others & ~Self.special) == 0
    }
}
