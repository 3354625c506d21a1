internal import CSandbox
internal import FileSystem
internal import Glibc

/// An open file descriptor with one owner, closed at the owner's end unless released. Children never inherit it.
struct Descriptor: ~Copyable {
    let number: Int32

    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    /// Hands the descriptor to the caller, who closes it.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// Opens the file again read-only, at position 0 and independent of `descriptor`'s position. The file is not looked up by
    /// name.
    static func readOnly(of descriptor: Int32) throws(SystemError) -> Descriptor {
        let number = unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError("open a file read-only") }
        return Descriptor(takingOwnershipOf: number)
    }

    /// Makes a file of these bytes that is in no directory.
    static func inMemory(_ bytes: [UInt8]) throws(SystemError) -> Descriptor {
        var number: Int32 = -1
        let error = unsafe child_memory_file(&number)
        guard error == 0 else { throw SystemError(code: error, "make a file in memory") }
        let file = Descriptor(takingOwnershipOf: number)
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes[written...].withUnsafeBytes { unsafe write(file.number, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw SystemError("write a file in memory") }
            written += count
        }
        return file
    }
}

/// Both ends of a pipe.
struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var (first, second): (Int32, Int32) = (-1, -1)
        let error = unsafe child_pipe(&first, &second)
        guard error == 0 else { throw SystemError(code: error, "make a pipe") }
        reading = Descriptor(takingOwnershipOf: first)
        writing = Descriptor(takingOwnershipOf: second)
    }
}
