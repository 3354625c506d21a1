internal import CodecProcess
internal import NIOPosix

extension Intake {
    /// Imports files, and all audio files under folders, as many at once as there are cores. Then makes playlists of the M3U
    /// files. One bad file never stops the rest.
    ///
    /// In folders, a file is tried if its name or its first bytes are of sound; a file that a person named is always tried.
    /// An unchanged file is not read again if an earlier import took it, or if this version of ingest refused it.
    ///
    /// - Parameters:
    ///   - link: As in ``importFile(_:account:link:)``.
    ///   - newestFirst: Begin with the files that changed last, instead of in the order of paths.
    ///   - progress: Called for every file, one call at a time.
    /// - Returns: The outcome; if the task is cancelled, the outcome until then.
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

    /// Reads one folder at a time, so that a large tree does not keep a thread of the pool from other work.
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
