/// The listeners of a month, counted by cells, on the way to a ``Report``. Nothing of it may be shown.
///
/// An account counts in a few cells of each kind, chosen at random of those it played most, by its own plays alone: another account
/// more or less changes no choice.
public struct ReportTally: Sendable {
    struct Cell: Sendable {
        var listeners = 0
        /// Each listener's up to the most that count.
        var plays = 0
    }

    public let month: ReportMonth
    public let rules: ReportRules
    private let excluded: Set<Int64>
    private(set) var cells: [ReportKey: Cell] = [:]

    /// - Parameter excluded: accounts that do not count: those of rights holders and of who is tied to them.
    public init(month: ReportMonth, rules: ReportRules = ReportRules(), excluding excluded: Set<Int64> = []) {
        (self.month, self.rules, self.excluded) = (month, rules, excluded)
    }

    /// Counts an account, which must be opted in and must not have been counted; one that is too young, played on one day alone, or is
    /// excluded does not count.
    ///
    /// - Parameter generator: of this month and account: with the same numbers the same cells are chosen.
    public mutating func add(_ listener: ReportListener, using generator: inout some RandomNumberGenerator) {
        guard counts(listener) else { return }
        var plays: [ReportKey: Int] = [:]
        for play in listener.plays where play.count > 0 {
            for key in play.keys { plays[key, default: 0] &+= min(play.count, 1 << 20) }
        }
        for share in rules.shares {
            for key in Self.choose(share, of: plays, using: &generator) {
                cells[key, default: Cell()].listeners += 1
                cells[key, default: Cell()].plays += min(plays[key] ?? 0, rules.mostPlays)
            }
        }
    }

    private func counts(_ listener: ReportListener) -> Bool {
        let day = ReportMonth.day
        guard !excluded.contains(listener.account), listener.created <= month.times.upperBound - rules.leastAge * day,
            let first = listener.plays.map(\.times.lowerBound).min(), let last = listener.plays.map(\.times.upperBound).max()
        else { return false }
        return first / day < last / day
    }

    private static func choose(
        _ share: ReportRules.Share, of plays: [ReportKey: Int], using generator: inout some RandomNumberGenerator
    ) -> [ReportKey] {
        // A dictionary's order is another in each process.
        let keys = plays.keys.filter { $0.kind == share.kind }.sorted().shuffled(using: &generator)
        let heaviest = keys.enumerated().sorted { one, other in
            let (heavier, lighter) = (plays[one.element] ?? 0, plays[other.element] ?? 0)
            return heavier != lighter ? heavier > lighter : one.offset < other.offset
        }
        return Array(heaviest.prefix(share.heaviest).map(\.element).shuffled(using: &generator).prefix(share.chosen))
    }
}
