internal import Audio

/// The changes under a watched folder, gathered over a while.
public struct FolderChanges: Sendable {
    /// The most changes that are kept one by one; if there are more, the whole folder is scanned.
    private static let mostChanges = 10_000

    /// Files that may be songs, and were written or moved into the folder.
    private(set) var files: Set<Path> = []
    private(set) var playlists: Set<Path> = []
    /// New folders.
    private(set) var folders: Set<Path> = []
    /// Folders in which a cover or lyrics changed.
    private(set) var besideChanged: Set<Path> = []
    /// Files and folders that are gone.
    private(set) var gone: Set<Path> = []
    /// Whether the whole folder has to be scanned, because the changes are not known.
    private(set) var isWhole = false

    private var count: Int { files.count + playlists.count + folders.count + besideChanged.count + gone.count }

    var isEmpty: Bool { !isWhole && count == 0 }

    mutating func noteUnknown() {
        self = FolderChanges()
        isWhole = true
    }

    mutating func noteFolder(_ path: Path) { note { _ = $0.folders.insert(path) } }

    /// Notes that a file in `folder` was written or moved there.
    mutating func noteFile(_ path: Path, name: Path.Name, in folder: Path) {
        switch FileKind(name: name.text) {
        case .sound, .unknown: note { _ = $0.files.insert(path) }
        case .playlist: note { _ = $0.playlists.insert(path) }
        default: if FolderContents.isBeside(name) { note { _ = $0.besideChanged.insert(folder) } }
        }
    }

    mutating func noteGone(_ path: Path, name: Path.Name, in folder: Path) {
        note { _ = $0.gone.insert(path) }
        if FolderContents.isBeside(name) { note { _ = $0.besideChanged.insert(folder) } }
    }

    mutating func add(_ later: FolderChanges) {
        if isWhole || later.isWhole { return noteUnknown() }
        files.formUnion(later.files)
        playlists.formUnion(later.playlists)
        folders.formUnion(later.folders)
        besideChanged.formUnion(later.besideChanged)
        gone.formUnion(later.gone)
        bound()
    }

    private mutating func note(_ change: (inout Self) -> Void) {
        guard !isWhole else { return }
        change(&self)
        bound()
    }

    private mutating func bound() {
        if count > Self.mostChanges { noteUnknown() }
    }
}
