internal import Glibc

/// A failed system call, and its purpose.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The value of `errno`.
    package let code: CInt
    /// The call and its object: `open /data/x`.
    package let action: String

    package init(code: CInt = errno, _ action: String) {
        self.code = code
        self.action = action
    }

    package var description: String { "cannot \(action): \(reason)" }

    /// The C library's sentence for the code.
    package var reason: String { unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)" }

    /// Whether the disk, or the user's quota of it, is full.
    package var isFull: Bool { code == ENOSPC || code == EDQUOT }

    package var isMissing: Bool { code == ENOENT || code == ENOTDIR }
}
