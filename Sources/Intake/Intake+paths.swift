internal import CodecProcess
internal import NIOPosix

extension Intake {
    /// Takes in files and all audio files under folders, as many at once as there are cores, and then makes playlists of the M3U
    /// files. One bad file never stops the rest.
    ///
    /// Inside folders files are tried whose name or first bytes are of sound; a file that is named is tried whatever its name. What
    /// an earlier import has dealt with is not read again: neither what was taken nor what this version of ingest refused.
    ///
    /// - Parameters:
    ///   - link: As in ``importFile(_:account:link:)``.
    ///   - newestFirst: Begin with what changed last instead of in the order of paths.
    ///   - progress: Called for every file, one call at a time.
    /// - Returns: What was done; after the task's cancellation, what was done until then.
    public func importPaths(
        _ paths: [String], account: Int64, link: Bool = false, newestFirst: Bool = false,
        progress: (ImportProgress) -> Void = { _ in }
    ) async -> ImportSummary {
        var files: [ImportFile] = []
        let walk = FolderWalk()
        for path in paths {
            files += await found { walk.begin(path) }
            files += await rest(of: walk).sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        }
        var passedOver = walk.passedOver
        files = await worthTrying(files, account: account, &passedOver)
        if newestFirst { files.sort { $0.modified > $1.modified } }
        var summary = await importFiles(files, account: account, link: link, progress: progress)
        summary.passedOver = passedOver
        await importPlaylists(walk.playlists, account: account, &summary)
        return summary
    }

    /// A folder at a time, so that a large tree does not keep a thread of the pool from everybody else.
    func rest(of walk: FolderWalk) async -> [ImportFile] {
        var files: [ImportFile] = []
        while let more = (try? await threadPool.runIfActive { walk.next() }) ?? nil { files += more }
        return files
    }

    func found(_ look: @escaping @Sendable () -> [ImportFile]) async -> [ImportFile] {
        (try? await threadPool.runIfActive(look)) ?? []
    }

    func importFiles(
        _ files: [ImportFile], account: Int64, link: Bool, progress: (ImportProgress) -> Void
    ) async -> ImportSummary {
        var report = ImportProgress(done: 0, total: files.count, latest: nil)
        var summary = ImportSummary()
        progress(report)
        await withTaskGroup(of: ImportedFile?.self) { group in
            var rest = files[...]
            func startNext() {
                guard !Task.isCancelled, let file = rest.popFirst() else { return }
                group.addTask {
                    guard let outcome = try? await deal(with: file, account: account, link: link) else { return nil }
                    return ImportedFile(path: file.path.text, outcome: outcome)
                }
            }
            for _ in 0..<slots.count { startNext() }
            while let file = await group.next() {
                startNext()
                guard let file else { continue }
                summary.count(file)
                report.done += 1
                report.latest = file
                progress(report)
            }
        }
        return summary
    }
}
