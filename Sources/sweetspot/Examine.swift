import Audio
import CodecProcess
import Gateway
import Intake
import Logging
import NIOCore

/// Ingests a local file without storing it.
func examine(_ path: String) async throws -> Examination {
    let limits = try await IngestLimits.ofCommandLine()
    let bar = ProgressBar("ingest")
    defer { bar.clear() }
    do {
        return try await Examination(path: path, codecExecutable: try requireCodec(), limits: limits) {
            bar.update(done: $0, total: $1)
        }
    } catch let error as IntakeError {
        throw CommandFailure.refused("\(path): \(error)")
    }
}

/// The codec worker's path.
func requireCodec() throws -> String {
    guard let path = codecExecutable() else {
        throw CommandFailure.internal("sweetspot-codec is not beside this program: build it, or name it in SWEETSPOT_CODEC")
    }
    return path
}
