/// The changes since a process last looked for them.
struct ChangeNews: Sendable {
    /// What other processes did to that which is remembered.
    enum Memory: Sendable {
        case right
        case changed
        /// Tracks were removed, and perhaps more changed.
        case removed
    }

    var memory = Memory.right
    /// The subjects of changes by all processes, this one among them, that concern one account only.
    var accounts: [Int64: ChangeSubjects] = [:]
    /// The subjects of changes that may concern any account.
    var everybody: ChangeSubjects = []

    /// Anything may have changed.
    static let unknown = ChangeNews(memory: .removed, everybody: [.all, .erased])

    /// Whether a session, a key or an account has ended.
    var endsCredentials: Bool {
        everybody.contains(.credentials) || accounts.values.contains { $0.contains(.credentials) }
    }

    func subjects(of account: Int64) -> ChangeSubjects { everybody.union(accounts[account] ?? []) }
}
