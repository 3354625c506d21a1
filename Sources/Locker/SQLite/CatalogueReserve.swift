internal import Glibc
internal import Synchronization

/// Space that a file beside the catalogue holds, for the transactions that give space back.
///
/// A full disk takes no transaction, and so no deletion either. What other programs fill is not this program's to keep free, so
/// a floor for uploads alone does not do: the space has to be taken before. See the decision "A full disk".
public final class CatalogueReserve: Sendable {
    /// Less is of no use to a transaction.
    private static let least = 1 << 16

    private let path: String
    /// Bytes.
    let size: Int
    /// How many use the space at the moment.
    private let users = Mutex(0)

    /// - Parameters:
    ///   - path: The file, on the catalogue's file system; made where it is missing.
    ///   - size: Bytes that it holds.
    public init(path: String, size: Int) {
        self.path = path
        self.size = max(size, Self.least)
    }

    /// Lets go of the space until ``end()``. Blocks for a moment.
    func begin() {
        users.withLock { users in
            users += 1
            let descriptor = unsafe open(path, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { return }
            _ = ftruncate(descriptor, 0)
            close(descriptor)
        }
    }

    /// Ends one use, and after the last takes the space again. Blocks for a moment.
    func end() {
        users.withLock { $0 -= 1 }
        restore()
    }

    /// Takes as much of the space as there is again, unless it is being used. Blocks for a moment.
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
                // What was had of it before goes.
                _ = ftruncate(descriptor, off_t(held))
                wanted /= 2
            }
        }
    }
}
