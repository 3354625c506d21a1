internal import FileSystem
internal import Glibc

/// The files of a disk tier: `ab/<30 digits>` under one directory, and the file that is being written. Every call blocks.
struct ChunkFolder: Sendable {
    /// A file as a scan finds it.
    struct File: Sendable {
        var name: ChunkName
        /// Bytes it takes on disk.
        var bytes: Int
        /// When it was written or last read: nanoseconds since 1970.
        var used: Int
    }

    /// Bytes of a block of the file system; a file takes whole blocks.
    static let block = 4096
    /// No chunk is longer than this, in bytes; a longer file is not read.
    private static let longestFile = 64 << 20

    let path: String

    /// Bytes a file of `count` bytes takes on disk.
    static func diskBytes(_ count: Int) -> Int { (count + block - 1) / block * block }

    /// Makes the directory if it is missing, and claims it until ``unclaim(_:)`` or the end of this process.
    ///
    /// - Throws: if another process has claimed the directory, or it cannot be made.
    func claim() throws(SystemError) -> OpenFile {
        try Directory.make(path)
        let file = try OpenFile(path + "/lock", O_RDONLY | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("lock \(path), which another server uses") }
        return file
    }

    /// Ends a claim. Closing the file would not always do so: a child that is being started has a copy of the descriptor for
    /// a moment.
    static func unclaim(_ file: borrowing OpenFile) { flock(file.descriptor, LOCK_UN) }

    /// Removes the file that was being written when an earlier process ended, and lists the others, least recently used
    /// first.
    func scan() -> [File] {
        try? Directory.remove(incoming)
        var files: [File] = []
        for folder in entries(of: path) where folder.utf8.count == 2 {
            for file in entries(of: "\(path)/\(folder)") {
                guard let name = ChunkName(folder: folder, file: file) else { continue }
                var status = stat()
                guard unsafe lstat("\(path)/\(folder)/\(file)", &status) == 0 else { continue }
                let used = Int(status.st_mtim.tv_sec) * 1_000_000_000 + Int(status.st_mtim.tv_nsec)
                files.append(File(name: name, bytes: Self.diskBytes(Int(status.st_size)), used: used))
            }
        }
        return files.sorted { $0.used < $1.used }
    }

    /// The frames in the file of this name, which counts as used now. Returns nil if the file is missing or damaged.
    func frames(of name: ChunkName) -> [UInt8]? {
        do throws(SystemError) {
            let file = try OpenFile("\(path)/\(name.path)")
            let size = Int(try file.status().st_size)
            guard size <= Self.longestFile, let frames = ChunkFile.frames(in: try file.read(0..<size), of: name) else {
                return nil
            }
            Self.touch(file)
            return frames
        } catch {
            return nil
        }
    }

    /// Writes a file whole or not at all. It need not survive a power cut: a torn file is detected when it is read.
    func write(_ bytes: [UInt8], as name: ChunkName) throws(SystemError) {
        do throws(SystemError) {
            let file = try OpenFile(incoming, O_WRONLY | O_CREAT | O_TRUNC)
            try file.write(bytes.span)
            Self.touch(file)
            try Directory.move(incoming, to: "\(path)/\(name.path)")
        } catch {
            try? Directory.remove(incoming)
            throw error
        }
    }

    /// Makes the folder for a file of this name, and all folders above it: an operator may delete a cache at any time.
    func makeFolder(for name: ChunkName) throws(SystemError) {
        let folder = "\(path)/\(name.path.prefix(2))"
        if unsafe mkdir(folder, 0o700) == 0 || errno == EEXIST { return }
        try Directory.make(folder)
    }

    func remove(_ name: ChunkName) throws(SystemError) {
        try Directory.remove("\(path)/\(name.path)")
    }

    /// Bytes that may still be written to the directory's file system.
    static func freeBytes(_ path: String) throws(SystemError) -> Int {
        try Directory.space(of: path).free
    }

    private var incoming: String { path + "/incoming" }

    /// Sets the file's times to the nanosecond: the kernel's own stamps advance by some milliseconds at a time, which would
    /// lose the order of use.
    private static func touch(_ file: borrowing OpenFile) {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        _ = unsafe futimens(file.descriptor, [now, now])
    }

    private func entries(of directory: String) -> [String] {
        guard let stream = unsafe opendir(directory) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
