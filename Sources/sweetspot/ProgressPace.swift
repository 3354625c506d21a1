/// Progress per second, over the last half minute: known files pass in no time and say nothing about the rest.
struct ProgressPace {
    private static let window = Duration.seconds(30)

    private var marks: [(done: Int, moment: ContinuousClock.Instant)] = []

    mutating func note(_ done: Int, at moment: ContinuousClock.Instant) {
        // One mark per second is enough, and keeps the marks few.
        if let last = marks.last, marks.count > 1, moment - marks[marks.count - 2].moment < .seconds(1) {
            marks[marks.count - 1] = (max(done, last.done), moment)
        } else {
            marks.append((done, moment))
        }
        while marks.count > 2, moment - marks[1].moment > Self.window { marks.removeFirst() }
    }

    /// Things per second; nil until it can be computed.
    var rate: Double? {
        guard let first = marks.first, let last = marks.last, last.moment - first.moment >= .seconds(1), last.done > first.done
        else { return nil }
        return Double(last.done - first.done) / ((last.moment - first.moment) / .seconds(1))
    }

    /// The things counted.
    enum Unit {
        case things
        case bytes

        func text(_ value: Double) -> String {
            func rounded(_ value: Double) -> String {
                let tenths = Int(min(max(0, value), 1e6) * 10)
                return tenths >= 100 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
            }
            guard self == .bytes else { return rounded(value) }
            return value < 1e6
                ? "\(Int(value / 1e3)) kB" : value < 1e9 ? "\(rounded(value / 1e6)) MB" : "\(rounded(value / 1e9)) GB"
        }
    }

    /// `  1234/10000  12/s  11 min 4 s left`
    func sentence(done: Int, total: Int, in unit: Unit = .things) -> String {
        let (shownDone, shownTotal) =
            unit == .bytes ? (unit.text(Double(done)), unit.text(Double(total))) : ("\(done)", "\(total)")
        guard let rate else { return "  \(shownDone)/\(shownTotal)" }
        return "  \(shownDone)/\(shownTotal)  \(unit.text(rate))/s  \(Self.text(seconds: Double(total - done) / rate)) left"
    }

    private static func text(seconds: Double) -> String {
        let seconds = Int(min(max(0, seconds), 1e8))
        if seconds < 60 { return "\(seconds) s" }
        if seconds < 3600 { return "\(seconds / 60) min \(seconds % 60) s" }
        return "\(seconds / 3600) h \(seconds / 60 % 60) min"
    }
}
