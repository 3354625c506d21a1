internal import CSandbox
internal import Glibc

/// An open file descriptor with one owner: closed when the owner goes, unless ownership is released. Never inherited by a child.
struct Descriptor: ~Copyable {
    let number: Int32

    init(takingOwnershipOf number: Int32) {
        self.number = number
    }

    deinit { close(number) }

    /// Gives the descriptor away; the caller closes it from now on.
    consuming func release() -> Int32 {
        let number = number
        discard self
        return number
    }

    /// A read-only view of an open file with a position of its own, at the start. The file is not looked up by name.
    static func readOnly(of descriptor: Int32) throws(SystemError) -> Descriptor {
        let number = unsafe open("/proc/self/fd/\(descriptor)", O_RDONLY | O_CLOEXEC)
        guard number >= 0 else { throw SystemError(call: "open", code: errno) }
        return Descriptor(takingOwnershipOf: number)
    }
}

/// Both ends of a pipe.
struct Pipe: ~Copyable {
    let reading: Descriptor
    let writing: Descriptor

    init() throws(SystemError) {
        var (first, second): (Int32, Int32) = (-1, -1)
        let error = unsafe child_pipe(&first, &second)
        guard error == 0 else { throw SystemError(call: "pipe2", code: error) }
        reading = Descriptor(takingOwnershipOf: first)
        writing = Descriptor(takingOwnershipOf: second)
    }
}
