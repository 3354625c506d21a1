import Foundation
import Taste

/// A line of JSON on stdout.
func report(_ row: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    print(String(decoding: try encoder.encode(row), as: UTF8.self))
    fflush(nil)
}

struct Row: Encodable {
    var set: String
    var method: String
    var quality: Quality
    /// Milliseconds a user, one core.
    var time: Double
}

struct Check: Encodable {
    var set: String
    var xor: String
    var heldOut: Int
    var tested: Int
    var agrees: Bool
}

extension ListeningSet.Source {
    /// β that the inner validation chose: artists more, tracks less.
    var popularity: Float { self == .kgat ? 0.2 : 0.4 }
}

func measureQuality(of name: String, folder: URL) throws {
    guard let source = ListeningSet.Source(rawValue: name) else { return }
    let set = try ListeningSet(source, folder: folder)
    try report(
        Check(
            set: name, xor: String(format: "%016lx", set.check), heldOut: set.heldOutPairs.count, tested: set.heldOut.count,
            agrees: try set.agrees(with: source, folder: folder)))
    let interactions = set.interactions
    let popular = Scores.popularity(in: interactions)
    try measure("popularity", set, interactions) { _ in popular }
    for support in [1, 2, 3, 5] {
        let walk = Walk(popularity: source.popularity, support: support, sample: .max, seeds: .max, paths: .max)
        try measure("walk, support \(support)", set, interactions) {
            walk.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
        }
    }
    for support in [2, 3] {
        let bounded = Walk(popularity: source.popularity, support: support)
        try measure("walk, support \(support), bounded", set, interactions) {
            bounded.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
        }
        let recommender = Recommender(walk: bounded, artistShare: 0)
        try measure("walk and ridge, support \(support)", set, interactions) {
            recommender.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
        }
    }
}

func measure(_ method: String, _ set: ListeningSet, _ interactions: Interactions, scores: (Int32) -> Scores) throws {
    let start = ContinuousClock.now
    let quality = Quality(of: set, in: interactions, scores: scores)
    let time = (ContinuousClock.now - start) / .milliseconds(1) / Double(max(1, set.heldOut.count))
    try report(Row(set: set.name, method: method, quality: quality, time: time))
}

/// Pairs of user and item by their identifiers, separated by a tab.
func writeSplit(of name: String, folder: URL, train: String, heldOut: String) throws {
    guard let source = ListeningSet.Source(rawValue: name) else { return }
    let set = try ListeningSet(source, folder: folder)
    let rows = set.train.map { "\(set.users[Int($0.user)])\t\(set.items[Int($0.item)])\n" }
    try rows.joined().write(toFile: train, atomically: true, encoding: .utf8)
    let held = set.heldOutPairs.map { "\($0.user)\t\($0.item)\n" }
    try held.joined().write(toFile: heldOut, atomically: true, encoding: .utf8)
}
