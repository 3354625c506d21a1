internal import Glibc

/// The kernel's watches on folders (inotify(7)), with the folders' paths.
final class Inotify {
    struct Event {
        var folder: Path
        /// Nil for an event of the folder itself.
        var name: Path.Name?
        var mask: UInt32

        func has(_ bits: CInt...) -> Bool { bits.contains { mask & UInt32($0) != 0 } }
        var isFolder: Bool { mask & UInt32(IN_ISDIR) != 0 }
    }

    enum Reading {
        case event(Event)
        /// The kernel dropped events.
        case overflow
    }

    private static let mask = UInt32(
        IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR
            | IN_EXCL_UNLINK)
    private static let headerBytes = 16

    let descriptor: CInt
    private let limit: Int
    private var folders: [CInt: Path] = [:]
    private var buffer = [UInt8](repeating: 0, count: 64 << 10)

    /// Returns nil if the system gives no more inotify instances.
    init?(limit: Int) {
        descriptor = inotify_init1(CInt(IN_NONBLOCK) | CInt(IN_CLOEXEC))
        self.limit = limit
        if descriptor < 0 { return nil }
    }

    deinit { close(descriptor) }

    var count: Int { folders.count }

    /// Watches a folder and those below it that are not hidden. Returns false if a limit left some unwatched.
    func watchTree(_ root: Path) -> Bool {
        var seen: Set<CInt> = []
        var pending = [root]
        while let path = pending.popLast() {
            guard folders.count < limit else { return false }
            let watch = unsafe inotify_add_watch(descriptor, path.cString, Self.mask)
            guard watch >= 0 else {
                if errno == ENOSPC || errno == ENOMEM { return false }
                continue
            }
            // A second path to the same folder gets the same watch.
            guard seen.insert(watch).inserted else { continue }
            folders[watch] = path
            for name in FolderContents(of: path).names where !name.isHidden {
                let path = path.appending(name)
                if let status = path.status, status.st_mode & S_IFMT == S_IFDIR { pending.append(path) }
            }
        }
        return true
    }

    /// Stops watching a folder that was moved or removed, and those below it.
    func forgetTree(_ root: Path) {
        let prefix = root.key + [UInt8(ascii: "/")]
        for (watch, path) in folders where path == root || path.key.starts(with: prefix) {
            inotify_rm_watch(descriptor, watch)
            folders[watch] = nil
        }
    }

    /// Reads the pending events; empty if there are none.
    func read() -> [Reading] {
        var readings: [Reading] = []
        while true {
            let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return readings }
            var place = 0
            while place + Self.headerBytes <= count {
                let watch = CInt(bitPattern: word(at: place))
                let (mask, length) = (word(at: place + 4), Int(word(at: place + 12)))
                let name = buffer[(place + Self.headerBytes)..<(place + Self.headerBytes + length)].prefix { $0 != 0 }
                place += Self.headerBytes + length
                if mask & UInt32(IN_Q_OVERFLOW) != 0 { readings.append(.overflow) }
                if let folder = folders[watch] {
                    let name = name.isEmpty ? nil : Path.Name(bytes: Array(name))
                    readings.append(.event(Event(folder: folder, name: name, mask: mask)))
                }
                if mask & UInt32(IN_IGNORED) != 0 { folders[watch] = nil }
            }
        }
    }

    private func word(at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(buffer[place + $1]) << UInt32($1 * 8) }
    }
}
