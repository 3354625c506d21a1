import Glibc

/// How many connections may be open at once, so that files, pipes and workers still find descriptors.
enum ConnectionLimit {
    /// Descriptors the server needs apart from its connections: event loops, the database and its readers, watched folders.
    private static let fixed = 96
    /// A worker's pipes, and those of an ingest beside it with the file it reads.
    private static let ofWorker = 8
    /// Beyond this, memory is the limit: an idle connection takes some 30 KB.
    private static let most = 20_000
    private static let least = 8

    /// - Parameters:
    ///   - descriptors: descriptors the process may open.
    ///   - workers: codec processes.
    /// - Returns: three quarters of the rest. An upload holds a file beside its connection, and reading a chunk or an Original
    ///   opens one for a moment.
    static func connections(descriptors: Int, workers: Int) -> Int {
        let (taken, overflow) = workers.multipliedReportingOverflow(by: ofWorker)
        let left = overflow ? 0 : max(0, descriptors - fixed - min(taken, descriptors))
        return min(max(left / 4 * 3, least), most)
    }

    /// Descriptors this process may open: its soft limit.
    static var descriptors: Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        return Int(clamping: limit.rlim_cur)
    }
}
