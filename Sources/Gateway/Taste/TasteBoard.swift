import CodecProcess
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
/// Nothing here is on the way of a chunk: reading has a thread that runs only while nothing else wants to, and a connection of its own, and
/// questions are answered on one of the lowest priority. What one account does shows in its own suggestions at once, and in those of
/// others from the next day on, so nobody can watch another's plays by asking again and again. What an account erases is out of memory at
/// once. While it is read, suggestions come of each account's own library: both what was and what will be would take twice the memory.
final class TasteBoard: Service {
    private static let period = Duration.seconds(24 * 60 * 60)
    /// Between looks whether anything is due, and before a reading that failed is tried again.
    private static let pause = Duration.seconds(60)

    let catalogue: Catalogue
    private let logger: Logger
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let readingThread = NIOThreadPool(numberOfThreads: 1)
    /// Of ``thread`` alone: who waits for it here would wait for work of the lowest priority. A copy that outlives the lock would have the
    /// next change copy all lists.
    private let held = Mutex(Held())
    let libraries = Mutex(TasteLibraries())
    private let erasures = Mutex(Erasures())
    /// What recordings were called when they were first asked for since the last reading; nil if nothing.
    private let names = Mutex<[Int64: KnownName?]>([:])
    /// The accounts that wait for a path.
    private let seekers = Mutex<Set<Int64>>([])

    private struct Held {
        var likes = Likes()
        /// ``Locker/Catalogue/departures()`` when those who had gone were last taken out.
        var departures: Int?
    }

    private struct Erasures {
        var count = 0
        /// The number of the latest erasure of each account, since likes were last read.
        var accounts: [Int64: Int] = [:]
        /// When likes were read; nil if they are not there.
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

    /// Starts the threads; ``run()`` ends them.
    func start() {
        thread.start()
        readingThread.start()
    }

    func run() async throws {
        await untilShutdown(
            pausing: Self.pause, logger, onError: "tastes not read; suggestions are of each account's own library", pass)
        try? await readingThread.shutdownGracefully()
        try? await thread.shutdownGracefully()
    }

    @Sendable private func pass() async throws {
        let isDue = erasures.withLock { $0.read.map { ContinuousClock.now - $0 >= Self.period } ?? true }
        if isDue {
            try await read()
            try await catalogue.forgetShownOffers()
        } else {
            try await dropDeparted()
        }
        let hasLibraries = libraries.withLock { libraries in
            libraries.dropUnused()
            return !libraries.isEmpty
        }
        // Whoever keeps nothing in memory need not know of what others erase.
        let listeners = try await ask { $0.listenerCount }
        if hasLibraries || listeners > 0 { catalogue.noteInterest() }
    }

    /// Reads what all listeners like.
    @Sendable func read() async throws {
        let start = erasures.withLock { erasures in
            erasures.read = nil
            return erasures.count
        }
        let isLeft = Flag()
        try await work { [self] in held.withLock { $0 = Held() } }
        let found = try await withTaskCancellationHandler {
            try await readingThread.runIfActive { [catalogue] in
                Self.yieldToAll()
                defer { giveBackFreedMemory() }
                return Found(try catalogue.readTastes { try Self.read($0, at: catalogue.time, isLeft) })
            }
        } onCancel: {
            isLeft.isSet.store(true, ordering: .relaxed)
        }
        try await work { [self] in
            guard var read = found.take() else { return }
            erasures.withLock { erasures in
                for (account, number) in erasures.accounts where number > start { read.likes.remove(account) }
                erasures.accounts = [:]
                erasures.read = .now
            }
            held.withLock { $0 = read }
        }
        names.withLock { $0 = [:] }
    }

    private static func read(_ reader: TasteReader, at time: Int, _ isLeft: Flag) throws -> Held {
        let departures = try reader.departures()
        var builder = Likes.Builder(of: try reader.listeners(), at: time)
        func goOn() throws {
            if isLeft.isSet.load(ordering: .relaxed) { throw CancellationError() }
        }
        try reader.tastes { taste in
            try goOn()
            builder.append(taste)
        }
        try reader.artists { recording, name in
            try goOn()
            builder.append(artist: name, of: recording)
        }
        return Held(likes: builder.finish(), departures: departures)
    }

    /// Has this thread run only while nothing else wants to, and read files likewise.
    private static func yieldToAll() {
        var parameters = sched_param()
        // SCHED_IDLE, which Glibc's module does not have.
        if unsafe sched_setscheduler(0, 5, &parameters) != 0 { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19) }
    }

    /// What was read, on its way to another thread.
    private final class Found: Sendable {
        private let held: Mutex<Held?>

        init(_ held: sending Held) { self.held = Mutex(held) }

        func take() -> Held? { held.withLock { $0.take() } }
    }

    /// Takes those out of what listeners like who have opted out since it was read, or erased any of their history.
    func dropDeparted() async throws {
        let departures = try await catalogue.departures()
        let isRight = try await work { [self] in held.withLock { $0.departures == departures || $0.likes.listenerCount == 0 } }
        if isRight { return }
        let listeners = try await catalogue.listeners()
        try await work { [self] in
            held.withLock { held in
                held.likes.keep(listeners)
                held.departures = departures
            }
        }
    }

    /// Takes what is known of an account out of memory; of nil, libraries that may be gone: ``dropDeparted()`` does the rest.
    private func drop(_ account: Int64?) {
        libraries.withLock { $0.drop(account) }
        guard let account else { return }
        erasures.withLock { erasures in
            erasures.count += 1
            erasures.accounts[account] = erasures.count
        }
        thread.submit { [weak self] _ in self?.held.withLock { $0.likes.remove(account) } }
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

    /// Answers a question of what listeners like, on the thread of suggestions. ``dropDeparted()`` comes before.
    ///
    /// - Parameter body: must not keep what listeners like.
    func ask<Value: Sendable>(_ body: @escaping @Sendable (Likes) -> Value) async throws -> Value {
        try await work { [self] in held.withLock { body($0.likes) } }
    }

    /// As ``ask(_:)``, for one question of an account at a time. `body` has to end when its time is over or its caller is gone.
    ///
    /// - Returns: nil if another question of the account is under way.
    func seek<Value: Sendable>(
        for account: Int64, atMost time: Duration, _ body: @escaping @Sendable (Likes, _ isOver: () -> Bool) -> Value
    ) async throws -> Value? {
        guard seekers.withLock({ $0.insert(account).inserted }) else { return nil }
        defer { seekers.withLock { _ = $0.remove(account) } }
        let isLeft = Flag()
        return try await withTaskCancellationHandler {
            try await ask { likes in
                let end = ContinuousClock.now + time
                return body(likes) { isLeft.isSet.load(ordering: .relaxed) || ContinuousClock.now >= end }
            }
        } onCancel: {
            isLeft.isSet.store(true, ordering: .relaxed)
        }
    }

    private final class Flag: Sendable {
        let isSet = Atomic(false)
    }
}
