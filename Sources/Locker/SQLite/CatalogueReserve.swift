internal import Glibc
internal import Synchronization

/// Space that a file beside the catalogue holds, for transactions that give space back.
///
/// On a full disk no transaction succeeds, so nothing can be deleted either. This program cannot keep free what other
/// programs fill, so a floor for uploads alone is not enough: the space has to be taken in advance. See the decision "A full
/// disk".
public final class CatalogueReserve: Sendable {
    /// Bytes. Less is of no use to a transaction.
    private static let least = 1 << 16

    private let path: String
    /// Bytes.
    let size: Int
    /// How many calls are using the space.
    private let users = Mutex(0)

    /// - Parameters:
    ///   - path: The file, on the catalogue's file system; made if it does not exist.
    ///   - size: Bytes that it holds.
    public init(path: String, size: Int) {
        self.path = path
        self.size = max(size, Self.least)
    }

    /// Frees the space until ``end()``. Blocks for a moment.
    func begin() {
        users.withLock { users in
            users += 1
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            _ = ftruncate(descriptor, 0)
            close(descriptor)
        }
    }

    /// Ends one use. After the last one, takes the space back. Blocks for a moment.
    func end() {
        users.withLock { $0 -= 1 }
        restore()
    }

    /// Takes back as much of the space as there is room for, unless it is in use. Blocks for a moment.
    func restore() {
        users.withLock { users in
            guard users == 0 else { return }
            let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
            guard descriptor >= 0 else { return }
            defer { close(descriptor) }
            var status = stat()
            guard unsafe fstat(descriptor, &status) == 0 else { return }
            let held = min(Int(status.st_size), Int(status.st_blocks) * 512)
            var wanted = size
            while wanted >= Self.least, wanted > held {
                if posix_fallocate(descriptor, 0, off_t(wanted)) == 0 { return }
                // Gives back the blocks that the failed attempt took.
                _ = ftruncate(descriptor, off_t(held))
                wanted /= 2
            }
        }
    }
}
