internal import Audio
internal import CodecProcess
public import Locker
public import NIOCore
internal import NIOPosix
internal import Originals

/// One upload that is being written, which nobody else can write meanwhile. All calls one at a time.
public struct Upload: Sendable {
    let intake: Intake
    let staged: StagedFile
    /// As it was when it was begun, opened or completed.
    public private(set) var record: UploadRecord

    public var id: String { record.id }
    public var length: Int { record.plan.length }
    /// Bytes written so far; some of them may be lost in a crash.
    public var received: Int { staged.bytes }

    /// Appends bytes.
    ///
    /// - Throws: ``IntakeError/tooLarge(limit:)`` where they are more than was said.
    public func write(_ buffer: ByteBuffer) async throws(IntakeError) {
        if staged.bytes + buffer.readableBytes > length { throw .tooLarge(limit: length) }
        do {
            try await intake.threadPool.runIfActive { try staged.append(buffer.readableBytesUInt8Span) }
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Makes what was written durable; its offset may be told then.
    public func makeDurable() async throws(IntakeError) -> Int { try await advance(isComplete: false) }

    /// Makes all of it durable, and notes that it is to be checked: from now on it is not lost, whatever happens to this process.
    ///
    /// - Returns: what is left to do: ``finish()``.
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

    /// Takes back what was written and is not durable yet.
    public func rewind() async throws(IntakeError) {
        do {
            try await intake.threadPool.runIfActive { try staged.rewind() }
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Takes the whole file in. It is stored, and its row on the disk, when this returns; what is refused is noted.
    ///
    /// - Throws: ``IntakeError``, and `CancellationError` where the task was cancelled before anything was stored: then, as after a
    ///   crash, it is checked at the next start.
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
            // What cannot be noted is checked again at the next start.
            if (try? await intake.catalogue.refuseUpload(id, kind: error.kind, reason: error.reason)) != nil {
                await intake.discard([staged])
            }
            throw error
        }
    }

    /// An ingest that dies may have died of a signal to all that belong to this process, so it is tried once more.
    private func admit(_ hash: OriginalHash) async throws -> Admission {
        let destination = Destination(account: record.account, name: record.plan.name, origin: .upload(id: id))
        do {
            return try await intake.admit(staged, hash: hash, to: destination, isCompact: record.plan.isCompact)
        } catch is WorkerError {
            try Task.checkCancellation()
            return try await intake.admit(staged, hash: hash, to: destination, isCompact: record.plan.isCompact)
        }
    }

    /// Lets another go on with what was made durable. Who is told an offset may come back with the next bytes at once, when a thread of
    /// the pool may still hold this.
    public func release() { staged.unlock() }

    /// Removes the upload and what was written.
    public func abandon() async {
        await intake.discard([staged])
        // A task of its own: the caller's cancellation must not keep it.
        await Task { try? await intake.catalogue.removeUpload(id) }.value
    }
}
