internal import Audio
internal import CodecProcess
public import Locker
public import NIOCore
internal import NIOPosix
internal import Originals

/// An upload that is being written. No other request can write it meanwhile. One call at a time.
public struct Upload: Sendable {
    let intake: Intake
    let staged: StagedFile
    /// The record as it was when the upload was begun, opened or completed.
    public private(set) var record: UploadRecord

    public var id: String { record.id }
    public var length: Int { record.declaration.length }
    /// Bytes written so far; some of them may be lost in a crash.
    public var received: Int { staged.bytes }

    /// Appends bytes.
    ///
    /// - Throws: ``IntakeError/tooLarge(limit:)`` if the upload would be longer than declared.
    public func write(_ buffer: ByteBuffer) async throws(IntakeError) {
        if staged.bytes + buffer.readableBytes > length { throw .tooLarge(limit: length) }
        do {
            try await intake.threadPool.runIfActive { try staged.append(buffer.readableBytesUInt8Span) }
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Makes the written bytes durable. Returns the offset, which the client may then be told.
    public func makeDurable() async throws(IntakeError) -> Int { try await advance(isComplete: false) }

    /// Makes the whole upload durable, and notes that it is to be checked. From then on it is not lost, whatever happens to
    /// this process.
    ///
    /// - Returns: the complete upload, on which the caller calls ``finish()``.
    public func complete() async throws(IntakeError) -> Upload {
        guard received == length, try await advance(isComplete: true) == length else { throw .storage("some of it is missing") }
        staged.keep()
        var complete = self
        (complete.record.offset, complete.record.state) = (length, .checking)
        return complete
    }

    private func advance(isComplete: Bool) async throws(IntakeError) -> Int {
        do {
            let offset = try await intake.threadPool.runIfActive { try staged.sync() }
            guard try await intake.catalogue.advanceUpload(id, to: offset, isComplete: isComplete && offset == length) else {
                throw IntakeError.gone
            }
            return offset
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Removes the bytes that were written and are not durable yet.
    public func rewind() async throws(IntakeError) {
        do {
            try await intake.threadPool.runIfActive { try staged.rewind() }
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Takes the whole file in. When this returns, the file is stored and its row is on the disk. If it fails, the reason is
    /// noted.
    ///
    /// - Throws: ``IntakeError``; `CancellationError` if the task was cancelled before anything was stored: then, as after a
    ///   crash, the upload is checked at the next start.
    public func finish() async throws -> Admission {
        if record.state == .receiving { return try await complete().finish() }
        do {
            let admission = try await intake.translating {
                while try await intake.threadPool.runIfActive({ try staged.hashNext(SourceFile.piece) }) {}
                let hash = try await intake.threadPool.runIfActive { try staged.seal() }
                return try await admit(hash)
            }
            await intake.discard([staged])
            return admission
        } catch let error as IntakeError {
            // If the error cannot be noted, ``Intake/expireUploads()`` returns the upload to be checked again.
            if (try? await intake.catalogue.refuseUpload(id, kind: error.kind, reason: error.reason)) != nil {
                await intake.discard([staged])
            }
            throw error
        }
    }

    /// If ingest dies, it is tried once more: a signal to the whole process group may have ended it.
    private func admit(_ hash: OriginalHash) async throws -> Admission {
        let destination = Destination(account: record.account, name: record.declaration.name, origin: .upload(id: id))
        do {
            return try await intake.admit(staged, hash: hash, to: destination, isCompact: record.declaration.isCompact)
        } catch is WorkerError {
            try Task.checkCancellation()
            return try await intake.admit(staged, hash: hash, to: destination, isCompact: record.declaration.isCompact)
        }
    }

    /// Unlocks the upload, so that another request can continue it. A client may send its next bytes as soon as it learns
    /// the offset, when a thread of the pool may still reference this value.
    public func release() { staged.unlock() }

    /// Removes the upload and its bytes.
    public func abandon() async {
        await intake.discard([staged])
        // In its own task: the row must go even if the caller is cancelled.
        await Task { try? await intake.catalogue.removeUpload(id) }.value
    }
}
