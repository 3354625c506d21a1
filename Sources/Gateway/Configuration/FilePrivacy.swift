import FileSystem
import Foundation
import Logging
import ServiceLifecycle

/// Closes a data directory to all users but its owner, if an earlier version, or a copy, left it open.
///
/// Only files that the server makes are changed. A file with a second name is left alone, because `import --link` shares it with
/// its owner; so are the targets of symbolic links. Behind a directory of mode 0700 neither can be reached by these names.
struct FilePrivacy: Sendable {
    /// Number of files that were open to others and have been closed.
    private(set) var mended = 0
    /// Paths that were open to others and still are.
    private(set) var left: [String] = []
    /// Directories still to be read.
    private var pending: [String] = []

    /// - Parameters:
    ///   - files: in `root`; they need not exist.
    ///   - directories: likewise, with everything in them. Each of them may be a symbolic link.
    init(root: String, files: [String], directories: [String]) {
        mend(root, followsLinks: true)
        for file in files { mend(file, followsLinks: true) }
        for directory in directories where mend(directory, followsLinks: true) { pending.append(directory) }
    }

    var isDone: Bool { pending.isEmpty }

    /// Looks at further files, at least `count` if there are as many. Blocks.
    mutating func go(on count: Int) {
        var seen = 0
        while seen < count, let directory = pending.popLast() {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
                let path = "\(directory)/\(name)"
                if mend(path, followsLinks: false) { pending.append(path) }
                seen += 1
            }
        }
    }

    /// Closes `path` to others if it is open to them. Returns whether it is a directory.
    @discardableResult
    private mutating func mend(_ path: String, followsLinks: Bool) -> Bool {
        guard let access = FileAccess(path, followsLinks: followsLinks) else { return false }
        if access.isOwn, access.isOpenToOthers {
            if access.withhold() { mended += 1 } else { left.append(path) }
        }
        return access.isDirectory
    }

    /// Logs the result.
    func report(to logger: Logger) {
        if mended > 0 {
            logger.warning(
                "files of the data directory could be read by others: now only their owner can",
                metadata: ["files": "\(mended)"])
        }
        if let first = left.first {
            logger.warning(
                "others may read files of the data directory: remove their access with chmod go=",
                metadata: ["files": "\(left.count)", "first": "\(first)"])
        }
    }
}

/// Continues a ``FilePrivacy`` after the start, because a large locker has some hundred thousand files.
struct FilePrivacyService: Service {
    /// Files checked before the server listens: some 50 ms.
    static let atStart = 10_000

    let privacy: FilePrivacy
    let logger: Logger

    func run() async throws {
        await untilShutdown {
            var privacy = privacy
            defer { privacy.report(to: logger) }
            while !privacy.isDone {
                privacy.go(on: 1000)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
}
