internal import FoundationEssentials
internal import Glibc
internal import Synchronization

/// The results of earlier runs for each file, in one state file for each server and key, so that an unchanged folder is not
/// read again.
final class PushState: Sendable {
    struct Entry: Codable, Sendable, Hashable {
        var identity: LocalFile.Identity
        var isCompact: Bool
        /// SHA-256 of the bytes sent for it; nil if it was refused.
        var sent: String?
        /// Why it was refused.
        var refusal: String?
    }

    private struct Content: Codable {
        var files: [String: Entry] = [:]
        /// Upload addresses of unfinished files, by SHA-256.
        var places: [String: String] = [:]
        /// The playlists made, by the path of the local one.
        var playlists: [String: String] = [:]
    }

    private struct Store {
        var content: Content
        var isChanged = false
        var saved = ContinuousClock.now
    }

    private static let interval = Duration.seconds(2)
    private let path: String
    private let store: Mutex<Store>

    /// Blocks. An unreadable state file counts as missing: all files are looked at again.
    init(path: String) {
        self.path = path
        let content = FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Content.self, from: $0) }
        store = Mutex(Store(content: content ?? Content()))
    }

    subscript(file: LocalFile) -> Entry? {
        get { store.withLock { $0.content.files[file.text] } }
        set { change { $0.files[file.text] = newValue } }
    }

    func place(of hash: String) -> String? { store.withLock { $0.content.places[hash] } }
    func setPlace(_ place: String?, of hash: String) { change { $0.places[hash] = place } }
    func playlist(_ path: String) -> String? { store.withLock { $0.content.playlists[path] } }
    func setPlaylist(_ path: String, _ text: String) { change { $0.playlists[path] = text } }

    private func change(_ body: (inout Content) -> Void) {
        let isDue = store.withLock { store in
            body(&store.content)
            store.isChanged = true
            return ContinuousClock.now - store.saved >= Self.interval
        }
        if isDue { try? save() }
    }

    /// Writes the state to its file. Blocks for a moment.
    func save() throws(PushError) {
        do {
            try store.withLock { store in
                guard store.isChanged else { return }
                try FileManager.default.createDirectory(
                    atPath: String(path[..<(path.utf8.lastIndex(of: UInt8(ascii: "/")) ?? path.startIndex)]),
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700])
                try JSONEncoder().encode(store.content).write(to: URL(filePath: path), options: .atomic)
                (store.isChanged, store.saved) = (false, .now)
            }
        } catch {
            throw .state("\(path) cannot be written: \(error)")
        }
    }
}
