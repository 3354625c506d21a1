import NIOCore
import Synchronization

/// A connection's activity, readable from other event loops, for the choice of connections to close.
final class OpenConnection: Sendable {
    private let channel: any Channel
    /// Nanoseconds of ``NIODeadline``; 0 while a request is being answered.
    private let idleSince: Atomic<UInt64>
    /// The time since which the server waits for the client in the middle of a request; 0 while it does not.
    private let heldSince = Atomic<UInt64>(0)

    init(_ channel: any Channel) {
        self.channel = channel
        idleSince = Atomic(NIODeadline.now().uptimeNanoseconds)
    }

    /// One relaxed store: every request passes here.
    func noteIdle(since time: NIODeadline) { idleSince.store(time.uptimeNanoseconds, ordering: .relaxed) }
    func noteBusy() { idleSince.store(0, ordering: .relaxed) }

    func noteHold(_ isHeld: Bool) {
        guard isHeld != (heldSince.load(ordering: .relaxed) != 0) else { return }
        heldSince.store(isHeld ? NIODeadline.now().uptimeNanoseconds : 0, ordering: .relaxed)
    }

    /// The time since which the connection has no request; nil while it has one.
    var idle: UInt64? {
        let since = idleSince.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }

    /// The time since which a request waits for its client; nil while no request does.
    var held: UInt64? {
        let since = heldSince.load(ordering: .relaxed)
        return since == 0 ? nil : since
    }

    /// Ends the connection if `reason` still holds.
    func end(_ reason: OpenConnections.Reason) {
        channel.eventLoop.execute { [self] in
            switch reason {
            case .idle(let since):
                if idle == since { channel.close(promise: nil) }
            case .held(let since):
                guard held == since else { return }
                channel.close(promise: nil)
                // ``HotMediaHandler`` lets the first close wait for its answers under way. The second does not wait.
                channel.close(promise: nil)
            }
        }
    }
}
