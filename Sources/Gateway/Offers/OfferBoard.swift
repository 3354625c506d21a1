import Audio
import FileSystem
import Foundation
import Glibc
import Logging
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The offers there are now: the feed as it was when it was last right.
///
/// The file is looked at every few seconds. A new one is read when it has rested from one look to the next, so that one which is being
/// written is not; if anything in it is wrong, the log says what, and the offers stay as they were. One that was refused is read again
/// at every twelfth look, because a picture may have come.
final class OfferBoard: Service {
    /// What tells that a file is another than before.
    private struct Stamp: Equatable {
        /// Nil if it cannot be opened.
        var file: FileState?
    }

    private struct State {
        var feed = OfferFeed()
        var seen: Stamp?
        var read: Stamp?
        /// Looks since the file was refused; nil if it was not.
        var looks: Int?
        /// Why it was refused.
        var problems: [String] = []
    }

    private static let looksBetweenReadings = 12

    /// Nil: there are no offers.
    private let path: String?
    private let pause: Duration
    private let threads: NIOThreadPool
    private let logger: Logger
    private let state = Mutex(State())

    init(path: String?, pause: Duration, threads: NIOThreadPool, logger: Logger) {
        (self.path, self.pause, self.threads, self.logger) = (path, pause, threads, logger)
    }

    var feed: OfferFeed { state.withLock { $0.feed } }

    func run() async throws {
        await untilShutdown(pausing: pause, logger, onError: "offers not looked at") { [self] in try await look() }
    }

    /// Reads the feed if it is new.
    ///
    /// - Parameter isFirst: whether it is read even if it may still be written.
    func look(isFirst: Bool = false) async throws {
        guard let path else { return }
        try await threads.runIfActive { [self] in
            let stamp = Self.stamp(of: path)
            let isDue = state.withLock { state in
                defer { state.seen = stamp }
                if let looks = state.looks { state.looks = looks + 1 }
                let isRetried = state.looks.map { $0 >= Self.looksBetweenReadings } ?? false
                return (stamp != state.read || isRetried) && (isFirst || stamp == state.seen)
            }
            if isDue { read(path, stamp) }
        }
    }

    private func read(_ path: String, _ stamp: Stamp) {
        do throws(RefusedOffers) {
            let feed = try OfferFeed(path: path)
            state.withLock { state in
                (state.feed, state.read) = (feed, stamp)
                (state.looks, state.problems) = (nil, [])
            }
            logger.info("offers read", metadata: ["file": "\(path)", "offers": "\(feed.offers.count)"])
        } catch {
            let problems = error.problems.prefix(5).map { "\($0)" }
            let (count, isKnown) = state.withLock { state in
                defer { (state.read, state.looks, state.problems) = (stamp, 0, problems) }
                return (state.feed.offers.count, state.read == stamp && state.problems == problems)
            }
            for problem in problems where !isKnown {
                logger.error("the feed of offers is refused: \(problem)", metadata: ["file": "\(path)", "kept": "\(count)"])
            }
        }
    }

    /// A picture of the feed; nil if it is not there any more.
    func picture(_ name: String, in folder: String) async throws -> (bytes: [UInt8], type: String)? {
        try await threads.runIfActive {
            (try? OfferPicture.bytes(of: name, in: folder)).map { (bytes: $0.bytes, type: $0.format.mediaType) }
        }
    }

    private static func stamp(of path: String) -> Stamp {
        Stamp(file: try? OpenFile(path, O_RDONLY | O_NONBLOCK).state())
    }
}
