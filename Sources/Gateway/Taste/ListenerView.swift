import Locker
import Taste

/// All that suggestions for one account are made of. A pure value: what comes of it depends on nothing else.
struct ListenerView: Sendable {
    /// An item to suggest, with what led to it.
    struct Pick: Sendable {
        enum Item: Sendable, Hashable {
            /// The number of a track in the account's library.
            case own(Int32)
            /// A recording that the account does not own.
            case new(Int64)
        }

        var item: Item
        /// Numbers of own tracks, the strongest first.
        var because: [Int32]
        var kind: SuggestionReason.Kind
    }

    /// Days within which a track that was heard is not suggested again.
    private static let rest = 14
    private static let day = 86_400_000
    /// With fewer listeners, nothing that others like has enough of them behind it.
    static let fewestListeners = 50
    /// Tracks that one's latest plays stand for.
    private static let mostSeeds = 100

    let account: Int64
    let library: OwnLibrary
    /// Weights of own tracks by number, faded to ``now``; those above 0.
    let weights: [Seed]
    let likes: Likes
    let hiddenTracks: Set<Int32>
    let hiddenRecordings: Set<Int64>
    /// Milliseconds since 1970.
    let now: Int
    let date: (month: Int, day: Int)

    private var today: Int { now / Self.day }
    private var number: Int32? { likes.accounts[account] }

    /// Items of ``likes`` by own track, for the recordings that both have.
    private func seeds(of own: [Seed]) -> [Seed] {
        own.compactMap { seed in
            library.tracks[Int(seed.item)].recording.flatMap { likes.items[$0] }.map { Seed(item: $0, weight: seed.weight) }
        }
    }

    /// Items of ``likes`` that the account likes.
    var likedSeeds: [Seed] { seeds(of: weights) }

    /// The own track of an item of ``likes``.
    private func own(_ item: Int32) -> Int32? { library.numbersOfRecordings[likes.recordings[Int(item)]] }

    private func isHidden(_ number: Int32) -> Bool {
        hiddenTracks.contains(number) || library.tracks[Int(number)].recording.map(hiddenRecordings.contains) == true
    }

    private func wasHeardLately(_ number: Int32) -> Bool { library.tracks[Int(number)].played > now - Self.rest * Self.day }

    /// What others who like the same like: tracks that the account owns and did not hear for a while, and recordings that it does not
    /// own. At most `count` of each.
    func othersPicks(_ count: Int) -> (own: [Pick], new: [Pick]) {
        guard likes.listenerCount >= Self.fewestListeners, count > 0 else { return ([], []) }
        let seeds = seeds(of: weights)
        let recommender = Recommender()
        let scores = recommender.scores(from: seeds, in: likes.interactions, artists: likes.artists, without: number)
        let unwanted = Set(hiddenRecordings.compactMap { likes.items[$0] })
        let owned = scores.best(count * 4) { item in own(item).map { !isHidden($0) && !wasHeardLately($0) } == true }
        let others = scores.best(count * 4) { item in
            own(item) == nil && !unwanted.contains(item)
                && likes.interactions.accounts(of: item).count { $0 != number } >= recommender.naming
        }
        let ownList = list(of: owned, count, ListRules()) { item in own(item).flatMap { library.description(of: $0) } }
        let newList = list(of: others, count, ListRules(lengths: nil)) { item in
            Taste.Track(
                item: item, artist: likes.artists.artist(of: item), popularity: likes.interactions.accountCount(of: item))
        }
        let reasons = recommender.walk.reasons(
            for: ownList + newList, from: seeds, in: likes.interactions, without: number)
        let picks = zip(ownList + newList, reasons).map { item, reasons in
            let because = reasons.filter { $0.seed != item }.compactMap { own($0.seed) }.prefix(3)
            let found = own(item).map(Pick.Item.own) ?? .new(likes.recordings[Int(item)])
            return Pick(item: found, because: Array(because), kind: .track)
        }
        return (Array(picks.prefix(ownList.count)), Array(picks.dropFirst(ownList.count)))
    }

