internal import Audio
internal import CodecProcess
internal import Locker
internal import Logging
internal import NIOCore
internal import NIOPosix
internal import Originals

extension Intake {
    /// Takes a sealed file in.
    ///
    /// An upload is ingested even if another locker already has the file, so that the response time does not reveal that it
    /// exists.
    ///
    /// - Parameter isCompact: whether to store a small rendition instead, if it is smaller.
    func admit(
        _ staged: StagedFile, hash: OriginalHash, to destination: Destination, isCompact: Bool = false
    ) async throws -> Admission {
        var isKnown = destination.upload == nil
        if !isKnown { isKnown = try await catalogue.has(hash, account: destination.account) }
        if isKnown, let admission = try await admitStored(hash, to: destination) { return admission }
        let made = try await make(from: staged.path, leaving: floor, for: destination.account)
        return try await discarding(made.files) {
            if isCompact, case .upload(let id) = destination.origin,
                let small = try await compacted(staged, made, as: hash, for: destination.account)
            {
                return try await discarding([small]) { try await admit(small, insteadOf: made, from: id, to: destination) }
            }
            var destination = destination
            destination.isCompact = isCompact && made.map.isCompact
            return try await store(staged, made, as: hash, to: destination)
        }
    }

    /// Makes the small rendition of a file. Returns nil if none is made, or if it is not smaller than the file.
    private func compacted(
        _ staged: StagedFile, _ made: Made, as hash: OriginalHash, for account: Int64
    ) async throws -> StagedFile? {
        guard let compact, made.map.canBeCompact else { return nil }
        // If this throws or returns nil, the file is removed with its last reference.
        let small = try await stage(leaving: floor)
        let original = LocalOriginal(made, path: staged.path, hash: hash, threadPool: threadPool)
        try await slots.withSlot(for: account) {
            try await compact(hash, original) { bytes in
                try await threadPool.runIfActive { try small.append(bytes.readableBytesUInt8Span) }
            }
        }
        return small.bytes < made.map.originalBytes ? small : nil
    }

    private func store(
        _ staged: StagedFile, _ made: Made, as hash: OriginalHash, to destination: Destination
    ) async throws -> Admission {
        var parts = made.parts
        parts[.original] = staged.path
        return try await commit(hash, made.map, made.measures, parts, art: made.art, to: destination)
    }

    /// Takes in a small rendition of a file, with the file's tags, cover and lyrics.
    private func admit(
        _ small: StagedFile, insteadOf large: Made, from upload: String, to destination: Destination
    ) async throws -> Admission {
        let hash = try await threadPool.runIfActive { try small.seal() }
        let made = try await make(from: small.path, leaving: floor, for: destination.account)
        return try await discarding(made.files) {
            var destination = destination
            (destination.origin, destination.isCompact) = (.compact(of: large, upload: upload), true)
            return try await store(small, made, as: hash, to: destination)
        }
    }

    /// Takes in an Original that the store already has. Returns nil if the store lacks it, or has no usable map or measures
    /// of it.
    func admitStored(_ hash: OriginalHash, to destination: Destination) async throws -> Admission? {
        guard let map = try? await originals.trackMap(of: hash),
            let measures = await originals.measures(of: hash, version: measuresVersion)
        else { return nil }
        return try await refer(to: hash, map, measures, from: destination)
    }

    /// Writes the row of an Original that was in the store a moment ago. Returns nil if it no longer is, or if no row says
    /// which stored picture is its cover.
    func refer(
        to hash: OriginalHash, _ map: TrackMap, _ measures: SoundMeasures, from destination: Destination
    ) async throws -> Admission? {
        do {
            return try await commit(hash, map, measures, [:], art: nil, to: destination)
        } catch is Vanished {
            return nil
        } catch CatalogueError.unknownArt {
            return nil
        }
    }

    /// Puts files in place and writes the row, or leaves neither.
    ///
    /// - Parameter parts: The files to store of the Original; empty if the store must already have it.
    private func commit(
        _ hash: OriginalHash, _ map: TrackMap, _ measures: SoundMeasures, _ parts: [StoredPart: String], art: PictureBytes?,
        to destination: Destination
    ) async throws -> Admission {
        let source = destination.source
        let beside = try await threadPool.runIfActive {
            if let large = destination.large { return BesideFiles(inside: large) }
            return source.map { BesideFiles(of: $0.file, withArt: map.art == nil) } ?? BesideFiles()
        }
        let record = source.flatMap { source in
            source.look.map { source.file.record($0, .taken(hash), version: ingestVersion) }
        }
        let arrival = Arrival(
            hash: hash, map: map, measures: measures, title: Self.title(from: destination.name), art: art?.hash,
            beside: beside.beside, record: record, isCompact: destination.isCompact, tags: destination.large?.map.tags,
            path: source.map { String(decoding: $0.file.path.key, as: UTF8.self) } ?? destination.name)
        let pictures = [art, beside.picture].compactMap(\.self)
        let files = ArrivingFiles(original: hash, parts: parts, pictures: pictures)
        let (account, upload) = (destination.account, destination.upload)
        try Task.checkCancellation()
        let milliseconds = Int(map.duration * 1000)
        let written = try await place(files) { [catalogue, recordings] announcement in
            try await recordings.choosing(for: hash, measures, milliseconds: milliseconds) {
                choice -> (Addition, isUpdated: Bool)? in
                var arrival = arrival
                arrival.recording = choice
                if let former = source?.former, former != hash,
                    let change = try await catalogue.replace(former, by: arrival, account: account, announced: announcement)
                {
                    return (change, true)
                }
                return (try await catalogue.add(arrival, account: account, settling: upload, announced: announcement), false)
            }
        }
        guard let (addition, isUpdated) = written else { throw Vanished() }
        let unused = pictures.map(\.hash).filter { $0 != addition.track.art?.hash }
        // In its own task: the row is written, so this must follow even if the caller is cancelled.
        await Task { await release(addition.released + unused) }.value
        return Admission(track: addition.track, isNew: addition.isNew, isUpdated: isUpdated, map: map)
    }

    /// The file's name without its folders, and without its extension if files of that extension may hold sound.
    static func title(from name: String) -> String {
        String(FileKind.stem(name.pieces(at: "/").last ?? ""))
    }
}
