import Foundation
import Taste
import Testing

/// Lists find what was held out of real listening, as often as they did when the method was chosen.
@Suite(.enabled(if: ListeningData.isThere, "no listening data; SWEETSPOT_RESEARCH names its folder"))
struct QualityTests {
    private let data: Split
    private var interactions: Interactions { data.interactions }

    init() throws { data = try Self.split.get() }

    @Test func `the held-out items are those of the protocol`() {
        #expect(data.check == 0x0252_5d3e_7bb9_4081)
        #expect(data.heldOut.count == 1874)
        #expect(interactions.pairCount == 74_297)
    }

    @Test func `popularity, the negative control`() {
        let popular = (0..<Int32(interactions.itemCount))
            .sorted { (interactions.accountCount(of: $0), $1) > (interactions.accountCount(of: $1), $0) }
        let quality = measure { user in
            let own = Set(interactions.items(of: user))
            return Array(popular.lazy.filter { !own.contains($0) }.prefix(20))
        }
        #expect(abs(quality.recall - 0.1029) < 0.001)
        #expect(abs(quality.nDCG - 0.1003) < 0.001)
    }

    @Test func `the walk with three accounts behind each pair`() {
        let recommender = Recommender(walk: Walk(popularity: 0.4), ridge: nil, artistShare: 0)
        let quality = measure { suggestions(by: recommender, to: $0) }
        #expect(quality.recall >= 0.250)
        #expect(quality.nDCG >= 0.255)
        #expect(quality.coverage >= 0.075)
    }

    @Test func `the regression finds more than the walk alone`() {
        let recommender = Recommender(walk: Walk(popularity: 0.4), artistShare: 0)
        let quality = measure { suggestions(by: recommender, to: $0) }
        #expect(quality.recall >= 0.265)
        #expect(quality.nDCG >= 0.270)
        #expect(quality.coverage >= 0.075)
    }

    private func suggestions(by recommender: Recommender, to user: Int32) -> [Int32] {
        let own = Set(interactions.items(of: user))
        return recommender.scores(from: interactions.seeds(of: user), in: interactions, without: user)
            .best(20) { !own.contains($0) }.map(\.item)
    }

    private func measure(list: (Int32) -> [Int32]) -> (recall: Double, nDCG: Double, coverage: Double) {
        var recall = 0.0
        var nDCG = 0.0
        var covered = Set<Int32>()
        for (user, wanted, count) in data.heldOut {
            let list = list(user)
            covered.formUnion(list)
            let places = list.indices.filter { wanted.contains(list[$0]) }
            recall += Double(places.count) / Double(count)
            nDCG +=
                places.reduce(0) { $0 + 1 / log2(Double($1) + 2) }
                / (0..<min(20, count)).reduce(0) { $0 + 1 / log2(Double($1) + 2) }
        }
        let users = Double(data.heldOut.count)
        return (recall / users, nDCG / users, Double(covered.count) / Double(interactions.itemCount))
    }

    private struct Split {
        var interactions: Interactions
        var heldOut: [(user: Int32, items: Set<Int32>, count: Int)]
        /// XOR of the hashes of all pairs that are held out.
        var check: UInt64
    }

    private static let split = Result { try makeSplit() }

    private static func makeSplit() throws -> Split {
        var train: [(user: UInt32, item: UInt32)] = []
        var held: [UInt32: [UInt32]] = [:]
        var check: UInt64 = 0
        for (user, own) in Dictionary(grouping: try ListeningData.lastfm2k(), by: \.user) {
            let sorted = own.map { (hash: ListeningData.hash(user, $0.item), item: $0.item) }.sorted { $0 < $1 }
            let count = own.count >= 10 ? own.count / 5 : 0
            for entry in sorted.prefix(count) {
                check ^= entry.hash
                held[user, default: []].append(entry.item)
            }
            train += sorted.dropFirst(count).map { (user, $0.item) }
        }
        let items = Dictionary(uniqueKeysWithValues: Set(train.map(\.item)).sorted().enumerated().map { ($1, Int32($0)) })
        let users = Dictionary(uniqueKeysWithValues: Set(train.map(\.user)).sorted().enumerated().map { ($1, Int32($0)) })
        let rows = try train.map {
            Preference(account: try #require(users[$0.user]), item: try #require(items[$0.item]), weight: 1)
        }
        let heldOut = try held.map { (try #require(users[$0]), Set($1.compactMap { items[$0] }), $1.count) }
        return Split(interactions: Interactions(rows), heldOut: heldOut, check: check)
    }
}
