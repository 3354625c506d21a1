import Foundation
import Glibc
import Locker
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization
import Taste

/// What listeners like, in memory, read from the catalogue once a day; and the thread on which suggestions are worked out.
///
/// Nothing here is on the way of a chunk: the rows come page by page with pauses as long as the pages took, and all arithmetic runs on
/// one thread of the lowest priority. What one account does shows in its own suggestions at once, and in those of others from the next
/// day on, so nobody can watch another's plays by asking again and again. What an account erases is out of memory at once.
final class TasteBoard: Service {
    private static let period = Duration.seconds(24 * 60 * 60)
    /// Between looks whether anything is due, and before a reading that failed is tried again.
    private static let pause = Duration.seconds(60)
    private static let page = 10_000

    let catalogue: Catalogue
    private let logger: Logger
    private let thread = NIOThreadPool(numberOfThreads: 1)
    /// Of ``thread`` alone: who waits for it here would wait for work of the lowest priority.
    private let held = Mutex(Likes())
    let libraries = Mutex(TasteLibraries())
    private let erasures = Mutex(Erasures())
    /// What recordings were called when they were first asked for since the last reading; nil if nothing.
    private let names = Mutex<[Int64: KnownName?]>([:])
    /// The accounts that wait for a path.
    private let seekers = Mutex<Set<Int64>>([])

    private struct Erasures {
        var count = 0
        /// The number of the latest erasure of each account, since likes were last read.
        var accounts: [Int64: Int] = [:]
        /// Whether another process may have erased anything.
        var isUnsure = false
        /// When likes were read.
        var read: ContinuousClock.Instant?
    }

    /// Hashes: no name stays of a locker that is gone.
    private struct KnownName {
        var name: Int
        var album: Int

        init(_ name: CommonName) { (self.name, album) = ([name.title, name.artist].hashValue, name.album.hashValue) }
    }

    init(catalogue: Catalogue, logger: Logger) {
        (self.catalogue, self.logger) = (catalogue, logger)
        catalogue.watchErasures { [weak self] in self?.drop($0) }
    }

    /// Starts the thread; ``run()`` ends it.
    func start() { thread.start() }

    func run() async throws {
        await untilShutdown(
            pausing: Self.pause, logger, onError: "tastes not read; suggestions are those of before", pass)
        try? await thread.shutdownGracefully()
    }

    @Sendable private func pass() async throws {
        let (isDue, isUnsure) = erasures.withLock { erasures in
            defer { erasures.isUnsure = false }
            return (erasures.read.map { ContinuousClock.now - $0 >= Self.period } ?? true, erasures.isUnsure)
        }
        if isDue {
            try await read()
            try await catalogue.forgetShownOffers()
        } else if isUnsure {
            do {
                _ = try await likes(of: try await catalogue.listeners())
            } catch {
                erasures.withLock { $0.isUnsure = true }
                throw error
            }
        }
        let hasLibraries = libraries.withLock { libraries in
            libraries.dropUnused()
            return !libraries.isEmpty
        }
        // Whoever keeps nothing in memory need not know of what others erase.
        let listeners = try await likes().listenerCount
        if hasLibraries || listeners > 0 { catalogue.noteInterest() }
    }

    /// Reads what all listeners like.
    @Sendable func read() async throws {
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        let start = erasures.withLock { $0.count }
        var builder = Likes.Builder(of: try await catalogue.listeners(), at: now)
        var last: (account: Int64, track: String)?
        repeat {
            let start = ContinuousClock.now
            let page = try await catalogue.recordingTastes(after: last, limit: Self.page)
            for taste in page.tastes { builder.append(taste) }
            let artists = try await catalogue.artistOrders(ofRecordings: builder.withoutArtists)
            builder.append(artists: artists)
            last = page.last
            if last != nil { try await Task.sleep(for: ContinuousClock.now - start) }
        } while last != nil
        let rows = Rows(builder)
        try await work { [self] in
            var read = rows.finish()
            erasures.withLock { erasures in
                for (account, number) in erasures.accounts where number > start { read.remove(account) }
                erasures.accounts = [:]
                erasures.read = .now
            }
            held.withLock { $0 = read }
        }
        names.withLock { $0 = [:] }
    }

    /// Rows on their way to another thread.
    private final class Rows: Sendable {
        private let builder: Mutex<Likes.Builder?>

        init(_ builder: consuming sending Likes.Builder) { self.builder = Mutex(builder) }

        func finish() -> Likes { builder.withLock { $0.take()?.finish() } ?? Likes() }
    }

    /// What listeners like, of those alone who are opted in now.
    ///
    /// - Parameter listeners: as ``Locker/Catalogue/listeners()`` gives them; nil for what is in memory.
    func likes(of listeners: [Int64: Int]? = nil) async throws -> Likes {
        try await work { [self] in
            held.withLock { likes in
                if let listeners { likes.keep(listeners) }
                return likes
            }
        }
    }

    /// Takes what is known of an account out of memory; of nil, anything that may be gone.
    private func drop(_ account: Int64?) {
        libraries.withLock { $0.drop(account) }
        erasures.withLock { erasures in
            guard let account else {
                erasures.isUnsure = true
                return
            }
            erasures.count += 1
            erasures.accounts[account] = erasures.count
        }
        if let account { thread.submit { [weak self] _ in self?.held.withLock { $0.remove(account) } } }
    }

    /// The name of a recording if it is that by which it was known when it was first asked for since the last reading: what others add or
    /// change shows from the next day on.
    func settled(_ name: CommonName?, of recording: Int64) -> CommonName? {
        let found = name.map(KnownName.init)
        let known = names.withLock { names in
            if let known = names[recording] { return known }
            names.updateValue(found, forKey: recording)
            return found
        }
        guard var name, let found, let known, found.name == known.name else { return nil }
        if found.album != known.album { name.album = "" }
        return name
    }
}

extension TasteBoard {
    /// Runs `body` on the thread of suggestions.
    func work<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        try await thread.runIfActive {
            // Of this thread alone, in Linux.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            return body()
        }
    }

    /// As ``work(_:)``, for one question of an account at a time. `body` has to end when its time is over or its caller is gone.
    ///
    /// - Returns: nil if another question of the account is under way.
    func seek<Value: Sendable>(
        for account: Int64, atMost time: Duration, _ body: @escaping @Sendable (_ isOver: () -> Bool) -> Value
    ) async throws -> Value? {
        guard seekers.withLock({ $0.insert(account).inserted }) else { return nil }
        defer { seekers.withLock { _ = $0.remove(account) } }
        let isLeft = Flag()
        return try await withTaskCancellationHandler {
            try await work {
                let end = ContinuousClock.now + time
                return body { isLeft.isSet.load(ordering: .relaxed) || ContinuousClock.now >= end }
            }
        } onCancel: {
            isLeft.isSet.store(true, ordering: .relaxed)
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }
}
