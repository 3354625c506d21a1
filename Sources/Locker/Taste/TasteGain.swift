/// What a play, a skip, a mark or owning a track says about an account's taste for it, and how that fades.
///
/// All times are milliseconds: of a track, or since 1970. The numbers are choices, not measurements: no set of plays with times
/// was at hand. A play counts by the rule of Last.fm's scrobbles: half of a track, or four minutes of it.
public enum TasteGain {
    /// Days after which what was said counts half.
    public static let halfLifeDays = 180
    static let halfLife = halfLifeDays * CalendarDay.milliseconds
    static let owned = 0.3
    /// Of a favourite, of a rating of 5, or of both.
    static let liked = 2.0
    static let skipped = -0.5
    /// Plays, and skips, of a track that count on one day (of UTC): a playlist for sleeping says no more with every repeat.
    static let mostADay = 3
    /// Plays of tracks that are not longer say nothing.
    private static let shortest = 30_000
    private static let enough = 240_000

    /// Whether as much as this is a play; true if it is not known.
    static func counts(heard: Int?, of duration: Int) -> Bool {
        guard let heard else { return true }
        // Players round to milliseconds.
        return heard + 1 >= min(duration / 2, enough)
    }

    /// Whether a track was left before a fifth of it, and before it counted as played.
    static func isSkip(heard: Int, of duration: Int) -> Bool {
        !counts(heard: heard, of: duration) && heard < duration / 5
    }

    static func ofPlay(heard: Int?, of duration: Int) -> Double {
        duration > shortest && counts(heard: heard, of: duration) ? 1 : 0
    }

    static func ofMarks(_ marks: Marks) -> Double { marks.favourite != nil || marks.rating == 5 ? liked : 0 }
}
