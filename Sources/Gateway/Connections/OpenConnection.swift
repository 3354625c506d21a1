import NIOCore
import Synchronization

/// A connection as the choice sees it of which are ended where there are too many: what it is at, read from other event loops.
final class OpenConnection: Sendable {
    private let channel: any Channel
    /// Nanoseconds of ``NIODeadline``; 0 while a request is being answered.
    private let idleSince: Atomic<UInt64>
    /// The same since when the server waits for the client in the middle of a request; 0 while it does not.
    private let heldSince = Atomic<UInt64>(0)

    init(_ channel: any Channel) {
        self.channel = channel
        idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
    }

    /// One relaxed store: it is on the way of every request.
    func noteIdle(since time: NIODeadline) { idleSince.store(time.uptimeNanoseconds, ordering: .relaxed) }
    func noteBusy() { idleSince.store(0, ordering: .relaxed) }

    func noteHold(_ isHeld: Bool) {
        guard isHeld != (heldSince.load(ordering: .relaxed) != 0) else { return }
        heldSince.store(isHeld ? NIODeadline.now().uptimeNanoseconds : 0, ordering: .relaxed)
    }

    /// Since when no request is at hand; nil while one is.
    var idle: UInt64? {
        let since = idleSince.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }

    /// Since when a request waits for its client; nil where none does.
    var held: UInt64? {
        let since = heldSince.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }

    /// Ends the connection if it is still at what it was.
    func end(_ reason: OpenConnections.Reason) {
        channel.eventLoop.execute { [self] in
            switch reason {
            case .idle(let since):
                if idle == since { channel.close(promise: nil) }
            case .held(let since):
                guard held == since else { return }
                channel.close(promise: nil)
                // Answers under way in ``HotMediaHandler`` are waited for at first.
                channel.close(promise: nil)
            }
        }
    }
}
