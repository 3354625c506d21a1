import Locker
import ServiceLifecycle
import Synchronization

/// The streams of events that are open, a bounded number for each account.
final class EventStreams: Sendable {
    /// Most streams of an account at once: each is a connection.
    static let most = 20

    /// A stream as long as a response holds it.
    final class Place: Sendable {
        let stream = EventStream()
        let account: Int64
        private let streams: EventStreams

        fileprivate init(account: Int64, in streams: EventStreams) { (self.account, self.streams) = (account, streams) }

        deinit { streams.close(ObjectIdentifier(stream), of: account) }
    }

    private struct State {
        var streams: [ObjectIdentifier: EventStream] = [:]
        var counts: [Int64: Int] = [:]
    }

    private let state = Mutex(State())

    /// Returns nil if the account has as many as it may.
    func open(for account: Int64) -> Place? {
        state.withLock { state in
            guard state.counts[account, default: 0] < Self.most else { return nil }
            let place = Place(account: account, in: self)
            state.counts[account, default: 0] += 1
            state.streams[ObjectIdentifier(place.stream)] = place.stream
            return place
        }
    }

    private func close(_ stream: ObjectIdentifier, of account: Int64) {
        state.withLock { state in
            state.streams[stream] = nil
            let count = state.counts[account, default: 1] - 1
            state.counts[account] = count > 0 ? count : nil
        }
    }

    func beat() {
        for stream in state.withLock({ Array($0.streams.values) }) { stream.beat() }
    }
}

/// One clock for all streams of events: proxies and browsers give up a connection on which nothing comes.
struct EventClock: Service {
    let streams: EventStreams
    let interval: Duration

    func run() async throws {
        await untilShutdown {
            while true {
                try await Task.sleep(for: interval)
                streams.beat()
            }
        }
    }
}
