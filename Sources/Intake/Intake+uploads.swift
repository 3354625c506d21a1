public import Locker
internal import Logging
internal import NIOPosix
internal import Originals

extension Intake {
    static let uploadSuffix = ".upload"

    func path(ofUpload id: String) -> String { "\(incoming)/\(id)\(Self.uploadSuffix)" }

    /// Begins one upload: room is kept for it, and its bytes go to a file in `incoming/`.
    ///
    /// - Parameter quota: The bytes the account may have; nil without end.
    /// - Throws: ``IntakeError/overQuota(_:)``, ``IntakeError/tooManyUploads``, ``IntakeError/noRoom``, ``IntakeError/storage(_:)``,
    ///   ``IntakeError/readOnly``.
    public func beginUpload(_ plan: UploadRecord.Plan, account: Int64, quota: Int? = nil) async throws -> Upload {
        try await translating {
            if isReadOnly { throw IntakeError.readOnly }
            let id = Identifier.random()
            let path = path(ofUpload: id)
            // The file before the row, and locked: a row without a file is one that lost it.
            let staged = try await threadPool.runIfActive { [incoming, floor] in
                try Directory.make(incoming)
                try floor?.require(plan.length, in: incoming)
                let staged = try StagedFile(creating: path, leaving: floor)
                try Directory.sync(incoming)
                return staged
            }
            do {
                let record = try await catalogue.beginUpload(plan, id: id, account: account, quota: quota)
                if plan.isResumable { staged.keep() }
                return Upload(intake: self, staged: staged, record: record)
            } catch {
                await discard([staged])
                switch error as? CatalogueError {
                case .overQuota: throw IntakeError.overQuota(quota ?? 0)
                case .tooManyUploads: throw IntakeError.tooManyUploads
                default: throw error
                }
            }
        }
    }

    /// Opens an upload to write more of it, from its record's offset on.
    ///
    /// - Returns: nil where the account has none of this id, or it is one that cannot be gone on with.
    /// - Throws: ``IntakeError/busy`` while somebody else writes it, ``IntakeError/gone`` where it is complete.
    public func openUpload(id: String, account: Int64) async throws -> Upload? {
        if isReadOnly { throw IntakeError.readOnly }
        guard let record = try await catalogue.upload(id: id, account: account), record.plan.isResumable else { return nil }
        guard record.state == .receiving else { throw IntakeError.gone }
        return try await translating { try await open(record) }
    }

    private func open(_ record: UploadRecord) async throws -> Upload {
        let path = path(ofUpload: record.id)
        // Locked first and its row read again then: what was written meanwhile counts.
        let staged = try await threadPool.runIfActive { [floor] in try StagedFile(reopening: path, leaving: floor) }
        guard let current = try await catalogue.upload(id: record.id, account: record.account), current.state == record.state
        else { throw IntakeError.gone }
        try await threadPool.runIfActive { try staged.resume(at: current.offset) }
        return Upload(intake: self, staged: staged, record: current)
    }

    /// Removes an unfinished upload of the account, and forgets a finished one.
    ///
    /// - Returns: false where there is none.
    /// - Throws: ``IntakeError/busy`` while it is written or checked.
    public func removeUpload(id: String, account: Int64) async throws -> Bool {
        if isReadOnly { throw IntakeError.readOnly }
        guard let record = try await catalogue.upload(id: id, account: account) else { return false }
        switch record.state {
        case .stored, .refused: try await catalogue.removeUpload(id)
        case .checking: throw IntakeError.busy
        case .receiving: try await translating { try await open(record).abandon() }
        }
        return true
    }

    /// What a crash left of uploads: one that can be gone on with stays, one that is complete is to be finished by the caller, and
    /// of all others nothing is left. What a living process is at is passed over. For the start.
    public func recoverUploads() async throws -> [Upload] {
        if isReadOnly { return [] }
        var complete: [Upload] = []
        var kept: Set<String> = []
        for record in try await catalogue.openUploads() {
            do {
                let upload = try await open(record)
                switch record.state {
                case .receiving where !record.plan.isResumable: await upload.abandon()
                case .receiving: kept.insert(record.id)
                default: complete.append(upload)
                }
            } catch IntakeError.busy {
                kept.insert(record.id)
            } catch {
                logger.warning("upload lost", metadata: ["upload": "\(record.id)", "error": "\(error)"])
                let error = Self.meaning(of: error)
                try await catalogue.refuseUpload(record.id, kind: error.kind, reason: error.reason)
            }
        }
        kept.formUnion(complete.map(\.id))
        let files = try await threadPool.runIfActive { [incoming] in
            FolderWalk.regularFiles(in: incoming).filter { $0.text.hasSuffix(Self.uploadSuffix) }
        }
        for file in files {
            let id = String(file.split?.name.text.dropLast(Self.uploadSuffix.count) ?? "")
            guard !kept.contains(id),
                let staged = try? await threadPool.runIfActive({ try StagedFile(reopening: file.text, leaving: nil) })
            else { continue }
            // Asked once it is locked: one that was begun meanwhile has its row before its file is let go.
            if try await !catalogue.isOpen(upload: id) { await discard([staged]) }
        }
        return complete
    }

    /// Removes the uploads of which nothing came for ``Catalogue/uploadLifetime``, those that cannot be gone on with and that no
    /// request writes, and what is known of those that ended before.
    ///
    /// - Returns: Complete uploads that nothing checks: what came of their check could not be noted. They are to be finished.
    public func expireUploads() async throws -> [Upload] {
        if isReadOnly { return [] }
        var complete: [Upload] = []
        for record in try await catalogue.expireUploads() {
            do {
                let upload = try await open(record)
                if record.state == .checking { complete.append(upload) } else { await upload.abandon() }
            } catch IntakeError.busy, IntakeError.gone {
                continue
            } catch {
                // Its file is lost, or went a moment ago because the upload has ended.
                try await catalogue.removeOpenUpload(record.id)
            }
        }
        return complete
    }
}
