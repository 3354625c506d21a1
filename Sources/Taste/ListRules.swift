/// What a list of suggestions must keep to, whatever the scores are.
///
/// If too few tracks pass, the list is short: it is never filled with what does not.
public struct ListRules: Sendable, Hashable {
    /// Tracks of one artist in any ``window`` places that follow each other.
    public var perArtist: Int
    /// Tracks of one release, likewise.
    public var perAlbum: Int
    public var window: Int
    /// The share of places that goes to the less known half of what passes, 0 to 1.
    public var exploration: Double
    /// The least score, as a share of the best one. What is below is not like the seeds.
    public var floor: Float
    /// Nil: any.
    public var lengths: Set<LengthClass>?

    public init(
        perArtist: Int = 2, perAlbum: Int = 1, window: Int = 20, exploration: Double = 0.1, floor: Float = 0.05,
        lengths: Set<LengthClass>? = [.song]
    ) {
        self.perArtist = max(1, perArtist)
        self.perAlbum = max(1, perAlbum)
        self.window = max(1, window)
        self.exploration = exploration.isFinite ? min(max(exploration, 0), 1) : 0
        self.floor = floor.isFinite ? min(max(floor, 0), 1) : 0
        self.lengths = lengths
    }

    /// A list made of candidates, best first.
    ///
    /// - Parameters:
    ///   - candidates: best first, with scores above 0. Several times as many as the list is long, else rules leave it short.
    ///   - day: days since 1970, with the account's number or the like in `salt`: the list is the same for all of a day.
    ///   - date: decides which seasons are welcome.
    ///   - describe: a candidate's track; nil leaves it out.
    public func list(
        of candidates: [Scored], count: Int, day: Int, salt: UInt64 = 0, date: (month: Int, day: Int),
        describe: (Int32) -> Track?
    ) -> [Scored] {
        guard count > 0, let best = candidates.first?.score, best > 0 else { return [] }
        var known = Set<Int32>()
        let passing = candidates.filter { $0.score >= best * floor }.compactMap { candidate -> (Scored, Track)? in
            guard known.insert(candidate.item).inserted, let track = describe(candidate.item) else { return nil }
            if let lengths, !lengths.contains(track.length) { return nil }
            if let season = track.season, !season.includes(month: date.month, day: date.day) { return nil }
            return (candidate, track)
        }
        var random = DailyNumbers(day: day, salt: salt)
        let middle = passing.map(\.1.popularity).sorted().dropFirst(passing.count / 2).first ?? 0
        let lesser = passing.indices.filter { passing[$0].1.popularity < middle }
        var caps = Caps(self)
        var used = [Bool](repeating: false, count: passing.count)
        var list: [Scored] = []
        while list.count < min(count, passing.count) {
            var next: Int?
            if !lesser.isEmpty, random.share() < exploration {
                let free = lesser.filter { !used[$0] && caps.takes(passing[$0].1) }
                if !free.isEmpty { next = free[random.number(below: free.count)] }
            }
            next = next ?? passing.indices.first { !used[$0] && caps.takes(passing[$0].1) }
            guard let next else { break }
            used[next] = true
            caps.append(passing[next].1)
            list.append(passing[next].0)
        }
        return list
    }
}
