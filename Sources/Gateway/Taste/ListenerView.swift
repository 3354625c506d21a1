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
        /// Numbers of own tracks, the strongest first; of kind `artist`, each stands for its artist.
        var because: [Int32]
        var kind: SuggestionReason.Kind
    }

    /// Days within which a track that was heard is not suggested again.
    private static let rest = 14
    /// With fewer listeners, nothing that others like has enough of them behind it.
    static let fewestListeners = 50
    /// Other accounts that must like an item, or agree on a name, before an account is told of it.
    static let fewestNaming = 5
    /// Tracks that one's latest plays stand for.
    private static let mostSeeds = 100
    /// Tracks of a genre that its radio goes on from.
    private static let mostOfGenre = 10

    let account: Int64
    let library: OwnLibrary
    /// Weights of own tracks by number, faded to one time; those above 0.
    let weights: [Seed]
    /// Empty but for as long as ``TasteBoard/ask(_:)`` lasts: see ``among(_:)``.
    var likes = Likes()
    let hiddenTracks: Set<Int32>
    let hiddenRecordings: Set<Int64>
    /// Milliseconds since 1970.
    let now: Int
    let date: (month: Int, day: Int)

    private var today: Int { CalendarDay.containing(now) }
    var number: Int32? { likes.accounts[account] }

    /// The same with what listeners like.
    func among(_ likes: Likes) -> ListenerView {
        var view = self
        view.likes = likes
        return view
    }

    /// Items of ``likes`` by own track, for the recordings that both have.
    private func seeds(of own: [Seed]) -> [Seed] {
        own.compactMap { seed in item(of: .own(seed.item)).map { Seed(item: $0, weight: seed.weight) } }
    }

    /// The item of ``likes``; nil if no listener liked it.
    private func item(of item: Pick.Item) -> Int32? {
        switch item {
        case .own(let number): library.tracks[Int(number)].recording.flatMap(likes.item(of:))
        case .new(let recording): likes.item(of: recording)
        }
    }

    /// Own tracks that the account likes; what it hides says nothing of it.
    var liked: [Seed] { weights.filter { !isHidden($0.item) } }

    /// Items of ``likes`` that the account likes.
    var likedSeeds: [Seed] { seeds(of: liked) }

    /// The own track of an item of ``likes``.
    private func own(_ item: Int32) -> Int32? { library.numbersOfRecordings[likes.recordings[Int(item)]] }

    private func isHidden(_ number: Int32) -> Bool {
        hiddenTracks.contains(number) || library.tracks[Int(number)].recording.map(hiddenRecordings.contains) == true
    }

    private func wasHeardLately(_ number: Int32) -> Bool {
        library.tracks[Int(number)].played > now - Self.rest * CalendarDay.milliseconds
    }

    /// What others who like the same like: tracks that the account owns and did not hear for a while, and recordings that it does not
    /// own. At most `count` of each, without what led to them: see ``explained(_:)``.
    func othersPicks(_ count: Int) -> (own: [Pick], new: [Pick]) {
        guard likes.listenerCount >= Self.fewestListeners, count > 0 else { return ([], []) }
        let seeds = likedSeeds
        let recommender = Recommender()
        let scores = recommender.scores(from: seeds, in: likes.interactions, artists: likes.artists, without: number)
        let unwanted = Set(hiddenRecordings.compactMap(likes.item(of:)))
        let owned = scores.best(count * 4) { item in own(item).map { !isHidden($0) && !wasHeardLately($0) } == true }
        let others = scores.best(count * 4) { item in
            own(item) == nil && !unwanted.contains(item) && isNamed(item)
        }
        let ownList = list(of: owned, count, ListRules()) { item in own(item).flatMap { library.description(of: $0) } }
        let newList = list(of: others, count, ListRules(lengths: nil)) { item in
            Taste.Track(
                item: item, artist: likes.artists.artist(of: item), popularity: likes.interactions.accountCount(of: item))
        }
        return (
            ownList.compactMap { own($0).map { Pick(item: .own($0), because: [], kind: .track) } },
            newList.map { Pick(item: .new(likes.recordings[Int($0)]), because: [], kind: .track) }
        )
    }

    /// Picks of ``othersPicks(_:)`` with up to three own tracks that led to each: because those who play them play it too, or else because
    /// those who play their artists play its artist too. What no own track led to is left out.
    func explained(_ picks: [Pick]) -> [Pick] {
        let walk = Recommender().walk
        let seeds = likedSeeds
        let items = picks.map { item(of: $0.item) ?? -1 }
        let reasons = walk.reasons(for: items, from: seeds, in: likes.interactions, without: number)
        var explained = picks
        for (place, reasons) in reasons.enumerated() {
            explained[place].because = reasons.filter { $0.seed != items[place] }.prefix(3).compactMap { own($0.seed) }
        }
        let rest = explained.indices.filter { explained[$0].because.isEmpty }
        guard !rest.isEmpty else { return explained }
        // The own track that is liked most of each artist.
        var best: [Int32: Int32] = [:]
        for seed in seeds.sorted(by: { ($0.weight, $1.item) > ($1.weight, $0.item) }) {
            guard let artist = likes.artists.artist(of: seed.item), best[artist] == nil else { continue }
            best[artist] = own(seed.item)
        }
        let artists = walk.reasons(
            for: rest.map { likes.artists.artist(of: items[$0]) ?? -1 }, from: likes.artists.seeds(seeds),
            in: likes.artists.interactions, without: number)
        for (place, reasons) in zip(rest, artists) {
            (explained[place].because, explained[place].kind) = (reasons.prefix(3).compactMap { best[$0.seed] }, .artist)
        }
        return explained.filter { !$0.because.isEmpty }
    }

    /// Whether enough others like an item for the account to be told of it.
    private func isNamed(_ item: Int32) -> Bool {
        likes.interactions.isLiked(item, byAtLeast: Self.fewestNaming, besides: number)
    }

    /// The first recording that the account may be told of and that passes; nil if there is none, or the time is over.
    func named(until isOver: () -> Bool, where passes: (Int64) -> Bool) -> Int64? {
        guard likes.listenerCount >= Self.fewestListeners else { return nil }
        for item in likes.recordings.indices where isNamed(Int32(item)) {
            if isOver() { return nil }
            if passes(likes.recordings[item]) { return likes.recordings[item] }
        }
        return nil
    }

    /// Those of ``othersPicks(_:)`` that may be listed with others by what they are called: not out of season, songs alone, one of an
    /// album.
    ///
    /// - Parameter names: by recording. What has none is left out.
    func fitting(_ picks: [Pick], named names: [Int64: CommonName]) -> [Pick] {
        var albums: [[String]: Int32] = [:]
        let scored = picks.indices.map { Scored(item: Int32($0), score: Float(picks.count - $0)) }
        return list(of: scored, picks.count, ListRules(exploration: 0, floor: 0)) { place in
            guard case .new(let recording) = picks[Int(place)].item, let name = names[recording] else { return nil }
            let known = Int32(albums.count)
            let album = name.album.isEmpty ? nil : albums[[name.album, name.artist], default: known]
            if let album { albums[[name.album, name.artist]] = album }
            return Taste.Track(
                item: place, artist: likes.item(of: recording).flatMap(likes.artists.artist(of:)), album: album,
                length: LengthClass(milliseconds: Int64(name.milliseconds)),
                season: Season(words: name.genres + [name.title, name.album]))
        }.map { picks[Int($0)] }
    }

    /// A list by rules.
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

    /// What goes on from some own tracks, which do not come again. What is hidden leads nowhere, unless there is nothing else.
    func radio(from start: [Int32], count: Int, sound: SoundSpace?) -> [Pick] {
        let shown = start.filter { !isHidden($0) }
        let seeds = (shown.isEmpty ? start : shown).prefix(Self.mostSeeds).map { Seed(item: $0) }
        let known = Set(start)
        return station(from: seeds, count: count, sound: sound) { isHidden($0) || known.contains($0) }
    }

    /// What is of a genre: one of its tracks, by the day, what goes on from a few of them, and then the others.
    ///
    /// - Parameter genre: all its tracks.
    func radio(ofGenre genre: [Int32], count: Int, sound: SoundSpace?) -> [Pick] {
        var numbers = DailyNumbers(day: today, salt: salt)
        let all = genre.filter { !isHidden($0) }.shuffled(using: &numbers)
        let seeds = all.prefix(min(Self.mostOfGenre, max(1, all.count / 4)))
        guard count > 0, let first = seeds.first else { return [] }
        let rest = Set(all).subtracting(seeds)
        let next = station(from: seeds.map { Seed(item: $0) }, count: count - 1, sound: sound) { !rest.contains($0) }
        let picks = [Pick(item: .own(first), because: [], kind: .genre)] + next
        let known = Set(picks.map(\.item))
        return picks + kindred(to: Array(seeds), count - picks.count) { !rest.contains($0) || known.contains(.own($0)) }
    }

    /// Tracks of the latest plays, with weights that fade by half in 14 days; the account's favourites if it has heard nothing.
    private var lately: [Seed] {
        var sums: [Int32: Float] = [:]
        for play in library.plays where play.at > now - 90 * CalendarDay.milliseconds && !isHidden(play.item) {
            sums[play.item, default: 0] += Float(Decay.now.weight(1, from: Int64(play.at), to: Int64(now)))
        }
        let seeds = sums.isEmpty ? liked : sums.map { Seed(item: $0.key, weight: $0.value) }
        return Array(seeds.sorted { ($0.weight, $1.item) > ($1.weight, $0.item) }.prefix(Self.mostSeeds))
    }

    private func station(
        from seeds: [Seed], count: Int, sound: SoundSpace?, without isOut: (Int32) -> Bool
    ) -> [Pick] {
        guard count > 0 else { return [] }
        func isUnwanted(_ number: Int32) -> Bool { !library.isFirst(number) || isOut(number) }
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
        if list.isEmpty { picks = kindred(to: seeds.map(\.item), count, isUnwanted) }
        return picks
    }

    /// Tracks of the same genres and lengths by the day's chance, where neither sittings nor sound say anything.
    private func kindred(to seeds: [Int32], _ count: Int, _ isUnwanted: (Int32) -> Bool) -> [Pick] {
        var numbers = DailyNumbers(day: today, salt: salt)
        let known = Set(seeds)
        let candidates = library.alike(seeds).filter { !known.contains($0) && !isUnwanted($0) }.shuffled(using: &numbers)
            .map { Scored(item: $0, score: 1) }
        let rules = ListRules(exploration: 0, lengths: Set(seeds.compactMap { library.description(of: $0)?.length }))
        return list(of: candidates, count, rules, describe: library.description).map {
            Pick(item: .own($0), because: [], kind: .genre)
        }
    }

    private var salt: UInt64 { UInt64(bitPattern: account) }
}
