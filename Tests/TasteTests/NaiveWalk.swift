import Foundation
import Taste

/// The walk's formula by dictionaries and in Double, a pair of items at a time.
struct NaiveWalk {
    private var likes: [Int32: [Int32: Double]] = [:]
    private var fans: [Int32: Set<Int32>] = [:]
    let popularity: Double
    let support: Int

    init(_ rows: [Preference], popularity: Double, support: Int) {
        self.popularity = popularity
        self.support = support
        for row in rows {
            likes[row.account, default: [:]][row.item, default: 0] += Double(row.weight)
            fans[row.item, default: []].insert(row.account)
        }
    }

    func scores(for account: Int32) -> [Int32: Double] {
        var scores: [Int32: Double] = [:]
        for (seed, weight) in likes[account] ?? [:] {
            for (item, others) in fans {
                let both = others.intersection(fans[seed] ?? []).subtracting([account])
                guard both.count >= support else { continue }
                let mass = both.reduce(0) { $0 + 1 / Double(likes[$1]?.count ?? 1) }
                scores[item, default: 0] += weight * mass / Double(fans[seed]?.count ?? 1)
            }
        }
        for (item, score) in scores { scores[item] = score * pow(Double(fans[item]?.count ?? 1), -popularity) }
        return scores
    }
}
