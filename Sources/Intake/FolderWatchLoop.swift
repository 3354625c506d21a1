internal import Glibc
internal import Logging
internal import Synchronization

/// The work of a ``FolderWatch``'s thread: it waits for events and gathers them. All calls block; one call at a time.
final class FolderWatchLoop: Sendable {
    private struct State {
        var inotify: Inotify?
        var root: Path
        /// Whether some folders are not watched.
        var isPartial = false
        var changes = FolderChanges()
        var first: ContinuousClock.Instant?
        var last: ContinuousClock.Instant?
        var lastWhole = ContinuousClock.now
    }

    private let folder: String
    private let pace: FolderWatch.Pace
    private let logger: Logger
    private let state: Mutex<State>

    init(folder: String, pace: FolderWatch.Pace, logger: Logger) {
        self.folder = folder
        self.pace = pace
        self.logger = logger
        state = Mutex(State(root: Path(named: folder)))
    }

    func setUp() {
        state.withLock { watchAll(&$0) }
    }

    /// Hands over one burst after another until `wake` is signalled.
    func run(until wake: WakePipe, deliver: (FolderChanges) -> Void) {
        while true {
            let (descriptor, timeout) = state.withLock { ($0.inotify?.descriptor ?? -1, self.timeout($0)) }
            var waiting = [
                pollfd(fd: wake.reading, events: Int16(POLLIN), revents: 0),
                pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            ]
            _ = unsafe poll(&waiting, 2, timeout)
            if waiting[0].revents != 0 { return }
            let due = state.withLock { state -> FolderChanges? in
                gather(&state)
                return takeDue(&state)
            }
            if let due { deliver(due) }
        }
    }

    /// Milliseconds until something is due; -1 for never.
    private func timeout(_ state: State) -> CInt {
        let now = ContinuousClock.now
        var waits: [Duration] = []
        if let first = state.first, let last = state.last {
            waits.append(min(last + pace.quiet, first + pace.longest) - now)
        }
        if state.isPartial { waits.append(state.lastWhole + pace.whole - now) }
        guard let wait = waits.min() else { return -1 }
        return CInt(clamping: Int(max(wait, .zero) / .milliseconds(1)) + 1)
    }

    private func takeDue(_ state: inout State) -> FolderChanges? {
        let now = ContinuousClock.now
        if state.isPartial, now >= state.lastWhole + pace.whole {
            watchAll(&state)
            state.changes.noteUnknown()
        } else {
            guard let first = state.first, let last = state.last, now >= min(last + pace.quiet, first + pace.longest) else {
                return nil
            }
        }
        if state.changes.isWhole { state.lastWhole = now }
        (state.first, state.last) = (nil, nil)
        defer { state.changes = FolderChanges() }
        return state.changes.isEmpty ? nil : state.changes
    }

    private func gather(_ state: inout State) {
        for reading in state.inotify?.read() ?? [] {
            switch reading {
            case .overflow:
                logger.notice("the music folder changes faster than it can be followed: all of it is looked at again")
                watchAll(&state)
                state.changes.noteUnknown()
            case .event(let event): note(event, &state)
            }
            let now = ContinuousClock.now
            if !state.changes.isEmpty { (state.first, state.last) = (state.first ?? now, now) }
        }
    }

    private func note(_ event: Inotify.Event, _ state: inout State) {
        guard let name = event.name else {
            if event.has(IN_DELETE_SELF, IN_MOVE_SELF), event.folder == state.root { loseRoot(&state) }
            return
        }
        guard !name.isHidden else { return }
        let path = event.folder.appending(name)
        if event.has(IN_DELETE, IN_MOVED_FROM) {
            if event.isFolder { state.inotify?.forgetTree(path) }
            state.changes.noteGone(path, name: name, in: event.folder)
        } else if event.isFolder || (event.has(IN_CREATE, IN_MOVED_TO) && path.isLinkToFolder) {
            watch(path, &state)
            state.changes.noteFolder(path)
        } else if event.has(IN_CLOSE_WRITE, IN_MOVED_TO) || path.isSecondName {
            // A new file that is still being written is noted when its writer closes it.
            state.changes.noteFile(path, name: name, in: event.folder)
        }
    }

    private func watchAll(_ state: inout State) {
        state.root = Path(named: folder)
        state.isPartial = false
        if state.inotify == nil { state.inotify = Inotify(limit: pace.mostWatches) }
        watch(state.root, &state)
        if state.inotify?.count ?? 0 == 0 { fallBack(&state, "it cannot be watched") }
    }

    private func watch(_ path: Path, _ state: inout State) {
        if let inotify = state.inotify, !inotify.watchTree(path) {
            fallBack(&state, "the system gives no more watches: raise fs.inotify.max_user_watches")
        }
    }

    private func loseRoot(_ state: inout State) {
        state.inotify?.forgetTree(state.root)
        fallBack(&state, "it is gone")
    }

    private func fallBack(_ state: inout State, _ reason: String) {
        guard !state.isPartial else { return }
        (state.isPartial, state.lastWhole) = (true, .now)
        logger.warning(
            "the music folder is looked at as a whole every \(pace.whole.components.seconds) s",
            metadata: ["folder": "\(folder)", "reason": "\(reason)", "watched": "\(state.inotify?.count ?? 0)"])
    }
}

extension Path {
    fileprivate var isLinkToFolder: Bool {
        guard let link = linkStatus, link.st_mode & S_IFMT == S_IFLNK, let target = status else { return false }
        return target.st_mode & S_IFMT == S_IFDIR
    }

    /// Whether the path is another name of a complete file: a symbolic link, or one of several hard links.
    fileprivate var isSecondName: Bool {
        guard let link = linkStatus else { return false }
        return link.st_mode & S_IFMT == S_IFLNK || link.st_mode & S_IFMT == S_IFREG && link.st_nlink > 1
    }
}
