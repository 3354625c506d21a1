import HTTPTypes
import Hummingbird
import Intake
import Locker
import NIOCore
import Synchronization

/// Receives the body of a request into an upload.
struct UploadReception: Sendable {
    /// Bytes after which received data is made durable; a failure costs at most as many to send again.
    private static let durablePiece = 4 << 20

    let speed: BodySpeed

    /// Writes the body to `upload`. If the upload is resumable, bytes are made durable as they come, and a failure keeps those
    /// before it.
    func receive(_ request: Request, _ context: GatewayContext, into upload: Upload) async throws {
        guard upload.record.declaration.isResumable else {
            return try await pieces(of: request, context) { try await upload.write($0) }
        }
        let undurable = Mutex(0)
        do {
            try await pieces(of: request, context) { bytes in
                try await upload.write(bytes)
                let isDue = undurable.withLock { count in
                    count += bytes.readableBytes
                    guard count >= Self.durablePiece else { return false }
                    count = 0
                    return true
                }
                if isDue { _ = try await upload.makeDurable() }
            }
        } catch {
            // In a separate task, so that the client's leaving does not cancel it.
            await Task { _ = try? await upload.makeDurable() }.value
            throw error
        }
    }

    /// Writes the body to `upload`. If it does not match the checksum, nothing of it stays.
    func receive(
        _ request: Request, _ context: GatewayContext, into upload: Upload, _ checksum: UploadChecksum
    ) async throws {
        let sum = Mutex(checksum.begun)
        let count = Mutex(0)
        do {
            try await pieces(of: request, context) { bytes in
                guard
                    count.withLock({ count in
                        count += bytes.readableBytes
                        return count <= UploadChecksum.mostBytes
                    })
                else { throw UploadChecksum.tooLong }
                sum.withLock { $0.update(bytes.readableBytesView) }
                try await upload.write(bytes)
            }
            guard sum.withLock({ $0.matches(checksum) }) else { throw UploadChecksum.mismatch }
        } catch {
            await Task { try? await upload.rewind() }.value
            throw error
        }
    }

    /// Passes the body to `take`, piece by piece. A client that is too slow is given up; see ``ClientWatch``.
    private func pieces(
        of request: Request, _ context: GatewayContext, _ take: @escaping @Sendable (ByteBuffer) async throws -> Void
    ) async throws {
        do {
            try await context.allowBody(speed)
            for try await bytes in request.body { try await take(bytes) }
        } catch let problem as Problem {
            throw problem
        } catch let error as IntakeError {
            throw error
        } catch is BodySpeed.TooSlow {
            throw Problem.tooSlow
        } catch {
            throw Problem.badRequest("the file's bytes could not be received")
        }
    }
}
