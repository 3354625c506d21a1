internal import Audio
internal import Locker
internal import Logging
internal import NIOPosix

extension Intake {
    /// Makes playlists of M3U files. An entry can only mean a track of the account: no file is read because a playlist names
    /// it.
    func importPlaylists(_ files: [Path], account: Int64, _ summary: inout ImportSummary) async {
        guard !files.isEmpty, !Task.isCancelled else { return }
        do {
            let imported = try await catalogue.importedTracks(account: account)
            var known = KnownPaths(imported.map(\.path))
            var seen: Set<[UInt8]> = []
            let once = files.filter { seen.insert($0.key).inserted }
            for file in once.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where !Task.isCancelled {
                do {
                    let bytes = try await threadPool.runIfActive { try Self.playlist(file) }
                    let playlist = M3U(bytes)
                    guard let (folder, fileName) = file.split else { continue }
                    var tracks: [String] = []
                    var missing = 0
                    for entry in playlist.entries {
                        if let place = known.place(of: entry, in: folder.key) {
                            tracks.append(imported[place].track)
                        } else {
                            missing += 1
                            summary.note(missing: .init(playlist: file.text, line: entry.line, entry: entry.text))
                        }
                    }
                    let isChanged = try await catalogue.setPlaylist(
                        ofFile: file.key, named: playlist.title(fileName: fileName.text), tracks: tracks, missing: missing,
                        account: account)
                    if isChanged { summary.playlists += 1 }
                } catch let error as IntakeError {
                    summary.refused.append(.init(path: file.text, reason: "\(error)"))
                }
            }
        } catch {
            logger.warning("playlists not imported", metadata: ["error": "\(error)"])
        }
    }

    /// The playlist files in a folder that had missing entries. Files that no longer exist are forgotten.
    func incompletePlaylists(in folder: String, account: Int64) async -> [Path] {
        do {
            let paths = try await catalogue.incompletePlaylistFiles(account: account)
            let (there, gone) = try await threadPool.runIfActive {
                let root = Path(named: folder).key + [UInt8(ascii: "/")]
                let inside = paths.filter { $0.starts(with: root) }.map(Path.init(absolute:))
                return (inside.filter { !$0.isGone }, inside.filter(\.isGone))
            }
            for path in gone { try await catalogue.forget(playlistFile: path.key, account: account) }
            return there
        } catch {
            logger.warning("playlists not looked at", metadata: ["error": "\(error)"])
            return []
        }
    }

    private static func playlist(_ path: Path) throws(IntakeError) -> [UInt8] {
        let file = try SourceFile(rawPath: path.cString)
        guard file.size <= M3U.mostBytes else { throw .tooLarge(limit: M3U.mostBytes) }
        return try file.read(at: 0, count: M3U.mostBytes)
    }
}
