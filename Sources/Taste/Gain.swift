/// What something that an account does with a track adds to its liking of it.
public enum Gain: Sendable, Hashable {
    /// A play that is not a skip: how much was heard, and how long the track is, in milliseconds; nil if unknown.
    case play(heard: Int64?, length: Int64?)
    /// The listener went on to another track after so much of it.
    case skip(heard: Int64?, length: Int64?)
    /// The track came into the locker.
    case owning
    case favourite
    /// Stars, 1 to 5.
    case rating(Int)

    /// The most that plays of one track add on one day: sleep playlists and loops are no taste.
    public static let mostADay = 3.0

    /// Without a unit.
    ///
    /// A play counts from half of the track or four minutes on, if the track is longer than 30 s: the rule of Last.fm's scrobbles. A play
    /// of unknown length counts; a scrobbler has made sure of it. A skip counts before a fifth of the track.
    public var value: Double {
        switch self {
        case .play(let heard, let length):
            if let length, length <= 30_000 { return 0 }
            guard let heard else { return 1 }
            if heard >= 240_000 { return 1 }
            guard let length else { return heard >= 30_000 ? 1 : 0 }
            return Double(heard) >= Double(length) / 2 ? 1 : 0
        case .skip(let heard, let length):
            guard let length, length > 30_000 else { return 0 }
            return Double(heard ?? 0) < Double(length) / 5 ? -0.5 : 0
        case .owning: return 0.3
        case .favourite: return 2
        case .rating(let stars): return stars == 5 ? 2 : 0
        }
    }

    /// Whether ``mostADay`` bounds it.
    var isBounded: Bool {
        switch self {
        case .play: true
        case .skip, .owning, .favourite, .rating: false
        }
    }

    /// What is added if plays of the same track have added `today` on the same day.
    public func value(today: Double) -> Double {
        guard isBounded, today.isFinite else { return value }
        return min(value, max(0, Self.mostADay - max(0, today)))
    }
}
