import Logging

/// A log that turns "worker gone" into a stream of reasons, so that tests can wait for a death.
struct Departures {
    let reasons: AsyncStream<String>
    let logger: Logger

    init() {
        let (stream, continuation) = AsyncStream.makeStream(of: String.self)
        reasons = stream
        logger = Logger(label: "test") { _ in Handler(continuation: continuation) }
    }

    private struct Handler: LogHandler {
        let continuation: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            if event.message == "worker gone", let reason = event.metadata?["reason"] { continuation.yield("\(reason)") }
        }
    }
}
