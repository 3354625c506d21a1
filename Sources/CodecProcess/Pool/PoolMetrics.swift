import Metrics

/// The metrics of a ``WorkerPool``.
struct PoolMetrics: Sendable {
    let retries: Counter
    let cpuSeconds: FloatingPointCounter
    private let exits: [DeathCause: Counter]

    init(factory: any MetricsFactory) {
        retries = Counter(label: "sweetspot_chunk_retries_total", factory: factory)
        cpuSeconds = FloatingPointCounter(label: "sweetspot_encode_cpu_seconds_total", factory: factory)
        let counted = DeathCause.allCases.filter { $0 != .stopped }
        exits = Dictionary(
            uniqueKeysWithValues: counted.map {
                ($0, Counter(label: "sweetspot_worker_exits_total", dimensions: [("reason", $0.rawValue)], factory: factory))
            })
    }

    func countExit(_ cause: DeathCause) {
        exits[cause]?.increment()
    }
}
