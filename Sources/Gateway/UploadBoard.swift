import Locker
import Synchronization

/// The uploads whose files are being checked or were checked lately, by id.
final class UploadBoard: Sendable {
    struct Stored: Sendable {
        let track: Track
        /// False where the locker had the same bytes already.
        let isNew: Bool
    }

    struct Upload: Sendable {
        let account: Int64
        /// Bytes.
        let length: Int
        let begun: ContinuousClock.Instant
        var outcome: Result<Stored, any Error>?
        fileprivate var check: Task<Void, Never>?
    }

    /// How long an upload's outcome can be asked for.
    private static let lifetime = Duration.seconds(24 * 60 * 60)
    private let uploads = Mutex<[String: Upload]>([:])

    /// Begins to check an upload of `length` bytes, whoever still waits for it. Forgets those that are a day old.
    func begin(length: Int, account: Int64, check: @escaping @Sendable () async throws -> Stored) -> String {
        let id = Identifier.random()
        let now = ContinuousClock.now
        uploads.withLock { uploads in
            uploads = uploads.filter { now - $0.value.begun < Self.lifetime }
            var upload = Upload(account: account, length: length, begun: now)
            upload.check = Task {
                let outcome: Result<Stored, any Error>
                do { outcome = .success(try await check()) } catch { outcome = .failure(error) }
                self.uploads.withLock { $0[id]?.outcome = outcome }
            }
            uploads[id] = upload
        }
        return id
    }

    func upload(_ id: String) -> Upload? {
        uploads.withLock { $0[id] }
    }

    /// What came of the upload, which is then forgotten; nil if that is not known in time or the asking task is cancelled.
    func outcome(of id: String, within limit: Duration) async -> Result<Stored, any Error>? {
        guard let check = upload(id)?.check else { return nil }
        let (either, source) = AsyncStream<Never>.makeStream()
        let timer = Task {
            try? await Task.sleep(for: limit)
            source.finish()
        }
        let end = Task {
            await check.value
            source.finish()
        }
        for await _ in either {}
        timer.cancel()
        end.cancel()
        return uploads.withLock { uploads in
            guard let outcome = uploads[id]?.outcome else { return nil }
            uploads[id] = nil
            return outcome
        }
    }
}

struct UploadDocument: Encodable {
    var id: String
    var state: String
    var offset: Int
    var length: Int
    @Nullable var track: String? = nil
    @Nullable var problem: Problem.Body? = nil

    init(id: String, state: String, length: Int) {
        self.id = id
        self.state = state
        offset = length
        self.length = length
    }
}
