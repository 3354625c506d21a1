import Foundation
import Taste

/// Prints what settings give on the inner validation, which never sees the items that the test holds out.
func tune(on name: String, folder: URL) throws {
    guard let source = ListeningSet.Source(rawValue: name) else { return }
    let set = try ListeningSet(source, folder: folder, seeds: [7, 8])
    let interactions = set.interactions
    let artists = set.artists.isEmpty ? nil : Artists(set.artists, of: interactions)
    for support in [2, 3] {
        let walk = Walk(popularity: source.popularity, support: support)
        for share in [0, 0.5, 1, 2, 4] as [Float] {
            let recommender = Recommender(walk: walk, ridgeShare: share, artistShare: 0)
            try measure("support \(support), ridge \(share)", set, interactions) {
                recommender.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
            }
        }
        for steps in [2, 4, 8, 32] {
            let recommender = Recommender(walk: walk, ridge: Ridge(steps: steps), artistShare: 0)
            try measure("support \(support), \(steps) steps", set, interactions) {
                recommender.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
            }
        }
        for neighbours in [100, 200, 600] {
            let recommender = Recommender(walk: walk, ridge: Ridge(neighbours: neighbours), artistShare: 0)
            try measure("support \(support), \(neighbours) neighbours", set, interactions) {
                recommender.scores(from: interactions.seeds(of: $0), in: interactions, without: $0)
            }
        }
        if let artists {
            for share in [0.02, 0.05, 0.1, 0.3] as [Float] {
                let recommender = Recommender(walk: walk, ridgeShare: 2, artistShare: share)
                try measure("support \(support), ridge 2, artists \(share)", set, interactions) {
                    recommender.scores(from: interactions.seeds(of: $0), in: interactions, artists: artists, without: $0)
                }
            }
        }
    }
}
