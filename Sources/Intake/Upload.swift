public import NIOCore
internal import NIOPosix
internal import Originals

/// One file on its way in, written piece by piece. Whoever began it finishes or abandons it; one that is let go is abandoned.
public struct Upload: Sendable {
    let intake: Intake
    let staged: StagedFile
    let limit: Int?

    /// Appends bytes. One call at a time.
    public func write(_ buffer: ByteBuffer) async throws(IntakeError) {
        if let limit, staged.bytes + buffer.readableBytes > limit { throw .tooLarge(limit: limit) }
        do {
            try await intake.threadPool.runIfActive { try staged.append(buffer.readableBytesUInt8Span) }
        } catch {
            throw Intake.meaning(of: error)
        }
    }

    /// Takes the file in. It is stored, and its row on the disk, when this returns.
    ///
    /// - Parameter name: The file's name as its owner knows it; the title where the tags have none.
    /// - Throws: ``IntakeError``, and `CancellationError` where the task was cancelled before anything was stored.
    public func finish(account: Int64, name: String) async throws -> Admission {
        try await intake.translating {
            try await intake.discarding([staged]) {
                let hash = try await intake.threadPool.runIfActive { try staged.seal() }
                return try await intake.admit(staged, hash: hash, to: Destination(account: account, name: name))
            }
        }
    }

    /// Removes what was written.
    public func abandon() async {
        await intake.discard([staged])
    }
}
