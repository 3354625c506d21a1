internal import Audio
import FileSystem
internal import Locker
internal import NIOPosix
internal import Originals

extension Intake {
    /// Imports one local file, whatever earlier imports know of it. The source is never changed.
    ///
    /// The store gets a reflink if the file system can make one, else a copy.
    ///
    /// - Parameter link: Makes a hard link instead. It uses no space, but a later edit of the file in place damages the
    ///   Original.
    /// - Throws: ``IntakeError``, or `CancellationError`.
    public func importFile(_ path: String, account: Int64, link: Bool = false) async throws -> Admission {
        let file = try await translating {
            try await threadPool.runIfActive { FolderWalk().begin(path).first ?? ImportFile(Path(named: path)) }
        }
        return try await takeIn(file, account: account, link: link, former: nil)
    }

    /// - Parameter former: The Original that the same path held before.
    func takeIn(_ file: ImportFile, account: Int64, link: Bool, former: OriginalHash?) async throws -> Admission {
        try await translating {
            let (source, look) = try await threadPool.runIfActive {
                // The files beside it are looked at first, and the file itself once it is open, so that the next import sees
                // any later change.
                let beside = file.look()?.beside ?? ""
                let source = try SourceFile(rawPath: file.path.cString)
                return (source, ImportFile.Look(identity: try source.identity(), beside: beside))
            }
            do {
                let hash = try await source.digest(on: threadPool)
                var origin = Destination.Source(file: file, look: try await stable(look, source), former: former)
                var destination = Destination(account: account, name: source.file.path, origin: .file(origin))
                if let admission = try await admitStored(hash, to: destination) { return admission }

                let staged = try await stage(source, link: link)
                return try await discarding([staged]) {
                    // The source may change between the two readings, so the hash is of the bytes that were stored.
                    let hash = link ? hash : try await copy(source, to: staged)
                    origin.look = try await stable(look, source)
                    destination.origin = .file(origin)
                    return try await admit(staged, hash: hash, to: destination)
                }
            } catch let refusal as Refusal {
                let record = file.record(look, .refused(reason: refusal.reason), version: ingestVersion)
                try await catalogue.note(record, account: account)
                throw refusal
            }
        }
    }

    /// Returns `look`, or nil if the open file has changed since.
    private func stable(_ look: ImportFile.Look, _ source: SourceFile) async throws -> ImportFile.Look? {
        try await threadPool.runIfActive { try source.identity() == look.identity ? look : nil }
    }

    private func stage(_ source: SourceFile, link: Bool) async throws -> StagedFile {
        guard link else { return try await stage(leaving: floor) }
        return try await threadPool.runIfActive { [incoming] in
            try source.file.sync()
            return try StagedFile(linking: source.file, in: incoming)
        }
    }

    private func copy(_ source: SourceFile, to staged: StagedFile) async throws -> OriginalHash {
        if try await threadPool.runIfActive({ staged.clone(source.file) }) {
            while try await threadPool.runIfActive({ try staged.hashNext(SourceFile.piece) }) {}
        } else {
            var isMore = true
            while isMore {
                isMore = try await threadPool.runIfActive {
                    let piece = try source.read(at: staged.bytes)
                    try staged.append(piece.span)
                    return !piece.isEmpty
                }
            }
        }
        return try await threadPool.runIfActive { try staged.seal() }
    }
}
