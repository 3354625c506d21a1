import Audio
import CodecProcess
import Originals

/// Renders chunks: takes the packets from the store of Originals, and has a worker make frames of them.
struct ChunkRender: Sendable {
    let originals: any OriginalStore
    let pool: WorkerPool
    let cpu: ProcessorTime

    func render(
        _ request: ChunkRequest, emit: @escaping @Sendable ([UInt8]) -> Void
    ) async throws(StreamError) {
        let source = request.rendering
        guard let plan = RenderPlan(source.map, grid: source.grid, chunk: request.index) else {
            throw .renderFailed("the TrackMap has no packets for chunk \(request.index)")
        }
        let packets: [UInt8]
        do throws(OriginalError) {
            packets = try await originals.read(
                plan.byteRange, of: source.map.usesPacketFile ? .packets : .original, original: source.original)
        } catch {
            throw StreamError(error)
        }
        do throws(WorkerError) {
            cpu.add(try await pool.render(plan.job, packets: packets, emit: emit).cpu)
        } catch {
            throw StreamError(error)
        }
    }
}

extension StreamError {
    init(_ error: WorkerError) {
        self =
            switch error {
            case .failed(let reason): .renderFailed(reason)
            case .died: .renderFailed("two workers died of it")
            case .unavailable(let reason): .renderFailed(reason)
            case .stopped: .stopped
            }
    }
}
