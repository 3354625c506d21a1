internal import Synchronization

/// A caller that is told of the changes of an account, for as long as it holds this.
public final class AccountWatch: Sendable {
    typealias Tell = @Sendable (ChangeSubjects) -> Void

    private let place: Int
    private let watches: AccountWatches

    fileprivate init(_ place: Int, in watches: AccountWatches) { (self.place, self.watches) = (place, watches) }

    deinit { watches.end(place) }
}

/// The callers that are told of the changes of an account.
final class AccountWatches: Sendable {
    private struct State {
        var last = 0
        var watches: [Int: (account: Int64, tell: AccountWatch.Tell)] = [:]
    }

    private let state = Mutex(State())

    var isEmpty: Bool { state.withLock { $0.watches.isEmpty } }

    func begin(_ account: Int64, _ tell: @escaping AccountWatch.Tell) -> AccountWatch {
        let place = state.withLock { state in
            state.last += 1
            state.watches[state.last] = (account, tell)
            return state.last
        }
        return AccountWatch(place, in: self)
    }

    fileprivate func end(_ place: Int) {
        // Its closure may hold the last reference to anything, so it is released outside.
        let ended = state.withLock { $0.watches.removeValue(forKey: place) }
        withExtendedLifetime(ended) {}
    }

    func tell(_ news: ChangeNews) {
        if news.everybody.isEmpty, news.accounts.isEmpty { return }
        for watch in state.withLock({ Array($0.watches.values) }) {
            let subjects = news.subjects(of: watch.account).subtracting(.erased)
            if !subjects.isEmpty { watch.tell(subjects) }
        }
    }
}
