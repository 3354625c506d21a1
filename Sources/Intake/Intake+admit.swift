internal import Audio
internal import CodecProcess
internal import Locker
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Originals

extension Intake {
    /// The Original went between being found and being referred to.
    private struct Vanished: Error {}

    /// Takes a sealed file in.
    ///
    /// An upload is looked at though another locker has it: that nobody can tell from the time the answer takes.
    ///
    /// - Parameter isCompact: whether a small rendition is stored instead, where that is smaller.
    func admit(
        _ staged: StagedFile, hash: OriginalHash, to destination: Destination, isCompact: Bool = false
    ) async throws -> Admission {
        var isKnown = destination.upload == nil
        if !isKnown { isKnown = try await catalogue.has(hash, account: destination.account) }
        if isKnown, let admission = try await admitStored(hash, to: destination) { return admission }
        let made = try await make(from: staged.path, leaving: floor, for: destination.account)
        return try await discarding(made.files) {
            if isCompact, let small = try await compacted(staged, made, as: hash, for: destination.account) {
                return try await discarding([small]) { try await admit(small, insteadOf: made, to: destination) }
            }
            var destination = destination
            destination.isCompact = isCompact && made.map.isCompact
            return try await publish(staged, made, as: hash, to: destination)
        }
    }

    /// The small rendition of a file; nil where none is made, or it is no smaller.
    private func compacted(
        _ staged: StagedFile, _ made: Made, as hash: OriginalHash, for account: Int64
    ) async throws -> StagedFile? {
        guard let compact, made.map.canBeCompact else { return nil }
        // Nothing else refers to it: it is removed with its last reference.
        let small = try await stage(leaving: floor)
        let original = LocalOriginal(made, path: staged.path, hash: hash, threadPool: threadPool)
        try await slots.withSlot(for: account) {
            try await compact(hash, original) { bytes in
                try await threadPool.runIfActive { try small.append(bytes.readableBytesUInt8Span) }
            }
        }
        return small.bytes < made.map.originalBytes ? small : nil
    }

    private func publish(
        _ staged: StagedFile, _ made: Made, as hash: OriginalHash, to destination: Destination
    ) async throws -> Admission {
        try await commit(hash, made.map, made.measures, art: made.art, to: destination) { [originals] in
            try originals.publish(
                original: staged.path, packets: made.packets?.path, measures: made.storedMeasures.path, map: made.stored.path,
                as: hash)
        }
    }

    /// Takes in a small rendition of a file, with the file's tags, cover and lyrics.
    private func admit(_ small: StagedFile, insteadOf large: Made, to destination: Destination) async throws -> Admission {
        let hash = try await threadPool.runIfActive { try small.seal() }
        let made = try await make(from: small.path, leaving: floor, for: destination.account)
        return try await discarding(made.files) {
            var destination = destination
            (destination.large, destination.isCompact) = (large, true)
            return try await publish(small, made, as: hash, to: destination)
        }
    }

    /// Takes in an Original the store has already, with a usable map and measures; nil where it has not.
    func admitStored(_ hash: OriginalHash, to destination: Destination) async throws -> Admission? {
        guard let map = try? await originals.trackMap(of: hash),
            let measures = await originals.measures(of: hash, version: measuresVersion)
        else { return nil }
        return try await refer(to: hash, map, measures, from: destination)
    }

    /// Writes the row of an Original that was in the store a moment ago; nil where it is not any more, and where nobody knows
    /// which of the stored pictures its cover is.
    func refer(
        to hash: OriginalHash, _ map: TrackMap, _ measures: SoundMeasures, from destination: Destination
    ) async throws -> Admission? {
        do {
            return try await commit(hash, map, measures, art: nil, to: destination) { [originals] in
                guard originals.contains(hash) else { throw Vanished() }
            }
        } catch is Vanished {
            return nil
        } catch CatalogueError.unknownArt {
            return nil
        }
    }

    /// Puts files in place and writes the row, or leaves neither.
    private func commit(
        _ hash: OriginalHash, _ map: TrackMap, _ measures: SoundMeasures, art: PictureBytes?, to destination: Destination,
        placing: @escaping @Sendable () throws -> Void
    ) async throws -> Admission {
        let source = destination.source
        let files = try await threadPool.runIfActive {
            if let large = destination.large { return BesideFiles(inside: large) }
            return source.map { BesideFiles(of: $0.file, withArt: map.art == nil) } ?? BesideFiles()
        }
        let record = source.flatMap { source in
            source.look.map { source.file.record($0, .taken(hash), version: ingestVersion) }
        }
        let arrival = Arrival(
            hash: hash, map: map, measures: measures, title: Self.title(from: destination.name), art: art?.hash,
            beside: files.beside, record: record, isCompact: destination.isCompact, tags: destination.large?.map.tags,
            path: source.map { String(decoding: $0.file.path.key, as: UTF8.self) } ?? destination.name)
        let pictures = [art, files.picture].compactMap(\.self)
        let place: @Sendable () throws -> Void = {
            try placing()
            for picture in pictures { try keep(picture) }
        }
        let account = destination.account
        try Task.checkCancellation()
        // A task of its own: the caller's cancellation must not come between the files and the row.
        return try await Task {
            do {
                if let former = source?.former, former != hash,
                    let change = try await catalogue.replace(former, by: arrival, account: account, placing: place)
                {
                    await release(change.released)
                    return Admission(track: change.track, isNew: false, isUpdated: true, map: map)
                }
                let addition = try await catalogue.add(
                    arrival, account: account, settling: destination.upload, placing: place)
                await release(addition.released)
                return Admission(track: addition.track, isNew: addition.isNew, map: map)
            } catch {
                for hash in [hash] + pictures.map(\.hash) { _ = try? await reclaim(hash) }
                throw error
            }
        }.value
    }

    /// Puts a picture into the store unless it is there. Blocks, within the transaction that writes the row.
    func keep(_ picture: PictureBytes) throws {
        if originals.contains(picture.hash) { return }
        let staged = try StagedFile(in: incoming)
        try staged.append(picture.bytes.span)
        _ = try staged.seal()
        try originals.publish(picture: staged.path, as: picture.hash)
    }

    /// Removes the files of an Original or a picture unless a track refers to them.
    ///
    /// - Parameter forget: told of it before.
    @discardableResult
    func reclaim(_ hash: OriginalHash, forget: (@Sendable (OriginalHash) async -> Void)? = nil) async throws -> Bool {
        if let forget, try await !catalogue.isReferenced(hash) { await forget(hash) }
        return try await catalogue.whileUnreferenced(hash) { [originals] in try originals.remove(hash) }
    }

    /// Reclaims what rows do not refer to any more. What cannot be removed stays, and costs space alone.
    func release(_ hashes: [OriginalHash], forget: (@Sendable (OriginalHash) async -> Void)? = nil) async {
        for hash in Set(hashes) {
            do {
                try await reclaim(hash, forget: forget)
            } catch {
                logger.warning("Original not removed", metadata: ["original": "\(hash)", "error": "\(error)"])
            }
        }
    }

    /// The file's name without folders and without the extension of a file that may hold sound.
    static func title(from name: String) -> String {
        String(FileKind.stem(name.pieces(at: "/").last ?? ""))
    }
}
