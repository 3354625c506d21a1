import Glibc
import Synchronization

/// Writes to stderr at once and whole.
func writeError(_ text: String) {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
        let written = unsafe rest.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
        guard written > 0 else { return }
        rest = rest.dropFirst(written)
    }
}

/// A bar on stderr where that is a terminal; silent elsewhere.
final class ProgressBar: Sendable {
    private let isVisible = isatty(STDERR_FILENO) == 1
    private let lastPercent = Mutex(-1)
    private let label: String

    init(_ label: String) {
        self.label = label
    }

    func update(done: Int, total: Int) {
        guard isVisible, total > 0 else { return }
        let percent = min(100, done * 100 / total)
        let isNew = lastPercent.withLock { last in
            defer { last = percent }
            return last != percent
        }
        guard isNew else { return }
        let filled = percent * 30 / 100
        let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
        writeError("\r\(label) \(bar) \(percent) %")
    }

    /// Clears the bar's line, so that other lines can follow.
    func clear() {
        guard isVisible else { return }
        lastPercent.withLock { $0 = -1 }
        writeError("\r\u{1B}[K")
    }
}
