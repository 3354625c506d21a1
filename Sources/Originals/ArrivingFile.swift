internal import Glibc
internal import Synchronization

/// A part on its way into a directory: it gets a name beside its place, by a link or a copy, and then moves there.
///
/// It holds a lock on what that name leads to, by which any process tells it from what a crash left. All calls block.
final class ArrivingFile: Sendable {
    /// Bytes copied at a time: no longer than a listener's read may wait for the thread.
    private static let piece = 1 << 20
    private static let suffix = ".new"

    private struct Copy: ~Copyable {
        var file: OpenFile
        var bytes = 0
    }

    private let source: OpenFile
    private let path: String
    private let copy = Mutex<Copy?>(nil)

    /// - Parameters:
    ///   - source: Path of a finished file.
    ///   - target: Where it is to be; neither looked at nor changed.
    init(_ source: String, beside target: String) throws(SystemError) {
        var generator = SystemRandomNumberGenerator()
        let source = try OpenFile(source)
        // Whoever else has a lock on it does as well.
        _ = flock(source.descriptor, LOCK_SH | LOCK_NB)
        self.source = source
        path = "\(target).\(String(generator.next(), radix: 36))\(Self.suffix)"
    }

    /// Whether a name in a directory is one of an arriving file.
    static func isNamed(_ name: String) -> Bool { name.hasSuffix(suffix) }

    /// False where the bytes have to be copied.
    func link() throws(SystemError) -> Bool { try Directory.link(source.path, to: path) == .made }

    /// Copies the next piece. False once all of it is copied and durable.
    func copyNext() throws(SystemError) -> Bool {
        try copy.withLock { copy throws(SystemError) in
            if copy == nil {
                let file = try OpenFile(path, O_WRONLY | O_CREAT | O_EXCL)
                guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("keep \(path)") }
                copy = Copy(file: file)
            }
            let offset = copy?.bytes ?? 0
            let bytes = try source.read(offset..<(offset + Self.piece))
            if bytes.isEmpty {
                try copy?.file.sync()
                return false
            }
            try copy?.file.write(bytes.span)
            copy?.bytes += bytes.count
            return true
        }
    }

    func move(to target: String) throws(SystemError) {
        try Directory.move(path, to: target)
        // Between two names of one file a move does nothing.
        discard()
    }

    /// Removes what has not moved.
    func discard() { try? Directory.remove(path) }
}
