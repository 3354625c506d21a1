import Intake
import Locker
import Synchronization

/// The uploads whose files are being checked or were checked lately, by id.
final class UploadBoard: Sendable {
    struct Upload: Sendable {
        /// Bytes.
        let length: Int
        let begun: ContinuousClock.Instant
        var outcome: Result<Admission, any Error>?
        fileprivate var check: Task<Void, Never>?
    }

    /// How long an upload's outcome can be asked for.
    private static let lifetime = Duration.seconds(24 * 60 * 60)
    private let uploads = Mutex<[String: Upload]>([:])

    /// A new upload of `length` bytes, and with it the end of those that are a day old.
    func begin(length: Int) -> String {
        let id = Identifier.random()
        let now = ContinuousClock.now
        uploads.withLock { uploads in
            uploads = uploads.filter { now - $0.value.begun < Self.lifetime }
            uploads[id] = Upload(length: length, begun: now)
        }
        return id
    }

    func upload(_ id: String) -> Upload? {
        uploads.withLock { $0[id] }
    }

    /// Notes what comes of `admission`, whoever still waits for it.
    func follow(_ id: String, _ admission: Task<Admission, any Error>) {
        let check = Task {
            let outcome = await admission.result
            uploads.withLock { $0[id]?.outcome = outcome }
        }
        uploads.withLock { $0[id]?.check = check }
    }

    /// What came of the upload, or nil if that is not known in time.
    func outcome(of id: String, within limit: Duration) async -> Result<Admission, any Error>? {
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
        return upload(id)?.outcome
    }
}

struct UploadDocument: Encodable {
    var id: String
    var state: String
    var offset: Int
    var length: Int
    var track: String?
    var problem: Problem.Body?

    init(id: String, state: String, length: Int) {
        self.id = id
        self.state = state
        offset = length
        self.length = length
    }
}
