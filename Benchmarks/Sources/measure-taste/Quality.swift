import Foundation
import Taste

/// How well lists of 20 find what was held out.
struct Quality: Codable {
    var recall = 0.0
    var nDCG = 0.0
    /// Distinct items in all lists, of those that are trained on.
    var coverage = 0.0

    static let length = 20

    /// - Parameter scores: of a user; the user's own items may be among them. Items without a score follow by number.
    init(of set: ListeningSet, in interactions: Interactions, scores: (Int32) -> Scores) {
        var covered = Set<Int32>()
        for (user, held) in set.heldOut {
            let own = Set(interactions.items(of: user))
            var list = scores(user).best(Self.length) { !own.contains($0) }.map(\.item)
            var next = Int32(0)
            while list.count < Self.length, next < interactions.itemCount {
                if !own.contains(next), !list.contains(next) { list.append(next) }
                next += 1
            }
            covered.formUnion(list)
            let wanted = Set(held)
            let gains = list.enumerated().filter { wanted.contains($0.element) }.map { 1 / log2(Double($0.offset) + 2) }
            let ideal = (0..<min(Self.length, held.count)).reduce(0) { $0 + 1 / log2(Double($1) + 2) }
            recall += Double(gains.count) / Double(held.count)
            nDCG += gains.reduce(0, +) / ideal
        }
        let users = Double(max(1, set.heldOut.count))
        recall /= users
        nDCG /= users
        coverage = Double(covered.count) / Double(max(1, interactions.itemCount))
    }
}
