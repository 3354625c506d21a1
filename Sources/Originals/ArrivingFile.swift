internal import FileSystem
internal import Glibc
internal import Synchronization

/// A part on its way into a directory: it gets a temporary name beside its place, by a link or a copy, and is then moved
/// there.
///
/// It holds a lock on the file of that name, by which any process tells the file from one that a crash left. All calls
/// block.
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
    ///   - source: path of a finished file.
    ///   - target: the path that the part is to get; here it is neither read nor changed.
    init(_ source: String, beside target: String) throws(SystemError) {
        var generator = SystemRandomNumberGenerator()
        let source = try OpenFile(source)
        // If another process holds a lock on the file, that one serves as well.
        _ = flock(source.descriptor, LOCK_SH | LOCK_NB)
        self.source = source
        path = "\(target).\(String(generator.next(), radix: 36))\(Self.suffix)"
    }

    /// Whether a name in a directory is the temporary name of an arriving file.
    static func isNamed(_ name: String) -> Bool { name.hasSuffix(suffix) }

    /// Makes the temporary name by a link. Returns false if the bytes have to be copied.
    func link() throws(SystemError) -> Bool { try Directory.link(source.path, to: path) == .made }

    /// Copies the next piece. Returns false once all bytes are copied and durable.
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
        // A move between two names of one file does nothing.
        discard()
    }

    /// Removes the temporary name if it is still there.
    func discard() { try? Directory.remove(path) }
}
