import Audio
import Intake
import Locker
import Logging
import Metrics
import ServiceLifecycle

/// Reads all stored Originals again, slowly, and reports damaged ones, which would otherwise show only when played.
struct Scrub: Service {
    /// The least time between the starts of two passes.
    private static let interval = Duration.seconds(7 * 24 * 60 * 60)

    let intake: Intake
    let catalogue: Catalogue
    /// The highest reading rate.
    let bytesPerSecond: Int
    let logger: Logger
    private let read: Counter
    private let damaged: Counter

    init(intake: Intake, catalogue: Catalogue, bytesPerSecond: Int, logger: Logger, metrics: any MetricsFactory) {
        self.intake = intake
        self.catalogue = catalogue
        self.bytesPerSecond = bytesPerSecond
        self.logger = logger
        read = Counter(label: "sweetspot_scrubbed_originals_total", dimensions: [], factory: metrics)
        damaged = Counter(label: "sweetspot_damaged_originals_total", dimensions: [], factory: metrics)
    }

    func run() async throws {
        await untilShutdown {
            // The first pass starts at a random place: otherwise a server that is often restarted would always read the same
            // Originals.
            var last = OriginalHash(bytes: (0..<32).map { _ in UInt8.random(in: 0...255) })
            while true {
                let start = ContinuousClock.now
                try await pass(after: last)
                if last != nil { try await pass(after: nil) }
                last = nil
                try await Task.sleep(until: start + Self.interval)
            }
        }
    }

    /// Reads the Originals after `hash`.
    private func pass(after hash: OriginalHash?) async throws {
        var last = hash
        while true {
            do {
                let hashes = try await catalogue.originals(after: last)
                if hashes.isEmpty { return }
                for hash in hashes {
                    try await look(at: hash)
                    last = hash
                }
            } catch  where !Task.isCancelled {
                logger.error("scrub failed", metadata: ["error": "\(error)"])
                try await Task.sleep(for: .seconds(600))
            }
        }
    }

    private func look(at hash: OriginalHash) async throws {
        let condition = try await intake.condition(of: hash, bytesPerSecond: bytesPerSecond)
        read.increment()
        guard condition != .sound else { return try await intake.checkMeasures(of: hash) }
        // An Original that was deleted meanwhile is rightly missing.
        guard try await catalogue.isReferenced(hash) else { return }
        damaged.increment()
        logger.error("an original is damaged or missing", metadata: ["original": "\(hash)", "condition": "\(condition)"])
    }
}
