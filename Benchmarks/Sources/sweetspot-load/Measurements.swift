import Foundation
import Histogram
import Synchronization

/// What all phones went through.
final class Measurements: Sendable {
    struct Totals {
        // Microseconds, up to ten minutes.
        var startUps = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        var seeks = Histogram<UInt64>(highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: .three)
        var stalls = 0
        var stalled = 0.0
        var played = 0.0
        var fetched = 0
        /// Bytes of what was left, by a skip or a seek, before they were heard.
        var wasted = 0.0
        /// Bytes that phones held when the run ended.
        var held = 0.0
        var stalledPhones = 0
        var refusals = 0
        var refusedPhones = 0
        var drops = 0
        var skips = 0
        /// Of phones that speak Subsonic: transfers that go on where one broke, songs that were fetched before they played, and
        /// stalls that the network does not explain.
        var resumes = 0
        var readyStarts = 0
        var unexplainedStalls = 0
        var errors: [String: Int] = [:]
        /// What happened in each second of the run.
        var seconds: [Second] = []

        mutating func change(second: Int, _ body: (inout Second) -> Void) {
            guard (0..<86_400).contains(second) else { return }
            while seconds.count <= second { seconds.append(Second()) }
            body(&seconds[second])
        }
    }

    struct Second {
        var fetched = 0
        var stalls = 0
        var starts = 0
    }

    private let totals = Mutex(Totals())

    func note(_ body: (inout Totals) -> Void) {
        totals.withLock { body(&$0) }
    }

    func error(_ text: String) {
        note { $0.errors[String(text.prefix(120)), default: 0] += 1 }
    }

    var snapshot: Totals { totals.withLock { $0 } }
}

/// Processor seconds and memory of a process and all below it, from /proc.
struct ServerUsage {
    let cpu: Double
    /// Megabytes, what is shared being shared out.
    let pss: Double

    init(pid: Int) {
        var cpu = 0.0
        var pss = 0.0
        for pid in Self.tree(pid) {
            if let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8), let name = stat.lastIndex(of: ")") {
                let fields = stat[name...].split(separator: " ")
                cpu += (Double(fields[12]) ?? 0) + (Double(fields[13]) ?? 0)
            }
            if let rollup = try? String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8),
                let line = rollup.split(separator: "\n").first(where: { $0.hasPrefix("Pss:") })
            {
                pss += Double(line.split(separator: " ")[1]) ?? 0
            }
        }
        (self.cpu, self.pss) = (cpu / Double(sysconf(Int32(_SC_CLK_TCK))), pss / 1024)
    }

    private static func tree(_ pid: Int) -> [Int] {
        let tasks = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        let children = tasks.flatMap { task in
            ((try? String(contentsOfFile: "/proc/\(pid)/task/\(task)/children", encoding: .utf8)) ?? "")
                .split(separator: " ").compactMap { Int($0) }
        }
        return [pid] + children.flatMap(tree)
    }

    /// Processor seconds of this process.
    static var own: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec)
            / 1e6
    }
}
