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
/// day on, so nobody can watch another's plays by asking again and again.
final class TasteBoard: Service {
    private static let period = Duration.seconds(24 * 60 * 60)
    private static let page = 10_000

    private let catalogue: Catalogue
    private let logger: Logger
    private let thread = NIOThreadPool(numberOfThreads: 1)
    private let likes = Mutex(Likes())
    private let libraries = Mutex<[Int64: Library]>([:])

    /// An account's library as it was when the catalogue had this to say of it.
    private struct Library {
        /// ``Locker/Catalogue/libraryChanged(account:)``.
        var changed: Int
        var plays: Int
        var own: OwnLibrary
        /// Nil if no track's sound is known.
        var sound: SoundSpace?
        var used = ContinuousClock.now
    }

    init(catalogue: Catalogue, logger: Logger) { (self.catalogue, self.logger) = (catalogue, logger) }

    /// Starts the thread; ``run()`` ends it.
    func start() { thread.start() }

    func run() async throws {
        await untilShutdown(
            pausing: Self.period, logger, onError: "tastes not read; suggestions are those of before", read)
        try? await thread.shutdownGracefully()
    }

    /// Reads what all listeners like.
    @Sendable func read() async throws {
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        var builder = Likes.Builder(at: now)
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
        let read = try await work { rows.finish() }
        likes.withLock { $0 = read }
    }

    /// Rows on their way to another thread.
    private final class Rows: Sendable {
        private let builder: Mutex<Likes.Builder?>

        init(_ builder: consuming sending Likes.Builder) { self.builder = Mutex(builder) }

        func finish() -> Likes { builder.withLock { $0.take()?.finish() } ?? Likes() }
    }

    /// What listeners like, of those alone who are opted in now.
    func likes(of listeners: Set<Int64>) -> Likes {
        likes.withLock { likes in
            likes.keep(listeners)
            return likes
        }
    }

    /// Runs `body` on the thread of suggestions.
    func work<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async throws -> Value {
        try await thread.runIfActive {
            // Of this thread alone, in Linux.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 19)
            return body()
        }
    }
}

extension TasteBoard {
    /// Accounts whose libraries are kept.
    private static let mostLibraries = 8
    /// Plays that sittings are made of.
    private static let mostPlays = 20_000

    /// An account's library, and its sound if that of any track is known.
    func library(of account: Int64) async throws -> (own: OwnLibrary, sound: SoundSpace?) {
        let plays = try await catalogue.taste(account: account)?.plays ?? 0
        let changed = try await catalogue.libraryChanged(account: account)
        let former = libraries.withLock { $0[account] }
        if let former, former.changed == changed, former.plays == plays {
            libraries.withLock { $0[account]?.used = .now }
            return (former.own, former.sound)
        }
        let tracks = try await catalogue.ownTracks(account: account)
        let latest = try await catalogue.latestPlays(account: account, limit: Self.mostPlays)
        let own = try await work { OwnLibrary(tracks, plays: latest) }
        var sound = former?.sound
        if former?.changed != changed {
            let sounds = try await catalogue.ownSounds(account: account)
            sound = sounds.isEmpty ? nil : try await work { own.soundSpace(of: sounds) }
        }
        let library = Library(changed: changed, plays: plays, own: own, sound: sound)
        libraries.withLock { libraries in
            libraries[account] = library
            while libraries.count > Self.mostLibraries, let oldest = libraries.min(by: { $0.value.used < $1.value.used }) {
                libraries[oldest.key] = nil
            }
        }
        return (own, sound)
    }
}
