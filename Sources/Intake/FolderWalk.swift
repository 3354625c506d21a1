internal import Glibc

/// Finds the files an import is asked for. All calls block.
enum FolderWalk {
    struct File: Sendable {
        /// The path's bytes, ended by a zero; file names need not be UTF-8.
        let rawPath: [CChar]
        /// When its content last changed, in seconds since 1970.
        let modified: Int

        var path: String { String(decoding: rawPath.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self) }
    }

    /// Extensions that make a file inside a folder worth a try; ingest decides by the content.
    private static let audioExtensions: Set<String> = [
        "aac", "aif", "aifc", "aiff", "alac", "ape", "caf", "dff", "dsf", "flac", "m4a", "m4b", "m4r", "mka", "mp1", "mp2", "mp3",
        "mp4", "mpc", "oga", "ogg", "opus", "shn", "spx", "tta", "wav", "wave", "wma", "wv"
    ]

    static func isAudio(name: some StringProtocol) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return audioExtensions.contains(name[name.index(after: dot)...].lowercased())
    }

    /// Every path as it is if it is no folder, and the audio files under it, sorted, if it is one.
    ///
    /// Symbolic links are followed; a folder is entered once however many lead to it. Hidden files and folders are passed over
    /// unless named.
    static func audioFiles(under paths: [String]) -> [File] {
        var visited: Set<Folder> = []
        return paths.flatMap { path in
            let root = Array(path.utf8CString)
            guard let status = status(of: root), status.st_mode & S_IFMT == S_IFDIR else {
                return [File(rawPath: root, modified: status(of: root)?.st_mtim.tv_sec ?? 0)]
            }
            return regularFiles(in: root, &visited).filter { isAudio(name: $0.path) }.sorted { $0.path < $1.path }
        }
    }

    /// The regular files in a folder and the folders below it.
    static func regularFiles(in folder: String) -> [File] {
        var visited: Set<Folder> = []
        return regularFiles(in: Array(folder.utf8CString), &visited)
    }

    /// What tells folders apart whatever their path.
    private struct Folder: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private static func regularFiles(in root: [CChar], _ visited: inout Set<Folder>) -> [File] {
        var files: [File] = []
        var pending = [root]
        while let path = pending.popLast() {
            guard let status = status(of: path) else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG:
                files.append(File(rawPath: path, modified: status.st_mtim.tv_sec))
            case S_IFDIR where visited.insert(Folder(device: status.st_dev, inode: status.st_ino)).inserted:
                for name in names(in: path) where name.first != CChar(bitPattern: UInt8(ascii: ".")) {
                    pending.append(path.dropLast() + [CChar(bitPattern: UInt8(ascii: "/"))] + name)
                }
            default:
                break
            }
        }
        return files
    }

    private static func status(of path: [CChar]) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// The names in a folder, each ended by a zero; none where it cannot be read.
    private static func names(in folder: [CChar]) -> [[CChar]] {
        guard let stream = unsafe opendir(folder) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [[CChar]] = []
        while let entry = unsafe readdir(stream) {
            names.append(
                unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in
                    unsafe name.prefix { $0 != 0 }.map(CChar.init(bitPattern:)) + [0]
                })
        }
        return names
    }
}
