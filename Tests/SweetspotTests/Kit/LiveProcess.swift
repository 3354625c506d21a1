import Foundation
import Glibc
import TestSupport

/// A process as `/proc` shows it (proc(5)).
struct LiveProcess: Sendable, Hashable {
    let identifier: Int32

    /// Its children, whichever of its threads started them, and whatever else has become of them.
    var children: [LiveProcess] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(identifier)/task")) ?? []
        return threads.flatMap { thread in
            (read("task/\(thread)/children") ?? "").split(separator: " ").compactMap { Int32($0) }
        }.map(LiveProcess.init)
    }

    /// The codec processes it runs in `mode`: `render` or `ingest`.
    func codecs(_ mode: String) -> [LiveProcess] {
        children.filter { child in
            let words = (child.read("cmdline") ?? "").split(separator: "\0")
            return words.first.map { $0.hasSuffix("sweetspot-codec") } == true && words.dropFirst().first.map(String.init) == mode
        }
    }

    /// Whether nothing has this number any more, not even a zombie.
    var isGone: Bool { kill(identifier, 0) == -1 && errno == ESRCH }

    /// Memory in bytes: a field of `status` (`VmRSS`) or of `smaps_rollup` (`Pss`).
    func memory(_ field: String, in file: String) -> Int? {
        for line in (read(file) ?? "").split(separator: "\n") where line.hasPrefix(field + ":") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 * 1024 }
        }
        return nil
    }

    private func read(_ name: String) -> String? {
        guard let data = FileManager.default.contents(atPath: "/proc/\(identifier)/\(name)") else { return nil }
        return String(decoding: data, as: UTF8.self)
    }
}
