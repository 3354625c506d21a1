internal import FileSystem
public import Locker
internal import Logging
internal import NIOPosix

extension Intake {
    static let uploadSuffix = ".upload"

    func path(ofUpload id: String) -> String { "\(incoming)/\(id)\(Self.uploadSuffix)" }

    /// Begins an upload: reserves room for it, and makes a file for its bytes in `incoming/`.
    ///
    /// - Parameter quota: The bytes that the account may have; nil for no limit.
    /// - Throws: ``IntakeError/overQuota(_:)``, ``IntakeError/tooManyUploads``, ``IntakeError/noRoom``,
    ///   ``IntakeError/storage(_:)``, ``IntakeError/readOnly``.
    public func beginUpload(_ declaration: UploadRecord.Declaration, account: Int64, quota: Int? = nil) async throws -> Upload {
        try await translating {
            if isReadOnly { throw IntakeError.readOnly }
            let id = Identifier.random()
            let path = path(ofUpload: id)
            // The file comes before the row, and is locked: a row without a file means that the file was lost.
            let staged = try await threadPool.runIfActive { [incoming, floor] in
                try Directory.make(incoming)
                try floor?.require(declaration.length, in: incoming)
                let staged = try StagedFile(creating: path, leaving: floor)
                try Directory.sync(incoming)
                return staged
            }
            do {
                let record = try await catalogue.beginUpload(declaration, id: id, account: account, quota: quota)
                if declaration.isResumable { staged.keep() }
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
    /// - Returns: nil if the account has no upload with this id, or if the upload is not resumable.
    /// - Throws: ``IntakeError/busy`` while another request writes it, ``IntakeError/gone`` if it is complete, refused or
    ///   removed.
    public func openUpload(id: String, account: Int64) async throws -> Upload? {
        if isReadOnly { throw IntakeError.readOnly }
        let record = try await catalogue.upload(id: id, account: account)
        guard let record, record.declaration.isResumable else { return nil }
        guard record.state == .receiving else { throw IntakeError.gone }
        return try await translating { try await open(record) }
    }

    private func open(_ record: UploadRecord) async throws -> Upload {
        let path = path(ofUpload: record.id)
        // The file is locked before the row is read again, so that bytes written meanwhile count.
        let staged = try await threadPool.runIfActive { [floor] in try StagedFile(reopening: path, leaving: floor) }
        guard let current = try await catalogue.upload(id: record.id, account: record.account), current.state == record.state
        else { throw IntakeError.gone }
        try await threadPool.runIfActive { try staged.resume(at: current.offset) }
        return Upload(intake: self, staged: staged, record: current)
    }

    /// Removes an unfinished upload of the account, and forgets a finished one.
    ///
    /// - Returns: false if the account has no such upload.
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

    /// Clears up the uploads that a crash left; called at the start. Resumable uploads stay, complete ones are returned for
    /// the caller to finish, and all others are removed. Uploads that a living process writes or checks are left alone.
    public func recoverUploads() async throws -> [Upload] {
        if isReadOnly { return [] }
        var complete: [Upload] = []
        var kept: Set<String> = []
        for record in try await catalogue.openUploads() {
            do {
                let upload = try await open(record)
                switch record.state {
                case .receiving where !record.declaration.isResumable: await upload.abandon()
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
            // Asked once the file is locked: an upload begun meanwhile has its row before its file is unlocked.
            if try await !catalogue.isOpen(upload: id) { await discard([staged]) }
        }
        return complete
    }

    /// Removes uploads that received nothing for ``Catalogue/uploadLifetime``, uploads that are not resumable and that no
    /// request writes, and the records of uploads that ended as long ago.
    ///
    /// - Returns: Complete uploads that no task checks, because the outcome of their check could not be written. The caller
    ///   has to finish them.
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
                // The file was lost, or was removed a moment ago because the upload ended.
                try await catalogue.removeOpenUpload(record.id)
            }
        }
        return complete
    }
}
