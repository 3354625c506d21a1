internal import Locker
public import NIOCore
internal import NIOPosix
internal import Originals

/// One file on its way in, written piece by piece. Whoever began it finishes or abandons it.
public struct Upload: Sendable {
    let intake: Intake
    let staged: StagedFile
    let length: Int
    let account: Int64
    let reservation: Reservation

    /// Bytes written so far.
    public var received: Int { staged.bytes }

    /// Appends bytes. One call at a time.
    public func write(_ buffer: ByteBuffer) async throws(IntakeError) {
        if staged.bytes + buffer.readableBytes > length { throw .tooLarge(limit: length) }
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
    public func finish(name: String) async throws -> Admission {
        do {
            return try await intake.translating {
                try await intake.discarding([staged]) {
                    let hash = try await intake.threadPool.runIfActive { try staged.seal() }
                    let destination = Destination(account: account, name: name, reservation: reservation)
                    return try await intake.admit(staged, hash: hash, to: destination)
                }
            }
        } catch {
            await intake.giveBack(reservation)
            throw error
        }
    }

    /// Removes what was written.
    public func abandon() async {
        await intake.discard([staged])
        await intake.giveBack(reservation)
    }
}
