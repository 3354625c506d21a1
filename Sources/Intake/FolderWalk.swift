internal import Glibc
internal import Synchronization

/// Finds the files an import is asked for, a folder at a time. All calls block.
///
/// Symbolic links are followed; a folder is entered once however many lead to it. Hidden files and folders are passed over unless
/// named.
final class FolderWalk: Sendable {
    /// What tells folders apart whatever their path.
    private struct Folder: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private struct State {
        var visited: Set<Folder> = []
        var pending: [Path] = []
        /// The folder of the file named last: the next is likely to be in it too.
        var lastNamed: FolderContents?
    }

    private let state = Mutex(State())

    /// Extensions that make a file inside a folder worth a try; ingest decides by the content.
    private static let audioExtensions: Set<String> = [
        "aac", "aif", "aifc", "aiff", "alac", "ape", "caf", "dff", "dsf", "flac", "m4a", "m4b", "m4r", "mka", "mp1", "mp2", "mp3",
        "mp4", "mpc", "oga", "ogg", "opus", "shn", "spx", "tta", "wav", "wave", "wma", "wv"
    ]

    static func isAudio(name: some StringProtocol) -> Bool {
        guard let dot = name.lastIndex(of: ".") else { return false }
        return audioExtensions.contains(name[name.index(after: dot)...].lowercased())
    }

    /// Begins with a path: the file it names, whatever it is; the folders ``next()`` is to enter where it names one.
    func begin(_ path: String) -> [ImportFile] { begin(Path(named: path)) }

    func begin(_ path: Path) -> [ImportFile] {
        if let status = path.status, status.st_mode & S_IFMT == S_IFDIR {
            state.withLock { $0.pending = [path] }
            return []
        }
        return state.withLock { state in
            guard let (folder, name) = path.split else { return [ImportFile(path)] }
            if state.lastNamed?.folder != folder { state.lastNamed = FolderContents(of: folder) }
            return [ImportFile(path, name: name, in: state.lastNamed)]
        }
    }

    /// The audio files of the next folder; nil where none is left.
    func next() -> [ImportFile]? {
        state.withLock { state in
            guard let path = state.pending.popLast() else { return nil }
            guard let status = path.status,
                state.visited.insert(Folder(device: status.st_dev, inode: status.st_ino)).inserted
            else { return [] }
            var files: [ImportFile] = []
            Self.look(in: path, found: { files.append($0) }, folder: { state.pending.append($0) })
            return files
        }
    }

    /// The audio files in a folder, without those below it.
    static func songs(in folder: Path) -> [ImportFile] {
        var files: [ImportFile] = []
        look(in: folder, found: { files.append($0) }, folder: { _ in })
        return files
    }

    private static func look(in path: Path, found: (ImportFile) -> Void, folder: (Path) -> Void) {
        let contents = FolderContents(of: path)
        for name in contents.names where !name.isHidden {
            let path = path.appending(name)
            guard let status = path.status else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG where isAudio(name: name.text):
                found(ImportFile(path, name: name, in: contents, modified: status.modified))
            case S_IFDIR: folder(path)
            default: break
            }
        }
    }

    /// The files under some paths: those of each sorted, one path after another.
    static func audioFiles(under paths: [String]) -> [ImportFile] {
        let walk = FolderWalk()
        return paths.flatMap { path in
            var files = walk.begin(path)
            while let more = walk.next() { files += more }
            return files.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        }
    }

    /// The regular files in a folder and the folders below it, whatever they are called.
    static func regularFiles(in folder: String) -> [Path] {
        var files: [Path] = []
        var pending = [Path(named: folder)]
        while let path = pending.popLast() {
            for name in FolderContents(of: path).names {
                let path = path.appending(name)
                guard let status = path.linkStatus else { continue }
                switch status.st_mode & S_IFMT {
                case S_IFREG: files.append(path)
                case S_IFDIR: pending.append(path)
                default: break
                }
            }
        }
        return files
    }
}

extension stat {
    /// When the content last changed, in nanoseconds since 1970.
    var modified: Int {
        let (seconds, overflow) = st_mtim.tv_sec.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? st_mtim.tv_sec.signum() * Int.max : seconds &+ st_mtim.tv_nsec
    }
}
