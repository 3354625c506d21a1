/// Music that goes on from seeds: suggestions in an order that can be listened to.
public struct Radio: Sendable, Hashable {
    public var rules: ListRules
    /// How much sound counts beside listeners, 0 to 1. With 1, or if listeners say nothing, sound decides alone.
    public var soundShare: Float

    /// Without a ``ListRules/lengths`` of its own, the station keeps to the lengths of its seeds.
    public init(rules: ListRules = ListRules(lengths: nil), soundShare: Float = 0.3) {
        self.rules = rules
        self.soundShare = soundShare.isFinite ? min(max(soundShare, 0), 1) : 0
    }

    /// The next tracks of a station; fewer than asked for, or none, if nothing more is like the seeds.
    ///
    /// - Parameters:
    ///   - listeners: scores by what accounts like, as ``Recommender`` gives them.
    ///   - sound: scores by sound, as ``SoundSpace`` gives them.
    ///   - day, salt, date, describe: as ``ListRules/list(of:count:day:salt:date:describe:)`` has them.
    public func next(
        from seeds: [Seed], listeners: [Scored], sound: [Scored] = [], count: Int = 20, day: Int,
        salt: UInt64 = 0, date: (month: Int, day: Int), describe: (Int32) -> Track?
    ) -> [Scored] {
        var rules = rules
        if rules.lengths == nil {
            let lengths = Set(seeds.compactMap { describe($0.item)?.length })
            rules.lengths = lengths.isEmpty ? nil : lengths
        }
        var sums: [Int32: Float] = [:]
        for (scores, share) in [(listeners, 1 - soundShare), (sound, soundShare)] {
            let isAlone = listeners.isEmpty || sound.isEmpty
            guard let best = scores.map(\.score).max(), best > 0, best.isFinite else { continue }
            for scored in scores where scored.score > 0 {
                sums[scored.item, default: 0] += scored.score / best * (isAlone ? 1 : share)
            }
        }
        let candidates = sums.map { Scored(item: $0.key, score: $0.value) }.filter { $0.score > 0 }.sorted { $0.isBefore($1) }
        let list = rules.list(of: candidates, count: count, day: day, salt: salt, date: date, describe: describe)
        return Self.apart(list) { describe($0)?.artist }
    }

    /// The same tracks so that the same artist does not come twice in a row, if another can be between.
    static func apart(_ list: [Scored], artist: (Int32) -> Int32?) -> [Scored] {
        var rest = list.map { (scored: $0, artist: artist($0.item)) }
        var apart: [Scored] = []
        var last: Int32?
        while !rest.isEmpty {
            let place = rest.firstIndex { $0.artist == nil || $0.artist != last } ?? 0
            let next = rest.remove(at: place)
            apart.append(next.scored)
            last = next.artist
        }
        return apart
    }
}
