public import Audio
internal import CodecProcess
import FileSystem
internal import Locker
internal import NIOPosix
internal import Originals

extension Intake {
    /// Makes the stored map and measures of an Original again, and writes their values to the Original's rows. For a map
    /// that is missing, damaged, of another version or made with other libraries.
    public func remakeMap(_ hash: OriginalHash) async throws -> TrackMap {
        try await translating {
            if originals.isReadOnly { throw IntakeError.readOnly }
            // No floor: stored Originals must stay playable, however full the disk is.
            let made = try await withLocalFile(of: hash) { try await make(from: $0, leaving: nil, for: nil) }
            return try await discarding(made.files) {
                // If no row refers to the Original, the map is not kept.
                guard try await catalogue.isReferenced(hash) else { return made.map }
                let files = ArrivingFiles(original: hash, parts: made.parts, pictures: [made.art].compactMap(\.self))
                let milliseconds = Int(made.map.duration * 1000)
                let released = try await place(files) { [catalogue, recordings] announcement in
                    try await recordings.choosing(for: hash, made.measures, milliseconds: milliseconds) { choice in
                        try await catalogue.remeasure(
                            hash, map: made.map, measures: made.measures, art: made.art?.hash, recording: choice,
                            announced: announcement)
                    }
                }
                await release(released ?? [])
                return made.map
            }
        }
    }

    /// Runs `body` with the path of a stored Original's bytes, which are fetched first if the store keeps no local file.
    ///
    /// - Throws: `OriginalError.damaged` if they do not have the hash: a map of them would be of another song.
    func withLocalFile<Result>(
        of hash: OriginalHash, _ body: (String) async throws -> Result
    ) async throws -> Result {
        let damaged = OriginalError.damaged("its bytes are not the ones it is named after")
        if let path = originals.localFile(of: hash) {
            guard try await digest(of: hash) == hash else { throw damaged }
            return try await body(path)
        }
        guard let size = try await originals.size(of: hash) else { throw OriginalError.missing }
        let staged = try await stage(leaving: nil)
        return try await discarding([staged]) {
            while staged.bytes < size {
                let range = staged.bytes..<min(staged.bytes + SourceFile.piece, size)
                let piece = try await originals.read(range, of: .original, original: hash)
                try await threadPool.runIfActive { try staged.append(piece.span) }
            }
            guard try await threadPool.runIfActive({ try staged.seal() }) == hash else { throw damaged }
            return try await body(staged.path)
        }
    }

    /// Runs ingest and stages its results. Nothing that the ingest process says is believed before it is checked against the
    /// file.
    ///
    /// - Parameters:
    ///   - floor: the space to leave on the disk; nil for none.
    ///   - account: the account whose share of the processor ingest takes; nil for the server's own.
    func make(from path: String, leaving floor: DiskFloor?, for account: Int64?) async throws -> Made {
        var files: [StagedFile] = []
        do {
            return try await slots.withSlot(for: account) { try await make(from: path, leaving: floor, staging: &files) }
        } catch {
            await discard(files)
            throw error
        }
    }

    private func make(from path: String, leaving floor: DiskFloor?, staging files: inout [StagedFile]) async throws -> Made {
        let source = try await threadPool.runIfActive { try SourceFile(path) }
        let bytes = source.size
        let stored = try await stage(leaving: floor)
        files.append(stored)
        let storedMeasures = try await stage(leaving: floor)
        files.append(storedMeasures)
        var packets: StagedFile?
        var art: [UInt8] = []
        let found = try await ingest(source.file.descriptor, bytes) { event in
            switch event {
            case .packetBytes(let part):
                let target = if let packets { packets } else { try await stage(leaving: floor) }
                if packets == nil { files.append(target) }
                packets = target
                guard target.bytes + part.count <= TrackMap.packetFileLimit(originalBytes: bytes) else {
                    throw IntakeError.ingestFailed("more packet bytes than the file has")
                }
                try await threadPool.runIfActive { try target.append(part.span) }
            case .artBytes(let part):
                guard art.count + part.count <= Picture.Limit.bytes else {
                    throw IntakeError.ingestFailed("more art bytes than a cover may have")
                }
                art += part
            case .ready, .progress, .measured, .accepted, .refused: break
            }
        }
        let map = found.map
        var measures = found.measures
        measures.version = measuresVersion
        if !map.usesPacketFile { packets = nil }
        let available = map.usesPacketFile ? packets?.bytes ?? 0 : bytes
        guard map.originalBytes == bytes, map.packets.endOffset <= available, map.art.map({ $0.bytes == art.count }) ?? true
        else {
            throw IntakeError.ingestFailed("the TrackMap does not fit the file")
        }
        let picture = try await threadPool.runIfActive { [packets, art, measures] in
            _ = try packets?.seal()
            try storedMeasures.append(measures.encoded().span)
            _ = try storedMeasures.seal()
            try stored.append(map.encoded().span)
            _ = try stored.seal()
            return map.art == nil ? nil : try PictureBytes(art)
        }
        return Made(
            map: map, measures: measures, stored: stored, storedMeasures: storedMeasures, packets: packets, art: picture)
    }
}
