public import Audio
internal import CodecProcess
import FileSystem
internal import Locker
internal import Logging
internal import NIOPosix
internal import Originals

extension Intake {
    /// Whether files are being taken in, or wait for that.
    public var isIngesting: Bool { slots.isBusy }

    /// Measures the stored Originals again whose measures are missing or of an older version, one after the other, in the
    /// order of their hashes. The rows alone say which are missing, so the next call continues where a crash or a stop ended
    /// this one.
    ///
    /// An Original that is damaged, or that ingest refuses, is skipped with one warning; the next call tries it again. No
    /// stream changes: a map stays as it is, unless it is itself unusable.
    ///
    /// - Parameters:
    ///   - whenQuiet: waited for before each Original.
    ///   - onProgress: how many Originals are left, and whether one was just measured.
    /// - Throws: ``IntakeError`` and the catalogue's errors, unless one Original is the cause; what `whenQuiet` throws;
    ///   `CancellationError`.
    public func remeasure(
        whenQuiet: () async throws -> Void, onProgress: (_ left: Int, _ isMeasured: Bool) -> Void
    ) async throws {
        if isReadOnly { return }
        var left = try await catalogue.unmeasuredCount(before: measuresVersion)
        onProgress(left, false)
        var last: OriginalHash?
        while true {
            let hashes = try await catalogue.unmeasured(before: measuresVersion, after: last)
            guard let end = hashes.last else { return }
            for hash in hashes {
                try await whenQuiet()
                guard try await isRemeasured(hash) else { continue }
                left = max(0, left - 1)
                onProgress(left, true)
            }
            last = end
        }
    }

    /// Notes that an Original has to be measured again if its stored measures are damaged or gone.
    public func checkMeasures(of hash: OriginalHash) async throws {
        guard !isReadOnly, await originals.measures(of: hash, version: measuresVersion) == nil else { return }
        try await catalogue.forgetMeasures(of: hash)
    }

    /// Returns false if the Original cannot be measured.
    private func isRemeasured(_ hash: OriginalHash) async throws -> Bool {
        do {
            try await translating { try await remeasure(hash) }
            return true
        } catch let error as IntakeError {
            switch error {
            case .refused, .unreadable: break
            default: throw error
            }
            logger.warning("original not measured", metadata: ["original": "\(hash)", "reason": "\(error)"])
            return false
        }
    }

    private func remeasure(_ hash: OriginalHash) async throws {
        var measures = await originals.measures(of: hash, version: measuresVersion)
        if measures == nil {
            let condition = try await condition(of: hash, bytesPerSecond: .max)
            guard condition == .sound else { throw IntakeError.unreadable("it is \(condition)") }
            guard (try? await originals.trackMap(of: hash)) != nil else {
                _ = try await remakeMap(hash)
                return
            }
            measures = try await measured(hash)
        }
        guard let measures else { return }
        // The file first: a row never names measures that are not stored.
        let staged = try await stage(leaving: floor)
        try await discarding([staged]) {
            try await threadPool.runIfActive {
                try staged.append(measures.encoded().span)
                _ = try staged.seal()
            }
            // If no row refers to the Original, the measures are removed with it.
            let files = ArrivingFiles(original: hash, parts: [.measures: staged.path])
            _ = try await place(files) { [catalogue, recordings] announcement in
                try await recordings.choosing(for: hash, measures, milliseconds: nil) { choice in
                    try await catalogue.setMeasures(measures, of: hash, recording: choice, announced: announcement)
                }
            }
        }
    }

    /// Runs ingest for its measures alone.
    private func measured(_ hash: OriginalHash) async throws -> SoundMeasures {
        var measures = try await withLocalFile(of: hash) { path in
            let source = try await threadPool.runIfActive { try SourceFile(path) }
            return try await slots.withSlot { try await ingest(source.file.descriptor, source.size) { _ in } }.measures
        }
        measures.version = measuresVersion
        return measures
    }
}
