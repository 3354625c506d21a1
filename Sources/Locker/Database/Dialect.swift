/// The parts of statements that differ between databases, as text. The schema is the dialect's too: types, indexes and
/// triggers.
protocol Dialect: Sendable {
    /// An expression for a text without the case of its letters, to compare it or to order by it. The schema indexes account
    /// names by it.
    func caseless(_ text: String) -> String

    /// An expression for a text as ``FoldedText/plain(_:)`` has it, to find another in it.
    func folded(_ text: String) -> String

    /// The statement of a search. Its arguments are a ``query(_:in:owner:)`` and the number of rows; its columns are the
    /// item and the item's own name as indexed. Items come in the order in which they were first indexed.
    var search: String { get }

    /// The text of a search's query.
    ///
    /// - Parameters:
    ///   - place: Where the words of `text` have to be.
    ///   - owner: The account and the kind of the items: `t1` for the tracks of account 1.
    func query(_ text: SearchText, in place: SearchPlace, owner: String) -> String
}

/// Where a search looks for the words of its text.
enum SearchPlace {
    /// In an item's own name and in the other names that it is found by.
    case anyName
    case ownName
    /// In the own name, with the first word of the text first.
    case beginningOfOwnName
}
