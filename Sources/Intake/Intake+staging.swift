internal import Audio
internal import CodecProcess
internal import FileSystem
internal import Locker
internal import NIOPosix
internal import Originals

extension Intake {
    func stage(leaving floor: DiskFloor?) async throws -> StagedFile {
        try await threadPool.runIfActive { [incoming] in try StagedFile(in: incoming, leaving: floor) }
    }

    /// Runs `body`, then removes whatever is left at the staged files' paths.
    func discarding<Result>(_ files: [StagedFile], _ body: () async throws -> Result) async throws -> Result {
        do {
            let result = try await body()
            await discard(files)
            return result
        } catch {
            await discard(files)
            throw error
        }
    }

    func discard(_ files: [StagedFile]) async {
        // In its own task, because the pool takes no work from a cancelled one.
        await Task { try? await threadPool.runIfActive { for file in files { file.discard() } } }.value
    }

    /// Runs `body` and translates its errors to ``IntakeError``; cancellation stays as it is.
    func translating<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as CancellationError {
            throw error
        } catch {
            throw Self.meaning(of: error)
        }
    }

    static func meaning(of error: any Error) -> IntakeError {
        switch error {
        case let error as IntakeError: error
        case let refusal as Refusal: .refused(refusal)
        case let error as WorkerError: .ingestFailed("\(error)")
        case CatalogueError.noRoom: .noRoom
        case let error as SystemError where error.isFull: .noRoom
        case VaultError.noRoom: .noRoom
        case VaultError.readOnly: .readOnly
        case VaultError.unreachable(let reason), OriginalError.unreachable(let reason), OriginalError.damaged(let reason):
            .storage(reason)
        default: .storage("\(error)")
        }
    }
}
