internal import Synchronization

/// Remembers the members of smart playlists: the latest until something changes that they are made of, and former ones for
/// clients that are reading them page by page.
///
/// ``lanes`` evaluations run at once, and one of each account, so that they leave connections to all other readers and an account that
/// asks for many waits for its own.
final class SmartLists: Sendable {
    /// Everything that decides the members of a playlist but the library itself.
    struct Question: Equatable {
        var rules: SmartRules
        var account: Int64
        /// Days since 1970.
        var day: Int
    }

    /// How often each part of an account was changed.
    struct Stamp: Equatable {
        fileprivate var library = 0
        fileprivate var history = 0
        fileprivate var playlists = 0

        fileprivate mutating func note(_ subjects: ChangeSubjects) {
            if subjects.isEmpty || subjects.contains(.library) { library += 1 }
            if subjects.contains(.history) { history += 1 }
            if subjects.contains(.playlists) { playlists += 1 }
        }

        fileprivate func isEqual(_ other: Stamp, in subjects: ChangeSubjects) -> Bool {
            library == other.library && (!subjects.contains(.history) || history == other.history)
                && (!subjects.contains(.playlists) || playlists == other.playlists)
        }
    }

    private struct Key: Hashable {
        var playlist: String
        var mark: Int
    }

    private struct Kept {
        var list: SmartList
        var account: Int64
        var used: Int
    }

    private struct Latest {
        var question: Question
        var everybody: Stamp
        var own: Stamp
        var mark: Int
    }

    private struct State {
        var everybody = Stamp()
        var own: [Int64: Stamp] = [:]
        var latest: [String: Latest] = [:]
        var kept: [Key: Kept] = [:]
        var size = 0
        var clock = 0
        /// The work of each account that came last, with its number.
        var last: [Int64: (number: Int, work: Task<Void, Never>)] = [:]
        var works = 0
        var free = SmartLists.lanes
        /// Works that are next of their accounts, in the order in which they became so.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private static let lanes = 2
    /// Bytes: some 70 lists of 10,000 tracks.
    private let most: Int
    private let state = Mutex(State())

    init(most: Int = 16 << 20) { self.most = most }

    /// The members of now, which are evaluated if they are not known.
    ///
    /// - Throws: What `evaluate` throws.
    func list(
        of playlist: String, _ question: Question, _ evaluate: @escaping @Sendable () async throws -> SmartList
    ) async throws -> SmartList {
        if let known = known(playlist, question) { return known }
        return try await inTurn(of: question.account) {
            // Another may have asked the same meanwhile.
            if let known = self.known(playlist, question) { return known }
            let (everybody, own) = self.state.withLock { ($0.everybody, $0.own[question.account] ?? Stamp()) }
            let list = try await evaluate()
            self.keep(list, of: playlist, Latest(question: question, everybody: everybody, own: own, mark: list.mark))
            return list
        }
    }

    /// Former members, if they are remembered.
    func list(of playlist: String, mark: Int) -> SmartList? {
        state.withLock { Self.use(Key(playlist: playlist, mark: mark), &$0) }
    }

    /// Takes note of a change.
    ///
    /// - Parameter account: nil if it may concern any.
    func note(_ subjects: ChangeSubjects, of account: Int64?) {
        state.withLock { state in
            guard let account else { return state.everybody.note(subjects) }
            state.own[account, default: Stamp()].note(subjects)
        }
    }

    /// Forgets all members of an account's playlists, or of everybody's.
    func forget(account: Int64?) {
        state.withLock { state in
            state.everybody.note(.all)
            for (key, kept) in state.kept where account == nil || kept.account == account {
                state.kept[key] = nil
                state.size -= kept.list.size
            }
            state.latest = state.latest.filter { state.kept[Key(playlist: $0.key, mark: $0.value.mark)] != nil }
        }
    }

    private func known(_ playlist: String, _ question: Question) -> SmartList? {
        state.withLock { state in
            guard let latest = state.latest[playlist], latest.question == question,
                latest.everybody.isEqual(state.everybody, in: question.rules.subjects),
                latest.own.isEqual(state.own[question.account] ?? Stamp(), in: question.rules.subjects)
            else { return nil }
            return Self.use(Key(playlist: playlist, mark: latest.mark), &state)
        }
    }

    private static func use(_ key: Key, _ state: inout State) -> SmartList? {
        state.clock += 1
        state.kept[key]?.used = state.clock
        return state.kept[key]?.list
    }

    private func keep(_ list: SmartList, of playlist: String, _ latest: Latest) {
        let key = Key(playlist: playlist, mark: list.mark)
        state.withLock { state in
            state.clock += 1
            if let former = state.kept[key] { state.size -= former.list.size }
            state.kept[key] = Kept(list: list, account: latest.question.account, used: state.clock)
            state.size += list.size
            state.latest[playlist] = latest
            guard state.size > most else { return }
            for (key, kept) in state.kept.sorted(by: { $0.value.used < $1.value.used }) where state.size > most * 3 / 4 {
                state.kept[key] = nil
                state.size -= kept.list.size
            }
            state.latest = state.latest.filter { state.kept[Key(playlist: $0.key, mark: $0.value.mark)] != nil }
        }
    }

    /// Runs `body` when the account's work that came before is done and a lane is free.
    private func inTurn<Value: Sendable>(
        of account: Int64, _ body: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let work = state.withLock { state in
            let before = state.last[account]?.work
            state.works += 1
            let number = state.works
            let work = Task {
                await before?.value
                await self.enter()
                defer { self.leave() }
                return try await body()
            }
            let end = Task {
                _ = await work.result
                self.state.withLock { if $0.last[account]?.number == number { $0.last[account] = nil } }
            }
            state.last[account] = (number, end)
            return work
        }
        return try await work.value
    }

    private func enter() async {
        await withCheckedContinuation { continuation in
            let isFree = state.withLock { state in
                guard state.free > 0 else {
                    state.waiting.append(continuation)
                    return false
                }
                state.free -= 1
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// The lane goes to the work that has waited longest.
    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}
