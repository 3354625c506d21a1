internal import Audio
internal import Locker
internal import NIOPosix
internal import Originals

extension Intake {
    /// Imports a file, unless an earlier import has dealt with it and it is unchanged. Throws nothing but cancellation.
    func deal(with file: ImportFile, account: Int64, link: Bool) async throws(CancellationError) -> ImportedFile.Outcome {
        do {
            var former: OriginalHash?
            if let look = try await threadPool.runIfActive({ file.look() }) {
                let known = try await catalogue.imported(path: file.path.key, account: account)
                if case .taken(let hash) = known?.record.verdict { former = hash }
                if let known, known.record.identity == look.identity {
                    if let outcome = try await settle(file, look, known) { return outcome }
                } else if let outcome = try await settleMoved(file, look, account: account) {
                    return outcome
                }
            }
            let admission = try await takeIn(file, account: account, link: link, former: former)
            if admission.isUpdated { return .updated(admission.track) }
            return admission.isNew ? .imported(admission.track) : .existing(admission.track)
        } catch let error as CancellationError {
            throw error
        } catch {
            if Task.isCancelled { throw CancellationError() }
            return .refused(reason: "\(Self.meaning(of: error))")
        }
    }

    /// The outcome for an unchanged file; nil if it has to be read again anyway.
    private func settle(
        _ file: ImportFile, _ look: ImportFile.Look, _ known: Catalogue.Known
    ) async throws -> ImportedFile.Outcome? {
        switch known.record.verdict {
        case .refused(let reason):
            return known.record.version == ingestVersion ? .refused(reason: reason) : nil
        case .passedOver: return nil
        case .taken(let hash):
            guard let track = known.track else { return nil }
            if known.record.beside != look.beside {
                let record = file.record(look, .taken(hash), version: known.record.version)
                return try await setBeside(file, record, track)
            }
            return .existing(track)
        }
    }

    /// The outcome for a file that an import knows by another path: it was moved, or the path is a second name of the same
    /// file. Returns nil if no path is known, or if the file has to be read.
    private func settleMoved(
        _ file: ImportFile, _ look: ImportFile.Look, account: Int64
    ) async throws -> ImportedFile.Outcome? {
        for known in try await catalogue.imported(identity: look.identity, account: account) {
            let old = known.record.path
            guard old != file.path.key else { continue }
            var record = known.record
            record.path = file.path.key
            switch record.verdict {
            case .refused where record.version != ingestVersion: continue
            case .taken where known.track == nil: continue
            case .passedOver: continue
            default: break
            }
            let isGone = try await threadPool.runIfActive { Path(absolute: old).isGone }
            try await catalogue.note(record, movedFrom: isGone ? old : nil, account: account)
            switch record.verdict {
            case .refused(let reason): return .refused(reason: reason)
            case .passedOver: return nil
            case .taken(let hash):
                guard var track = known.track else { continue }
                if record.beside != look.beside, isGone {
                    let change = file.record(look, .taken(hash), version: record.version)
                    if case .existing(let changed)? = try await setBeside(file, change, track) { track = changed }
                }
                return isGone ? .moved(track) : .existing(track)
            }
        }
        return nil
    }

    /// Updates the track of an unchanged file if another cover or other lyrics lie beside it. Returns nil if the track is
    /// gone.
    private func setBeside(_ file: ImportFile, _ record: ImportRecord, _ track: Track) async throws -> ImportedFile.Outcome? {
        let isWanted = track.art?.isBeside ?? true
        let files = try await threadPool.runIfActive { BesideFiles(of: file, withArt: isWanted) }
        let unwanted = [files.picture?.hash].compactMap(\.self)
        do {
            let addition = try await place(ArrivingFiles(pictures: [files.picture].compactMap(\.self))) { [catalogue] in
                try await catalogue.setBeside(
                    files.beside, of: track.id, account: track.account, record: record, announced: $0)
            }
            await release((addition?.released ?? []) + unwanted)
            return addition.map { .existing($0.track) }
        } catch {
            await release(unwanted)
            throw error
        }
    }
}
