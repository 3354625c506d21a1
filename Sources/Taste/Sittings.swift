/// What one account played in one go, so that a server of few accounts has something to walk over.
///
/// Sittings take the place of accounts in ``Interactions``: two tracks are near if they are often played in one sitting. All sittings
/// are of the same account, or of accounts that share, so nobody else's privacy is in it and a support of 1 or 2 will do.
public enum Sittings {
    /// The longest pause within a sitting: 30 minutes, in milliseconds.
    public static let pause: Int64 = 1_800_000

    /// Sittings of one account as lists of accounts.
    ///
    /// - Parameters:
    ///   - plays: times in milliseconds since 1970 and numbers of items, in any order.
    ///   - most: sittings that are kept, latest first.
    public static func interactions(of plays: [(at: Int64, item: Int32)], most: Int = 10_000) -> Interactions {
        var sittings: [[Int32]] = []
        var last: Int64?
        for play in plays.sorted(by: { ($0.at, $0.item) < ($1.at, $1.item) }) {
            let (gap, isFar) = play.at.subtractingReportingOverflow(last ?? play.at)
            if last == nil || isFar || gap > pause { sittings.append([]) }
            sittings[sittings.count - 1].append(play.item)
            last = play.at
        }
        var builder = InteractionsBuilder(pairs: plays.count)
        let kept = sittings.suffix(min(max(0, most), Int(Interactions.mostNumbers)))
        for (number, sitting) in kept.enumerated() {
            // A loop of one song is one liking.
            for item in Set(sitting).sorted() {
                builder.append(Preference(account: Int32(truncatingIfNeeded: number), item: item, weight: 1))
            }
        }
        return builder.finish()
    }
}