    /// A list of items of ``likes`` by rules.
    private func list(
        of scored: [Scored], _ count: Int, _ rules: ListRules, describe: (Int32) -> Taste.Track?
    ) -> [Int32] {
        rules.list(of: scored, count: count, day: today, salt: salt, date: date, describe: describe).map(\.item)
    }

    /// Own tracks that go with what was heard lately: heard together before, or alike in sound.
    func libraryPicks(_ count: Int, sound: SoundSpace?) -> [Pick] {
        guard count > 0 else { return [] }
        return station(from: lately, count: count, sound: sound) { isHidden($0) || wasHeardLately($0) }
    }

    /// What goes on from some own tracks, which do not come again.
    func radio(from start: [Int32], count: Int, sound: SoundSpace?) -> [Pick] {
        let seeds = start.prefix(Self.mostSeeds).map { Seed(item: $0) }
        let known = Set(start)
        return station(from: seeds, count: count, sound: sound) { isHidden($0) || known.contains($0) }
    }

    /// Tracks of the latest plays, with weights that fade by half in 14 days; the account's favourites if it has heard nothing.
    private var lately: [Seed] {
        var sums: [Int32: Float] = [:]
        for play in library.plays where play.at > now - 90 * Self.day {
            sums[play.item, default: 0] += Float(Decay.now.weight(1, from: Int64(play.at), to: Int64(now)))
        }
        let seeds = sums.isEmpty ? weights : sums.map { Seed(item: $0.key, weight: $0.value) }
        return Array(seeds.sorted { ($0.weight, $1.item) > ($1.weight, $0.item) }.prefix(Self.mostSeeds))
    }

    private func station(
        from seeds: [Seed], count: Int, sound: SoundSpace?, without isUnwanted: (Int32) -> Bool
    ) -> [Pick] {
        // A station keeps to the lengths of its seeds.
        let rules = ListRules(lengths: nil)
        let together = Walk(support: 1).scores(from: seeds, in: library.sittings).best(count * 4) { !isUnwanted($0) }
        var near: [Int32: (score: Float, seed: Int32)] = [:]
        if let sound {
            for seed in seeds.prefix(10) {
                for scored in sound.nearest(to: seed.item, count: count * 2, where: { !isUnwanted($0) })
                where scored.score > near[scored.item]?.score ?? 0 {
                    near[scored.item] = (scored.score, seed.item)
                }
            }
        }
        let sounds = near.map { Scored(item: $0.key, score: $0.value.score) }.sorted { ($0.score, $1.item) > ($1.score, $0.item) }
        let list = Radio(rules: rules, soundShare: 0.5).next(
            from: seeds, listeners: together, sound: sounds, count: count, day: today, salt: salt, date: date,
            describe: library.description)
        let reasons = Walk(support: 1).reasons(for: list.map(\.item), from: seeds, in: library.sittings)
        var picks = zip(list, reasons).map { scored, reasons in
            if let first = reasons.first(where: { $0.seed != scored.item }) {
                return Pick(item: .own(scored.item), because: [first.seed], kind: .session)
            }
            return Pick(item: .own(scored.item), because: near[scored.item].map { [$0.seed] } ?? [], kind: .sound)
        }
        if list.isEmpty { picks = kindred(to: seeds.map(\.item), count, rules, isUnwanted) }
        return picks
    }

    /// Tracks of the same genres, where neither sittings nor sound say anything.
    private func kindred(
        to seeds: [Int32], _ count: Int, _ rules: ListRules, _ isUnwanted: (Int32) -> Bool
    ) -> [Pick] {
        let known = Set(seeds)
        let candidates = library.alike(seeds).filter { !known.contains($0) && !isUnwanted($0) }
            .map { Scored(item: $0, score: 1) }
        var rules = rules
        rules.exploration = 1
        return rules.list(
            of: candidates, count: count, day: today, salt: salt, date: date, describe: library.description
        ).map { Pick(item: .own($0.item), because: [], kind: .genre) }
    }

    private var salt: UInt64 { UInt64(bitPattern: account) }
}
