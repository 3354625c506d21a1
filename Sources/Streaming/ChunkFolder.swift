internal import Glibc
import Originals

/// The files of a disk tier: `ab/<30 digits>` under one directory, and one that is being written. Every call blocks.
struct ChunkFolder: Sendable {
    /// A file as a scan finds it.
    struct File: Sendable {
        var name: ChunkName
        /// Bytes it takes on disk.
        var bytes: Int
        /// When it was written or last read: nanoseconds since 1970.
        var used: Int
    }

    /// What a file system gives out at a time; a file takes whole blocks.
    static let block = 4096
    /// No chunk is as long as this; a file that claims to be is none of ours.
    private static let longestFile = 64 << 20

    let path: String

    /// Bytes a file of `count` bytes takes on disk.
    static func diskBytes(_ count: Int) -> Int { (count + block - 1) / block * block }

    /// Makes the directory where it is missing, and claims it until ``unclaim(_:)``, or the end of this process.
    ///
    /// - Throws: where another process has claimed it.
    func claim() throws(SystemError) -> OpenFile {
        try Directory.make(path)
        let file = try OpenFile(path + "/lock", O_RDONLY | O_CREAT)
        guard flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else { throw SystemError("lock \(path), which another server uses") }
        return file
    }

    /// Not left to the file's end: a child that is being started has a copy of the descriptor for a moment.
    static func unclaim(_ file: borrowing OpenFile) { flock(file.descriptor, LOCK_UN) }

    /// Removes what was being written when a process ended, and lists the rest, least recently used first.
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

    /// The frames in the file of this name, which counts as used now; nil where there is none or where it is damaged.
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

    /// Writes a file whole or not at all. It need not survive a power cut: what is torn is found out when it is read.
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

    /// Makes the folder that a file of this name goes to, and all above it: people may delete a cache at any time.
    func makeFolder(for name: ChunkName) throws(SystemError) {
        let folder = "\(path)/\(name.path.prefix(2))"
        if unsafe mkdir(folder, 0o755) == 0 || errno == EEXIST { return }
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

    /// To the nanosecond: the kernel's own stamps are some milliseconds apart, and order is what they are for.
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
