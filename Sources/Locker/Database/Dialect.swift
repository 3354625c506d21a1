/// What databases say differently, as the text of statements. The schema is a dialect's too: types, indexes and triggers.
protocol Dialect: Sendable {
    /// A text without the case of its letters, to compare it or to order by it. The schema has an index for names of accounts.
    func caseless(_ text: String) -> String

    /// The statement of a search: its arguments are a ``query(_:in:owner:)`` and the number of rows, its columns the item and the item's own
    /// name as indexed, the item that was indexed first first.
    var search: String { get }

    /// What a search is asked.
    ///
    /// - Parameters:
    ///   - place: Where the words of `text` have to be.
    ///   - owner: Whose items are searched, and of which kind: `t1` for the tracks of account 1.
    func query(_ text: SearchText, in place: SearchPlace, owner: String) -> String
}

/// Where a search looks for the words of its text.
enum SearchPlace {
    /// In an item's own name and in others that it is found by.
    case anyName
    case ownName
    /// In the own name, the first word of the text first.
    case beginningOfOwnName
}
