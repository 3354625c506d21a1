/// The dialect of SQLite. Its full-text search is FTS5 (https://sqlite.org/fts5.html).
struct SQLiteDialect: Dialect {
    func caseless(_ text: String) -> String { "\(text) COLLATE NOCASE" }

    /// Every connection has the function.
    func folded(_ text: String) -> String { "\(Self.folding)(\(text))" }

    static let folding = "foldedText"

    // The index is read in the order of its row ids, which is the order in which items were first indexed.
    let search = """
        SELECT searchEntry.item, searchEntry.main FROM search CROSS JOIN searchEntry ON searchEntry.id = search.rowid
        WHERE search MATCH ? ORDER BY search.rowid LIMIT ?
        """

    func query(_ text: SearchText, in place: SearchPlace, owner: String) -> String {
        let columns = place == .anyName ? "{main more}" : "main"
        return "owner : \(owner) AND \(columns) : (\(text.expression(beginning: place == .beginningOfOwnName)))"
    }
}

extension SearchText {
    /// A query of FTS5 (§3) for items that have all parts, in any order.
    ///
    /// - Parameter isFirst: Whether the first part has to be at the beginning.
    func expression(beginning isFirst: Bool = false) -> String {
        parts.enumerated().map { $1.expression(isFirst: isFirst && $0 == 0) }.joined(separator: " AND ")
    }
}

extension SearchText.Part {
    /// - Parameter isFirst: Whether the part has to be at the beginning.
    fileprivate func expression(isFirst: Bool) -> String {
        let beginning = isFirst ? "^ " : ""
        switch self {
        case .word(let word): return beginning + word.quoted
        case .joined(let whole, let words):
            let each = words.enumerated().map { ($0 == 0 ? beginning : "") + $1.quoted }.joined(separator: " AND ")
            return "(\(beginning)\(whole.quoted) OR (\(each)))"
        case .run: return "\(beginning)\"\(phrase)\" *"
        }
    }
}

extension String {
    /// The word in FTS5's syntax: as a beginning, or whole if it is a single letter, which begins too many words.
    fileprivate var quoted: String { "\"\(self)\"" + (isOneLetter ? "" : " *") }
}
