/// The artist of each item, and who likes which artist: what a walk falls back to if few accounts share tracks.
public struct Artists: Sendable {
    /// By number of the item; -1 if unknown.
    let artists: [Int32]
    /// Items by artist.
    let tracks: Rows
    /// Accounts and artists, without weights.
    public private(set) var interactions: Interactions

    /// - Parameters:
    ///   - artists: the artist of each item by its number, -1 if unknown. Numbers out of range are unknown.
    ///   - interactions: accounts and items.
    public init(_ artists: [Int32], of interactions: Interactions) {
        let artists = artists.map { $0 >= 0 && $0 < Interactions.mostNumbers ? $0 : -1 }
        var starts = [Int32](repeating: 0, count: Int(artists.max() ?? -1) + 2)
        for artist in artists where artist >= 0 { starts[Int(artist) + 1] += 1 }
        for place in 1..<max(1, starts.count) { starts[place] += starts[place - 1] }
        var next = starts
        var values = [Int32](repeating: 0, count: Int(starts.last ?? 0))
        for (item, artist) in artists.enumerated() where artist >= 0 {
            values[Int(next[Int(artist)])] = Int32(truncatingIfNeeded: item)
            next[Int(artist)] += 1
        }
        self.artists = artists
        tracks = Rows(starts: starts, values: values)
        var builder = InteractionsBuilder(accounts: interactions.accountCount, keepsWeights: false)
        // The account that an artist was last found for.
        var finders = [Int32](repeating: -1, count: max(0, starts.count - 1))
        var list: [Seed] = []
        for account in 0..<Int32(interactions.accountCount) {
            list.removeAll(keepingCapacity: true)
            for item in interactions.items(of: account) where item < artists.count {
                let artist = artists[Int(item)]
                guard artist >= 0, finders[Int(artist)] != account else { continue }
                finders[Int(artist)] = account
                list.append(Seed(item: artist))
            }
            list.sort { $0.item < $1.item }
            builder.append(list: list)
        }
        self.interactions = builder.finish()
    }

    /// Takes an account out, as ``Interactions/remove(_:)``.
    public mutating func remove(_ account: Int32) { interactions.remove(account) }

    /// The artist of an item; nil if unknown.
    public func artist(of item: Int32) -> Int32? {
        guard item >= 0, item < artists.count, artists[Int(item)] >= 0 else { return nil }
        return artists[Int(item)]
    }

    /// Seeds among the artists: each with the weight of all its items.
    public func seeds(_ seeds: [Seed]) -> [Seed] {
        var weights: [Int32: Float] = [:]
        for seed in seeds where seed.isSound && seed.item < artists.count && artists[Int(seed.item)] >= 0 {
            weights[artists[Int(seed.item)], default: 0] += seed.weight
        }
        return weights.map { Seed(item: $0.key, weight: min($0.value, .greatestFiniteMagnitude)) }.sorted { $0.item < $1.item }
    }

    /// Artists whose items are scored, the best ones. Items of the others would come last.
    private static let mostSpread = 1000

    /// Scores of artists as scores of their items, each once: the most popular item of an artist has the artist's score, the others less by
    /// the root of their popularity beside it.
    func spread(_ scores: Scores, in interactions: Interactions) -> [Scored] {
        var spread: [Scored] = []
        for artist in scores.best(Self.mostSpread) {
            let items = tracks[artist.item]
            var popularity = 0
            for item in items { popularity = max(popularity, interactions.accountCount(of: item)) }
            guard popularity > 0 else { continue }
            for item in items where item < interactions.itemCount {
                let share = (Float(interactions.accountCount(of: item)) / Float(popularity)).squareRoot()
                if artist.score * share > 0 { spread.append(Scored(item: item, score: artist.score * share)) }
            }
        }
        return spread
    }
}
