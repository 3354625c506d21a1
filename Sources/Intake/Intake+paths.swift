internal import NIOPosix

extension Intake {
    /// Takes in files and all audio files under folders, as many at once as there are cores. One bad file never stops the rest.
    ///
    /// Inside folders only files with an audio file's extension are tried; a file that is named is tried whatever its name.
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
        var files = (try? await threadPool.runIfActive { FolderWalk.audioFiles(under: paths) }) ?? []
        if newestFirst { files.sort { $0.modified > $1.modified } }
        var report = ImportProgress(done: 0, total: files.count, latest: nil)
        var summary = ImportSummary()
        progress(report)
        await withTaskGroup(of: ImportedFile?.self) { group in
            var rest = files[...]
            func startNext() {
                guard !Task.isCancelled, let file = rest.popFirst() else { return }
                group.addTask { await outcome(of: file, account: account, link: link) }
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

    /// Nil where the task was cancelled first.
    private func outcome(of file: FolderWalk.File, account: Int64, link: Bool) async -> ImportedFile? {
        do {
            let admission = try await importFile(rawPath: file.rawPath, account: account, link: link)
            return ImportedFile(
                path: file.path, outcome: admission.isNew ? .imported(admission.track) : .existing(admission.track))
        } catch is CancellationError {
            return nil
        } catch {
            return ImportedFile(path: file.path, outcome: .refused(reason: "\(error)"))
        }
    }
}
