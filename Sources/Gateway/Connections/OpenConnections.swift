import NIOCore
import Synchronization

/// The connections of a server, and the choice of those to close when no more can be opened.
final class OpenConnections: Sendable {
    /// Why a connection is closed, and the time since which that reason holds, in nanoseconds of ``NIODeadline``.
    enum Reason: Equatable {
        case idle(UInt64)
        case held(UInt64)
    }

    /// How long a request may wait for its client before its connection may be closed.
    static let patience = TimeAmount.seconds(5)

    private let connections = Mutex<[ObjectIdentifier: OpenConnection]>([:])

    func open(_ channel: any Channel) -> OpenConnection {
        let connection = OpenConnection(channel)
        let key = ObjectIdentifier(connection)
        connections.withLock { $0[key] = connection }
        channel.closeFuture.whenComplete { [self] _ in _ = connections.withLock { $0.removeValue(forKey: key) } }
        return connection
    }

    /// Ends up to `count` connections: first those without a request, then those whose client keeps a request waiting, each the
    /// oldest first. Returns how many it ended.
    func shed(_ count: Int) -> Int {
        let all = connections.withLock { Array($0.values) }
        let chosen = Self.choose(count, of: all.map { ($0.idle, $0.held) }, now: NIODeadline.now().uptimeNanoseconds)
        for (place, reason) in chosen { all[place].end(reason) }
        return chosen.count
    }

    /// The indexes of the connections to close.
    static func choose(
        _ count: Int, of connections: [(idle: UInt64?, held: UInt64?)], now: UInt64
    ) -> [(place: Int, reason: Reason)] {
        let idle = connections.enumerated().compactMap { place, connection in connection.idle.map { (place, $0) } }
        let due = now - min(now, UInt64(patience.nanoseconds))
        let held = connections.enumerated().compactMap { place, connection -> (Int, UInt64)? in
            guard connection.idle == nil, let since = connection.held, since <= due else { return nil }
            return (place, since)
        }
        let ordered =
            idle.sorted { $0.1 < $1.1 }.map { (place: $0.0, reason: Reason.idle($0.1)) }
            + held.sorted { $0.1 < $1.1 }.map { (place: $0.0, reason: Reason.held($0.1)) }
        return Array(ordered.prefix(count))
    }
}
