internal import Audio
internal import FoundationEssentials
internal import Locker
internal import Logging
internal import NIOPosix

extension Intake {
    /// Makes playlists of M3U files, and smart ones of files of rules. An entry can only mean a track of the account: no file is read because a playlist names
    /// it.
    func importPlaylists(_ files: [Path], account: Int64, _ summary: inout ImportSummary) async {
        guard !files.isEmpty, !Task.isCancelled else { return }
        do {
            let imported = try await catalogue.importedTracks(account: account)
            var known = KnownPaths(imported.map(\.path))
            var seen: Set<[UInt8]> = []
            let once = files.filter { seen.insert($0.key).inserted }
            for file in once.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) where !Task.isCancelled {
                guard let (folder, fileName) = file.split else { continue }
                do {
                    let isChanged =
                        if RulesFile.isNamed(fileName.text) {
                            try await importRules(file, named: fileName.text, account: account)
                        } else {
                            try await importPlaylist(
                                file, in: folder, named: fileName.text, &known, imported.map(\.track), account: account, &summary)
                        }
                    if isChanged { summary.playlists += 1 }
                } catch let error as IntakeError {
                    summary.refused.append(.init(path: file.text, reason: "\(error)"))
                } catch let fault as SmartFault {
                    summary.refused.append(.init(path: file.text, reason: "\(fault)"))
                } catch CatalogueError.tooManyPlaylists {
                    let reason = "there are \(SmartRules.mostPlaylists) smart playlists already"
                    summary.refused.append(.init(path: file.text, reason: reason))
                } catch CatalogueError.tookTooLong {
                    summary.refused.append(.init(path: file.text, reason: "the rules take too long: use fewer conditions"))
                }
            }
        } catch {
            logger.warning("playlists not imported", metadata: ["error": "\(error)"])
        }
    }

    /// - Returns: Whether a playlist was made or changed.
    private func importPlaylist(
        _ file: Path, in folder: Path, named fileName: String, _ known: inout KnownPaths, _ imported: [String], account: Int64,
        _ summary: inout ImportSummary
    ) async throws -> Bool {
        let playlist = M3U(try await threadPool.runIfActive { try Self.playlist(file, upTo: M3U.mostBytes) })
        var tracks: [String] = []
        var missing = 0
        for entry in playlist.entries {
            if let place = known.place(of: entry, in: folder.key) {
                tracks.append(imported[place])
            } else {
                missing += 1
                summary.note(missing: .init(playlist: file.text, line: entry.line, entry: entry.text))
            }
        }
        return try await catalogue.setPlaylist(
            ofFile: file.key, named: playlist.title(fileName: fileName), tracks: tracks, missing: missing, account: account)
    }

    /// The same for the file of a smart playlist.
    private func importRules(_ file: Path, named fileName: String, account: Int64) async throws -> Bool {
        let bytes = try await threadPool.runIfActive { try Self.playlist(file, upTo: RulesFile.mostBytes) }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
        let decoder = JSONDecoder()
        decoder.allowsJSON5 = true
        guard let json = try? decoder.decode(SmartJSON.self, from: Data(text)), let content = RulesFile(json) else {
            throw SmartFault(place: "rules", reason: "the file must be a JSON object")
        }
        return try await catalogue.setPlaylist(
            ofFile: file.key, named: content.title(fileName: fileName), comment: content.comment,
            rules: SmartRules(content.rules), account: account)
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

    private static func playlist(_ path: Path, upTo limit: Int) throws(IntakeError) -> [UInt8] {
        let file = try SourceFile(rawPath: path.cString)
        guard file.size <= limit else { throw .tooLarge(limit: limit) }
        return try file.read(at: 0, count: limit)
    }
}
