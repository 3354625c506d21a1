import Audio
import Glibc
import Synchronization

/// Writes to stderr at once, in one piece.
func writeError(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let written = unsafe rest.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
    }
}

/// Writes one line to stderr, whatever characters the names and reasons in it contain.
func writeErrorLine(_ text: String) { writeError(text.oneLine + "\n") }

/// A bar on stderr if that is a terminal; silent elsewhere.
final class ProgressBar: Sendable {
    private struct State {
        var pace = ProgressPace()
        var lastPercent = -1
        var lastDrawn: ContinuousClock.Instant?
    }

    /// The shortest time between two drawings of a bar with numbers.
    private static let interval = Duration.milliseconds(100)

    private let isVisible = isatty(STDERR_FILENO) == 1
    private let state = Mutex(State())
    private let label: String
    private let counts: Bool
    private let unit: ProgressPace.Unit

    /// - Parameters:
    ///   - counts: Whether to show numbers, their rate and the time left, beside the share of the whole.
    ///   - unit: The things counted.
    init(_ label: String, counts: Bool = false, unit: ProgressPace.Unit = .things) {
        self.label = label
        self.counts = counts
        self.unit = unit
    }

    func update(done: Int, total: Int) {
        guard isVisible, total > 0 else { return }
        let now = ContinuousClock.now
        let percent = min(100, done * 100 / total)
        let text = state.withLock { state -> String? in
            state.pace.note(done, at: now)
            let isDue = counts && state.lastDrawn.map { now - $0 >= Self.interval } ?? true
            guard state.lastPercent != percent || isDue || counts && done == total else { return nil }
            (state.lastPercent, state.lastDrawn) = (percent, now)
            return counts ? state.pace.sentence(done: done, total: total, in: unit) : ""
        }
        guard let text else { return }
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        writeError("\r\(label) \(bar) \(percent) %\(text)\u{1B}[K")
    }

    /// Clears the bar's line, so that other lines can follow.
    func clear() {
        guard isVisible else { return }
        state.withLock { ($0.lastPercent, $0.lastDrawn) = (-1, nil) }
        writeError("\r\u{1B}[K")
    }
}
