internal import FileSystem
internal import Glibc

/// Wakes a thread that waits in `poll`.
final class WakePipe: Sendable {
    /// Readable once ``signal()`` was called.
    let reading: CInt
    private let writing: CInt

    init() throws(SystemError) {
        var ends: [CInt] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw SystemError("make a pipe") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        (reading, writing) = (ends[0], ends[1])
    }

    deinit {
        close(reading)
        close(writing)
    }

    func signal() {
        _ = unsafe write(writing, [1 as UInt8], 1)
    }
}
