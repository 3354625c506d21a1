/// How much one account likes one item: a row of plain numbers, as the catalogue has it.
///
/// Accounts and items are numbered from 0, densely, by whoever keeps the catalogue; an item is a recording, or an artist.
public struct Preference: Sendable, Hashable {
    public var account: Int32
    public var item: Int32
    /// What the catalogue and ``Decay`` made of plays, favourites and skips, without a unit. Only weights above 0 are a liking.
    public var weight: Float

    public init(account: Int32, item: Int32, weight: Float) {
        self.account = account
        self.item = item
        self.weight = weight
    }
}
