internal import Audio
internal import Glibc
internal import Synchronization

/// Finds the files that an import is asked for, one folder at a time. All calls block.
///
/// Symbolic links are followed; a folder is entered once, however many links lead to it. Hidden files and folders are
/// skipped unless a person named them, and so are files whose names say that they are not sound. All other files are
/// candidates.
final class FolderWalk: Sendable {
    /// The identity of a folder, whatever its path.
    private struct Folder: Hashable {
        let device: dev_t
        let inode: ino_t
    }

    private struct State {
        var visited: Set<Folder> = []
        var pending: [Path] = []
        /// The contents of the folder of the file named last: the next file is likely to be in it too.
        var lastNamed: FolderContents?
        var playlists: [Path] = []
        var passedOver = PassedOver()
    }

    private let state = Mutex(State())

    /// M3U and M3U8 files that were found or named.
    var playlists: [Path] { state.withLock { $0.playlists } }
    /// The files that were found and skipped.
    var passedOver: PassedOver { state.withLock { $0.passedOver } }

    /// Begins with a path. Returns the file that the path names, of whatever kind. Returns no file for a folder, which
    /// ``next()`` enters, and for a playlist, which ``playlists`` then has.
    func begin(_ path: String) -> [ImportFile] { begin(Path(named: path), isNamed: true) }

    /// - Parameter isNamed: Whether a person named the file, so that it is tried whatever its name.
    func begin(_ path: Path, isNamed: Bool) -> [ImportFile] {
        if let status = path.status, status.st_mode & S_IFMT == S_IFDIR {
            state.withLock { $0.pending = [path] }
            return []
        }
        return state.withLock { state in
            guard let (folder, name) = path.split else { return [ImportFile(path)] }
            if M3U.isNamed(name.text) || RulesFile.isNamed(name.text) {
                state.playlists.append(path)
                return []
            }
            if state.lastNamed?.folder != folder { state.lastNamed = FolderContents(of: folder) }
            let isDoubtful = !isNamed && FileKind(name: name.text) != .sound
            return [ImportFile(path, name: name, in: state.lastNamed, isDoubtful: isDoubtful)]
        }
    }

    /// The files of the next folder that may be songs; nil if no folder is left.
    func next() -> [ImportFile]? {
        state.withLock { state in
            guard let path = state.pending.popLast() else { return nil }
            guard let status = path.status,
                state.visited.insert(Folder(device: status.st_dev, inode: status.st_ino)).inserted
            else { return [] }
            return Self.look(in: path, &state)
        }
    }

    /// The files in a folder that may be songs. Folders in it are not entered.
    static func songs(in folder: Path) -> [ImportFile] {
        var state = State()
        return look(in: folder, &state)
    }

    private static func look(in path: Path, _ state: inout State) -> [ImportFile] {
        var files: [ImportFile] = []
        let contents = FolderContents(of: path)
        for name in contents.names where !name.isHidden {
            let path = path.appending(name)
            guard let status = path.status else { continue }
            if status.st_mode & S_IFMT == S_IFDIR { state.pending.append(path) }
            guard status.st_mode & S_IFMT == S_IFREG else { continue }
            let kind = FileKind(name: name.text)
            switch kind {
            case .sound, .unknown:
                files.append(
                    ImportFile(path, name: name, in: contents, modified: status.modified, isDoubtful: kind == .unknown))
            case .playlist: state.playlists.append(path)
            default: if !contents.isUsed(name, path) { state.passedOver.note(kind) }
            }
        }
        return files
    }

    /// The audio files under some paths: path after path, the files of each path sorted. A file whose name does not tell its
    /// kind is judged by its first bytes.
    func audioFiles(under paths: [String]) -> [ImportFile] {
        paths.flatMap { path in
            var files = begin(path)
            while let more = next() { files += more }
            return files.filter(isSound).sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        }
    }

    private func isSound(_ file: ImportFile) -> Bool {
        if !file.isDoubtful || (try? file.isPlausible()) != false { return true }
        state.withLock { $0.passedOver.note(.unknown) }
        return false
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
