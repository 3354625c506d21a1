internal import Locker
internal import Logging
internal import NIOPosix

extension Intake {
    /// Imports the new files of a folder, newest first, and forgets the paths that no longer exist. Their tracks stay.
    public func importFolder(
        _ folder: String, account: Int64, progress: (ImportProgress) -> Void = { _ in }
    ) async -> ImportSummary {
        let summary = await importPaths([folder], account: account, newestFirst: true, progress: progress)
        if !Task.isCancelled { await forgetMissing(under: folder, account: account) }
        return summary
    }

    /// Imports the changes that a ``FolderWatch`` on `folder` has seen.
    public func importChanges(
        _ changes: FolderChanges, in folder: String, account: Int64, progress: (ImportProgress) -> Void = { _ in }
    ) async -> ImportSummary {
        if changes.isWhole { return await importFolder(folder, account: account, progress: progress) }
        let walk = FolderWalk()
        var files: [ImportFile] = []
        for path in changes.files { files += await found { walk.begin(path, isNamed: false) } }
        for path in changes.besideChanged { files += await found { FolderWalk.songs(in: path) } }
        for path in changes.folders {
            files += await found { walk.begin(path, isNamed: false) }
            files += await rest(of: walk)
        }
        var seen: Set<Path> = []
        files = files.filter { seen.insert($0.path).inserted }
        let there = (try? await threadPool.runIfActive { [files] in files.filter { !$0.path.isGone } }) ?? []
        var passedOver = walk.passedOver
        let worth = await worthTrying(there, account: account, &passedOver)
        var summary = await importFiles(worth, account: account, link: false, progress: progress)
        summary.passedOver = passedOver
        var playlists = changes.playlists.union(walk.playlists)
        if summary.imported + summary.moved > 0 { playlists.formUnion(await incompletePlaylists(in: folder, account: account)) }
        await importPlaylists(Array(playlists), account: account, &summary)
        // After the files, because a moved file is recognised by the record of its old path.
        for path in changes.gone where !Task.isCancelled { await forget(path, account: account) }
        return summary
    }

    private func forget(_ path: Path, account: Int64) async {
        let isGone = (try? await threadPool.runIfActive { path.isGone }) ?? false
        guard isGone else { return }
        await forgetMissing(paths: [path.key], account: account)
        await forgetMissing(underKey: path.key, account: account)
    }

    /// Forgets nothing if the folder is empty or does not exist: its disk may not be mounted.
    private func forgetMissing(under folder: String, account: Int64) async {
        let root = try? await threadPool.runIfActive {
            let path = Path(named: folder)
            return FolderContents(of: path).names.isEmpty ? nil : path
        }
        if let root = root ?? nil { await forgetMissing(underKey: root.key, account: account) }
    }

    private func forgetMissing(underKey folder: [UInt8], account: Int64) async {
        var last: [UInt8]?
        while !Task.isCancelled,
            let paths = try? await catalogue.importedPaths(under: folder, account: account, after: last), !paths.isEmpty
        {
            await forgetMissing(paths: paths, account: account)
            last = paths.last
        }
    }

    private func forgetMissing(paths: [[UInt8]], account: Int64) async {
        do {
            let missing = try await threadPool.runIfActive { paths.filter { Path(absolute: $0).isGone } }
            if !missing.isEmpty { try await catalogue.forget(paths: missing, account: account) }
        } catch {
            logger.warning("deleted files not forgotten", metadata: ["error": "\(error)"])
        }
    }
}
