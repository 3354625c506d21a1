import Locker
import Taste

extension ListenerView {
    /// What the account's taste says of artists and tags.
    ///
    /// - Parameter wanted: keys of artists of whom it is asked what others think.
    func offerTaste(ofArtists wanted: Set<String>) -> OfferTaste {
        var taste = OfferTaste()
        var sums: [String: Double] = [:]
        var keys: [String: Set<String>] = [:]
        var total = 0.0
        for seed in liked {
            let track = library.tracks[Int(seed.item)]
            let weight = Double(seed.weight)
            total += weight
            sums[track.artistID, default: 0] += weight
            // With guests an artist has other names than alone.
            keys[track.artistID, default: []].insert(OwnTrack.withoutAccents(track.artist))
            for key in Set(track.genreKeys.map(OwnTrack.withoutAccents)) { taste.tags[key, default: 0] += weight }
        }
        guard let most = sums.values.max(), most > 0 else { return OfferTaste() }
        for (artist, sum) in sums {
            for key in keys[artist] ?? [] { taste.artists[key] = max(taste.artists[key] ?? 0, sum / most) }
        }
        taste.tags = taste.tags.mapValues { $0 / total }
        taste.others = othersArtists(wanted.filter { taste.artists[$0] == nil })
        return taste
    }

    /// How much those who like the same like some artists whom the account does not have: 1 for the best of all that it does not have.
    private func othersArtists(_ wanted: Set<String>) -> [String: Double] {
        guard likes.listenerCount >= Self.fewestListeners, !wanted.isEmpty else { return [:] }
        let all = likes.artists.interactions
        let seeds = likes.artists.seeds(likedSeeds)
        let own = Set(seeds.map(\.item))
        let scores = Recommender().walk.scores(from: seeds, in: all, without: number)
        guard let best = scores.best(1, where: { !own.contains($0) }).first?.score, best > 0 else { return [:] }
        var found: [String: Double] = [:]
        for key in wanted {
            guard let artist = likes.artist(ordered: key), scores[artist] > 0,
                all.isLiked(artist, byAtLeast: Self.fewestNaming, besides: number)
            else { continue }
            found[key] = min(Double(scores[artist] / best), 1)
        }
        return found
    }
}
