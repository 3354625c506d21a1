import Metrics
import Synchronization

/// The metrics of one server, as swift-metrics records them and Prometheus reads them (text format 0.0.4).
///
/// A series appears with its first handler, so that a counter that has never moved still reads 0.
final class PrometheusMetrics: MetricsFactory {
    fileprivate enum Series {
        case counter(Accumulator)
        case histogram(Histogram)
        case gauge(Accumulator)
    }

    private let series = Mutex<[String: [String: Series]]>([:])

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        accumulator(label, dimensions)
    }

    func makeFloatingPointCounter(label: String, dimensions: [(String, String)]) -> any FloatingPointCounterHandler {
        accumulator(label, dimensions)
    }

    func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        find(label, dimensions) { .gauge(Accumulator()) }.accumulator
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        find(label, dimensions) { .histogram(Histogram()) }.histogram
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        find(label, dimensions) { .histogram(Histogram()) }.histogram
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    func destroyMeter(_ handler: any MeterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}

    /// All series in Prometheus's text format, in a fixed order.
    func text() -> String {
        let families = series.withLock { $0 }
        var lines: [String] = []
        for (label, members) in families.sorted(by: { $0.key < $1.key }) {
            guard let kind = members.values.first?.kind else { continue }
            lines.append("# TYPE \(label) \(kind)")
            for (labels, member) in members.sorted(by: { $0.key < $1.key }) {
                switch member {
                case .counter(let value), .gauge(let value):
                    lines.append("\(label)\(labels.isEmpty ? "" : "{\(labels)}") \(value.text)")
                case .histogram(let histogram):
                    lines.append(contentsOf: histogram.lines(label, labels))
                }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func accumulator(_ label: String, _ dimensions: [(String, String)]) -> Accumulator {
        find(label, dimensions) { .counter(Accumulator()) }.accumulator
    }

    /// A label's value: https://prometheus.io/docs/instrumenting/exposition_formats/#comments-help-text-and-type-information.
    private static func escaped(_ value: String) -> String {
        var bytes: [UInt8] = []
        for byte in value.utf8 {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func find(_ label: String, _ dimensions: [(String, String)], make: () -> Series) -> Series {
        let labels = dimensions.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        return series.withLock { series in
            if let known = series[label]?[labels] { return known }
            let new = make()
            series[label, default: [:]][labels] = new
            return new
        }
    }
}

extension PrometheusMetrics.Series {
    fileprivate var kind: String {
        switch self {
        case .counter: "counter"
        case .gauge: "gauge"
        case .histogram: "histogram"
        }
    }

    /// One label used for two kinds of metric is a mistake in this code: the second kind is dropped.
    fileprivate var accumulator: Accumulator {
        switch self {
        case .counter(let value), .gauge(let value): value
        case .histogram: Accumulator()
        }
    }

    fileprivate var histogram: Histogram {
        if case .histogram(let histogram) = self { histogram } else { Histogram() }
    }
}

/// A number that is added to or set.
private final class Accumulator: CounterHandler, FloatingPointCounterHandler, MeterHandler {
    private let value = Mutex<Double>(0)

    func increment(by amount: Int64) { value.withLock { $0 += Double(amount) } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }
    func set(_ amount: Int64) { value.withLock { $0 = Double(amount) } }
    func set(_ amount: Double) { value.withLock { $0 = amount } }
    func reset() { value.withLock { $0 = 0 } }

    var text: String { value.withLock { prometheusNumber($0) } }
}

/// Observations in seconds, counted in buckets from 1 ms to 10 s.
private final class Histogram: RecorderHandler, TimerHandler {
    private static let bounds = [0.001, 0.0025, 0.005, 0.01, 0.015, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct State {
        var counts = Array(repeating: 0, count: Histogram.bounds.count + 1)
        var sum = 0.0
    }

    private let state = Mutex(State())

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        state.withLock { state in
            state.counts[Self.bounds.firstIndex { value <= $0 } ?? Self.bounds.count] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }

    func lines(_ label: String, _ labels: String) -> [String] {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        let suffix = labels.isEmpty ? "" : "{\(labels)}"
        var total = 0
        var lines: [String] = []
        for (bound, count) in zip(Self.bounds.map { "\($0)" } + ["+Inf"], state.counts) {
            total += count
            lines.append("\(label)_bucket{\(prefix)le=\"\(bound)\"} \(total)")
        }
        return lines + ["\(label)_sum\(suffix) \(prometheusNumber(state.sum))", "\(label)_count\(suffix) \(total)"]
    }
}

private func prometheusNumber(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
}
