public import Audio
internal import FileSystem
internal import Glibc
internal import NIOPosix

extension DirectoryOriginals: OriginalVault {
    public var isReadOnly: Bool { false }

    public func localFile(of hash: OriginalHash) -> String? { path(of: hash) }

    public func size(of hash: OriginalHash) async throws(OriginalError) -> Int? {
        let path = path(of: hash)
        do throws(OriginalError) {
            return try await onThreadPool { Int(try OpenFile(path).status().st_size) }
        } catch .missing {
            return nil
        }
    }

    /// Links the files if the directory's file system has them, and copies them if not. The directory is synced after all of
    /// them; a map that reaches the disk alone is detected by ``trackMap(of:)``.
    public func put(_ parts: [StoredPart: String], of hash: OriginalHash) async throws(VaultError) {
        let path = path(of: hash)
        let directory = directory(of: hash)
        try await writing {
            try Directory.make(directory)
            try Self.removeUnfinished(of: hash, in: directory)
        }
        for part in StoredPart.allCases {
            guard let source = parts[part] else { continue }
            let target = path + part.suffix
            if part == .original, try await writing({ try Self.hasOriginal(source, at: target) }) { continue }
            try await replace(target, by: source)
        }
        try await writing { try Directory.sync(directory) }
    }

    public func remove(_ hash: OriginalHash) async throws(VaultError) {
        let directory = directory(of: hash)
        try await writing {
            let names = try Directory.names(in: directory).filter { $0.hasPrefix(hash.hex) }
            if names.isEmpty { return }
            // The map first, the Original last: files that an unfinished removal leaves are never served.
            let map = hash.hex + StoredPart.map.suffix
            for name in names.filter({ $0 == map }) + names.filter({ $0 != map }).sorted(by: >) {
                try Directory.remove("\(directory)/\(name)")
            }
            try Directory.sync(directory)
        }
    }

    private func directory(of hash: OriginalHash) -> String { String(path(of: hash).dropLast(hash.hex.utf8.count + 1)) }

    /// Whether `target` has as many bytes as `source`. If nothing is at `target`, tries to link it to `source` first.
    private static func hasOriginal(_ source: String, at target: String) throws(SystemError) -> Bool {
        if try Directory.link(source, to: target) == .made { return true }
        do throws(SystemError) {
            return try OpenFile(target).status().st_size == OpenFile(source).status().st_size
        } catch {
            if error.isMissing { return false }
            throw error
        }
    }

    /// Replaces `target` by the bytes of `source` in one step. If they have to be copied, that is done in pieces, so that
    /// listeners' reads come between.
    private func replace(_ target: String, by source: String) async throws(VaultError) {
        let file = try await writing { try ArrivingFile(source, beside: target) }
        do throws(VaultError) {
            if try await writing({ try !file.link() }) {
                while try await writing({ try file.copyNext() }) {}
            }
            try await writing { try file.move(to: target) }
        } catch {
            // In a separate task, because the pool takes no work from a cancelled one.
            await Task { [threadPool] in try? await threadPool.runIfActive { file.discard() } }.value
            throw error
        }
    }

    /// Removes the files that unfinished puts of this Original left. A put under way holds a lock on its file.
    private static func removeUnfinished(of hash: OriginalHash, in directory: String) throws(SystemError) {
        for name in try Directory.names(in: directory) where name.hasPrefix(hash.hex) && ArrivingFile.isNamed(name) {
            guard let file = try? OpenFile("\(directory)/\(name)"), flock(file.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                continue
            }
            try Directory.remove(file.path)
        }
    }

    /// Runs a change of the directory on the thread pool.
    private func writing<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws(VaultError) -> Result {
        do {
            return try await threadPool.runIfActive(body)
        } catch let error as SystemError {
            throw error.isFull ? .noRoom : .unreachable("\(error)")
        } catch {
            throw .unreachable("\(error)")
        }
    }
}
