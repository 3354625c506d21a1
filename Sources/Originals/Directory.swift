internal import Glibc

/// The calls that change directories. All block.
package enum Directory {
    /// Makes `path` and every missing directory above it, accessible to their owner only. The parent of each new one is synced.
    package static func make(_ path: String) throws(SystemError) {
        if unsafe mkdir(path, 0o700) == 0 { return try sync(parent(of: path)) }
        switch errno {
        case EEXIST:
            return
        case ENOENT where parent(of: path) != path:
            try make(parent(of: path))
            guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw SystemError("make \(path)") }
            try sync(parent(of: path))
        default:
            throw SystemError("make \(path)")
        }
    }

    package static func move(_ source: String, to target: String) throws(SystemError) {
        guard unsafe rename(source, target) == 0 else { throw SystemError("rename \(source) to \(target)") }
    }

    /// Gives a file a second name, unless a file has that name already; then it does nothing.
    ///
    /// If the file system has no second names, the file is renamed instead.
    package static func link(_ source: String, to target: String) throws(SystemError) {
        if unsafe Glibc.link(source, target) == 0 || errno == EEXIST { return }
        guard [EPERM, EOPNOTSUPP, EMLINK, EXDEV].contains(errno) else { throw SystemError("link \(source) to \(target)") }
        guard unsafe access(target, F_OK) != 0 else { return }
        try move(source, to: target)
    }

    /// Removes a file. A missing file is no error.
    package static func remove(_ path: String) throws(SystemError) {
        guard unsafe unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR else { throw SystemError("remove \(path)") }
    }

    /// Bytes that may still be written to the file system of `path`, and its size.
    package static func space(of path: String) throws(SystemError) -> (free: Int, total: Int) {
        var status = statvfs()
        guard unsafe statvfs(path, &status) == 0 else { throw SystemError("ask for the free space of \(path)") }
        func bytes(_ blocks: some BinaryInteger) -> Int {
            let (bytes, overflow) = Int(clamping: blocks).multipliedReportingOverflow(by: Int(clamping: status.f_frsize))
            return overflow ? .max : bytes
        }
        return (bytes(status.f_bavail), bytes(status.f_blocks))
    }

    package static func sync(_ path: String) throws(SystemError) {
        try OpenFile(path, O_RDONLY | O_DIRECTORY).sync()
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
