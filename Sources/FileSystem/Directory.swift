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

    /// What became of an attempt to give a file a second name.
    package enum Linking: Sendable {
        case made
        /// Something has that name already; nothing was done.
        case exists
        /// The name lies on another file system, or its file system has no second names: the bytes have to be copied.
        case needsCopy
    }

    /// Gives a file a second name, unless something has that name already.
    package static func link(_ source: String, to target: String) throws(SystemError) -> Linking {
        if unsafe Glibc.link(source, target) == 0 { return .made }
        switch errno {
        case EEXIST: return .exists
        case EPERM, EOPNOTSUPP, EMLINK, EXDEV: return .needsCopy
        default: throw SystemError("link \(source) to \(target)")
        }
    }

    /// The names in a directory, in no order, without `.` and `..`; none if it is not there.
    package static func names(in path: String) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            let error = SystemError("list \(path)")
            if error.isMissing { return [] }
            throw error
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in unsafe Array(name.prefix { $0 != 0 }) }
            let name = String(decoding: bytes, as: UTF8.self)
            if name != ".", name != ".." { names.append(name) }
        }
        return names
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
