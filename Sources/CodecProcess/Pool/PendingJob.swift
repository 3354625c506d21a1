import Audio
import NIOCore

/// A job whose caller waits.
final class PendingJob {
    /// The body of its request: the job, length-prefixed, then its packets.
    let body: (job: [UInt8], packets: [UInt8])
    var delivery: Delivery
    let emit: @Sendable ([UInt8]) -> Void
    let complete: @Sendable (Result<ProcessCost, WorkerError>) -> Void
    /// When its first attempt began.
    var start: NIODeadline?

    init(
        _ job: RenderJob, packets: [UInt8], emit: @escaping @Sendable ([UInt8]) -> Void,
        complete: @escaping @Sendable (Result<ProcessCost, WorkerError>) -> Void
    ) {
        var writer = ByteWriter()
        writer.writeField(job.encoded())
        body = (writer.bytes, packets)
        delivery = Delivery(
            byteCount: job.byteCount, isExact: job.ladder.hasKnownSizes, frames: job.ladder.hasSizedFrames ? job.frames : nil)
        self.emit = emit
        self.complete = complete
    }

    var byteCount: Int { body.job.count + body.packets.count }
}
