import Foundation
import Logging
import Originals
import ServiceLifecycle

/// Takes what lies in a data directory away from all but its owner: an earlier version, or a copy, left it to everybody.
///
/// Only what the server itself puts there is looked at. A file with a second name is left as it is, since `import --link` shares it with
/// whoever it belongs to, and so is what a symbolic link in there leads to; behind a directory of mode 0700 neither can be reached by
/// this name.
struct FilePrivacy: Sendable {
    /// What was open to others and is no more.
    private(set) var mended = 0
    /// What was open to others and still is.
    private(set) var left: [String] = []
    /// Directories to be looked into.
    private var pending: [String] = []

    /// - Parameters:
    ///   - files: in `root`; they need not be there.
    ///   - directories: likewise, with all that is in them. Each of them may be a symbolic link.
    init(root: String, files: [String], directories: [String]) {
        mend(root, followsLinks: true)
        for file in files { mend(file, followsLinks: true) }
        for directory in directories where mend(directory, followsLinks: true) { pending.append(directory) }
    }

    var isDone: Bool { pending.isEmpty }

    /// Looks at some more, at least `count` where there are as many. Blocks.
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

    /// Says whether there is a directory at `path`.
    @discardableResult
    private mutating func mend(_ path: String, followsLinks: Bool) -> Bool {
        guard let access = FileAccess(path, followsLinks: followsLinks) else { return false }
        if access.isOwn, access.isOpenToOthers {
            if access.withhold() { mended += 1 } else { left.append(path) }
        }
        return access.isDirectory
    }

    /// Says what was found.
    func report(to logger: Logger) {
        if mended > 0 {
            logger.warning(
                "files of the data directory could be read by others: they are their owner's alone now",
                metadata: ["files": "\(mended)"])
        }
        if let first = left.first {
            logger.warning(
                "others may read files of the data directory: take that away with chmod go=",
                metadata: ["files": "\(left.count)", "first": "\(first)"])
        }
    }
}

/// Goes on with what the start had no time for: a large locker has some hundred thousand files.
struct FilePrivacyService: Service {
    /// Files that are looked at before the server listens: some 50 ms.
    static let atStart = 10_000

    let privacy: FilePrivacy
    let logger: Logger

    func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var privacy = privacy
            defer { privacy.report(to: logger) }
            while !privacy.isDone {
                privacy.go(on: 1000)
                try await Task.sleep(for: .milliseconds(20))
            }
        }
        // A service that returns ends the server.
        try? await gracefulShutdown()
    }
}
