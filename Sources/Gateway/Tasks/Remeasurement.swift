import Intake
import Logging
import Metrics
import ServiceLifecycle
import Streaming

/// Measures again, in the background, the Originals whose measures are missing or of an older version. It waits while
/// listeners need the processor, and while files are ingested. See Decisions/Measures.md of Audio.
///
/// `sweetspot_measures_pending` counts the Originals that are left, `sweetspot_measured_originals_total` those measured
/// since the start.
struct Remeasurement: Service {
    /// Between two passes. The next pass tries again the Originals that could not be measured, and measures those whose
    /// measures the scrub found damaged or missing.
    private static let interval = Duration.seconds(6 * 60 * 60)
    /// Between two looks at whether the machine is quiet.
    private static let patience = Duration.seconds(1)

    let intake: Intake
    let engine: StreamEngine
    let logger: Logger
    private let pending: Meter
    private let measured: Counter

    init(intake: Intake, engine: StreamEngine, logger: Logger, metrics: any MetricsFactory) {
        self.intake = intake
        self.engine = engine
        self.logger = logger
        pending = Meter(label: "sweetspot_measures_pending", dimensions: [], factory: metrics)
        measured = Counter(label: "sweetspot_measured_originals_total", dimensions: [], factory: metrics)
    }

    func run() async throws {
        await untilShutdown(pausing: Self.interval, logger, onError: "originals not measured again", pass)
    }

    @Sendable private func pass() async throws {
        var done = 0
        try await intake.remeasure {
            while engine.isPressed || intake.isIngesting { try await Task.sleep(for: Self.patience) }
            try Task.checkCancellation()
        } onProgress: { left, isMeasured in
            pending.set(left)
            guard isMeasured else { return }
            measured.increment()
            done += 1
        }
        if done > 0 { logger.info("originals measured again", metadata: ["originals": "\(done)"]) }
    }
}
