import Foundation
import Histogram

/// What a run came to, as rows that are printed and written alike.
struct Report {
    private var rows: [(name: String, value: Double)] = []
    private let errors: [String: Int]
    private let totals: Measurements.Totals
    let hasFailed: Bool

    typealias Moment = (metrics: [String: Double], usage: ServerUsage?, own: Double)

    init(scenario: Scenario, wall: Double, before: Moment, after: Moment, memory: Double, slowBytes: Int) {
        let totals = scenario.measurements.snapshot
        self.totals = totals
        errors = totals.errors
        let received = scenario.files?.totals
        let wrong = (scenario.ledger?.wrong ?? 0) + (received?.wrong ?? 0)
        hasFailed = !errors.isEmpty || wrong > 0
        func change(_ prefix: String) -> Double {
            after.metrics.reduce(0) { $1.key.hasPrefix(prefix) ? $0 + $1.value - (before.metrics[$1.key] ?? 0) : $0 }
        }
        let minutes = totals.played / 60
        rows = [("clients", Double(scenario.clients)), ("wall, s", wall), ("listened, min", minutes)]
        for (name, histogram) in [("start-up", totals.startUps), ("seek", totals.seeks)] where histogram.totalCount > 0 {
            rows.append(("\(name)s", Double(histogram.totalCount)))
            for percentile in [50.0, 95, 99] {
                rows.append(("\(name) p\(Int(percentile)), ms", Double(histogram.valueAtPercentile(percentile)) / 1000))
            }
        }
        rows += [
            ("stalls", Double(totals.stalls)), ("clients that stalled", Double(totals.stalledPhones)),
            ("stalled, s", totals.stalled),
            ("stalled, % of listening", 100 * totals.stalled / max(0.001, totals.played + totals.stalled)),
            ("refusals (503)", Double(totals.refusals)), ("clients refused", Double(totals.refusedPhones)),
            ("skips", Double(totals.skips)), ("broken transfers", Double(totals.drops)),
            ("fetched, MB", Double(totals.fetched) / 1e6),
            ("never played, MB", totals.wasted / 1e6), ("never played, %", 100 * totals.wasted / max(1, Double(totals.fetched))),
            ("held at the end, MB", totals.held / 1e6),
            ("blocks compared", Double(scenario.ledger?.compared ?? 0)),
            ("blocks that differ", Double(scenario.ledger?.wrong ?? 0)),
            ("errors", Double(errors.values.reduce(0, +)))
        ]
        if let received {
            rows += [
                ("stalls not explained by the network", Double(totals.unexplainedStalls)),
                ("resumed transfers", Double(totals.resumes)),
                ("songs ready before they played", Double(totals.readyStarts)), ("files", Double(received.files)),
                ("bytes received", Double(received.received)), ("bytes compared with whole files", Double(received.compared)),
                ("wrong bytes", Double(received.wrong))
            ]
        }
        if slowBytes > 0 { rows.append(("read by slow clients, MB", Double(slowBytes) / 1e6)) }
        let own = after.own - before.own
        rows.append(("own CPU, s", own))
        if let first = before.usage, let last = after.usage {
            let cpu = last.cpu - first.cpu
            rows += [
                ("server CPU, s", cpu), ("server CPU a listened minute, s", cpu / max(0.001, minutes)),
                ("own CPU, % of all", 100 * own / max(0.001, own + cpu)), ("PSS before, MB", first.pss),
                ("PSS at work, MB", memory)
            ]
        }
        let requests = change("sweetspot_chunk_requests_total")
        let renders = change("sweetspot_chunk_render_seconds_count")
        rows += [
            ("renders", renders), ("chunk requests", requests),
            ("chunk hit ratio", 1 - change("sweetspot_chunk_requests_total{result=\"miss\"}") / max(1, requests)),
            ("hot answers", change("sweetspot_hot_answers_total"))
        ]
    }

    var table: String {
        let width = rows.map(\.name.count).max() ?? 0
        let lines = rows.map { $0.name.padding(toLength: width + 2, withPad: " ", startingAt: 0) + text($0.value) }
        let faults = errors.sorted { $0.value > $1.value }.prefix(5).map { "error, \($0.value) times: \($0.key)" }
        return (lines + faults).joined(separator: "\n")
    }

    /// The rows, percentiles of both waits for a plot, and what happened second by second.
    var json: String {
        var parts = rows.map { "  \"\($0.name)\": \(text($0.value))" }
        for (name, histogram) in [("start-up", totals.startUps), ("seek", totals.seeks)] where histogram.totalCount > 0 {
            let points = (0...200).map { text(Double(histogram.valueAtPercentile(Double($0) / 2)) / 1000) }
            parts.append("  \"\(name), ms at every half per cent\": [\(points.joined(separator: ", "))]")
        }
        for (name, value) in [("fetched, bytes", \Measurements.Second.fetched), ("stalls", \.stalls), ("starts", \.starts)] {
            let values = totals.seconds.map { String($0[keyPath: value]) }
            parts.append("  \"\(name) in each second\": [\(values.joined(separator: ", "))]")
        }
        return "{\n" + parts.joined(separator: ",\n") + "\n}\n"
    }

    private func text(_ value: Double) -> String {
        value == value.rounded() && abs(value) < 1e12 ? String(Int(value)) : String(format: "%.3f", value)
    }
}
