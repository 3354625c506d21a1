internal import Audio
internal import NIOPosix
internal import Originals

extension Intake {
    /// Takes in one file of this machine. The source is never changed.
    ///
    /// The store gets a reflink where the file system can make one, else a copy.
    ///
    /// - Parameter link: Make it a hard link instead: it uses no space, and a later edit in place damages the Original.
    /// - Throws: ``IntakeError``, or `CancellationError`.
    public func importFile(_ path: String, account: Int64, link: Bool = false) async throws -> Admission {
        try await importFile(rawPath: Array(path.utf8CString), account: account, link: link)
    }

    func importFile(rawPath: [CChar], account: Int64, link: Bool) async throws -> Admission {
        try await translating {
            let source = try await threadPool.runIfActive { try SourceFile(rawPath: rawPath) }
            let name = source.file.path
            let hash = try await source.digest(on: threadPool)
            if let admission = try await admitStored(hash, account: account, name: name) { return admission }

            let staged = try await stage(source, link: link)
            return try await discarding([staged]) {
                // The source may change between its readings: what is stored is named after what was stored.
                let hash = link ? hash : try await copy(source, to: staged)
                return try await admit(staged, hash: hash, account: account, name: name)
            }
        }
    }

    private func stage(_ source: SourceFile, link: Bool) async throws -> StagedFile {
        guard link else { return try await stage() }
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
