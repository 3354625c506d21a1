internal import Audio
internal import Locker
internal import NIOPosix
internal import Originals

extension Intake {
    /// What ingest made from an Original, staged beside it.
    struct Made: Sendable {
        let map: TrackMap
        let stored: StagedFile
        let packets: StagedFile?

        var files: [StagedFile] { [stored, packets].compactMap(\.self) }
    }

    /// The Original went between being found and being referred to.
    private struct Vanished: Error {}

    /// Takes a sealed file in.
    func admit(_ staged: StagedFile, hash: OriginalHash, account: Int64, name: String) async throws -> Admission {
        if let admission = try await admitStored(hash, account: account, name: name) { return admission }
        let made = try await make(from: staged.path)
        return try await discarding(made.files) {
            try await commit(hash, made.map, account: account, name: name) { [originals] in
                try originals.publish(original: staged.path, packets: made.packets?.path, map: made.stored.path, as: hash)
            }
        }
    }

    /// Takes in an Original the store has already, with a usable map; nil where it has not.
    func admitStored(_ hash: OriginalHash, account: Int64, name: String) async throws -> Admission? {
        guard let map = try? await originals.trackMap(of: hash) else { return nil }
        return try await refer(to: hash, map, account: account, name: name)
    }

    /// Writes the row of an Original that was in the store a moment ago; nil where it is not any more.
    func refer(to hash: OriginalHash, _ map: TrackMap, account: Int64, name: String) async throws -> Admission? {
        do {
            return try await commit(hash, map, account: account, name: name) { [originals] in
                guard originals.contains(hash) else { throw Vanished() }
            }
        } catch is Vanished {
            return nil
        }
    }

    /// Puts files in place and writes the row, or leaves neither.
    private func commit(
        _ hash: OriginalHash, _ map: TrackMap, account: Int64, name: String, placing: @escaping @Sendable () throws -> Void
    ) async throws -> Admission {
        try Task.checkCancellation()
        // A task of its own: the caller's cancellation must not come between the files and the row.
        return try await Task {
            do {
                let (track, isNew) = try await catalogue.add(
                    account: account, hash: hash, map: map, title: Self.title(from: name), placing: placing)
                return Admission(track: track, isNew: isNew, map: map)
            } catch {
                try? await reclaim(hash)
                throw error
            }
        }.value
    }

    /// Removes an Original's files unless a track refers to them.
    func reclaim(_ hash: OriginalHash) async throws {
        _ = try await catalogue.whileUnreferenced(hash) { [originals] in try originals.remove(hash) }
    }

    /// Runs ingest and stages what it makes. Nothing it says is believed before it fits the file.
    func make(from path: String) async throws -> Made {
        var files: [StagedFile] = []
        do {
            return try await slots.withSlot { try await make(from: path, staging: &files) }
        } catch {
            await discard(files)
            throw error
        }
    }

    private func make(from path: String, staging files: inout [StagedFile]) async throws -> Made {
        let source = try await threadPool.runIfActive { try SourceFile(path) }
        let bytes = source.size
        let stored = try await stage()
        files.append(stored)
        var packets: StagedFile?
        let map = try await ingest(source.file.descriptor, bytes) { event in
            guard case .packetBytes(let part) = event else { return }
            let target = if let packets { packets } else { try await stage() }
            if packets == nil { files.append(target) }
            packets = target
            guard target.bytes + part.count <= TrackMap.packetFileLimit(originalBytes: bytes) else {
                throw IntakeError.ingestFailed("more packet bytes than the file has")
            }
            try await threadPool.runIfActive { try target.append(part.span) }
        }
        if !map.usesPacketFile { packets = nil }
        let available = map.usesPacketFile ? packets?.bytes ?? 0 : bytes
        guard map.originalBytes == bytes, map.packets.endOffset <= available else {
            throw IntakeError.ingestFailed("the TrackMap does not fit the file")
        }
        try await threadPool.runIfActive { [packets] in
            _ = try packets?.seal()
            try stored.append(map.encoded().span)
            _ = try stored.seal()
        }
        return Made(map: map, stored: stored, packets: packets)
    }

    /// The file's name without folders and without the extension of an audio file.
    static func title(from name: String) -> String {
        let file = name.split(separator: "/").last ?? ""
        guard let dot = file.lastIndex(of: "."), dot > file.startIndex, FolderWalk.isAudio(name: file) else {
            return String(file)
        }
        return String(file[..<dot])
    }
}
