import Glibc
import NIOCore

/// The target of a transcode: a file, or stdout.
struct OutputFile {
    private let descriptor: Int32
    private let isStandardOutput: Bool
    private let name: String

    /// - Parameter path: nil for stdout.
    init(path: String?) throws {
        name = path ?? "stdout"
        isStandardOutput = path == nil
        guard let path else {
            descriptor = STDOUT_FILENO
            return
        }
        descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw CommandFailure.usage("--output \(path): \(Self.lastError)") }
    }

    func write(_ bytes: ByteBuffer) throws {
        try unsafe bytes.withUnsafeReadableBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let written = unsafe Glibc.write(descriptor, bytes.baseAddress?.advanced(by: offset), bytes.count - offset)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw CommandFailure.internal("\(name): \(Self.lastError)") }
                offset += written
            }
        }
    }

    func close() throws {
        guard !isStandardOutput else { return }
        guard Glibc.close(descriptor) == 0 else { throw CommandFailure.internal("\(name): \(Self.lastError)") }
    }

    private static var lastError: String { unsafe String(cString: strerror(errno)) }
}
