internal import Foundation
internal import GRDB

/// What was found, the best first.
public struct SearchResult: Sendable, Equatable {
    public var artists: [Artist]
    public var albums: [Album]
    public var tracks: [Track]
}

extension Catalogue {
    /// Words that are looked for; more are not.
    private static let mostWords = 8

    /// What the account has whose titles and names have words that begin as those of `text`, whatever their case and accents: first
    /// what begins with them, then what has them in its own name, then what has them in its artist's or album's.
    ///
    /// - Parameters:
    ///   - text: nothing is found for one letter.
    ///   - limit: of artists, of albums and of tracks; held to 1...100.
    public func search(_ text: String, account: Int64, limit: Int = 20) async throws -> SearchResult {
        let words = Array(Self.words(of: text).prefix(Self.mostWords))
        let limit = min(max(1, limit), 100)
        guard words.contains(where: { $0.unicodeScalars.count >= 2 }) else {
            return SearchResult(artists: [], albums: [], tracks: [])
        }
        return try await pool.read { db in
            func items(_ kind: String) throws -> [String] {
                try Self.items(words, owner: "\(kind)\(account)", limit: limit, db)
            }
            func rows<Item>(_ listing: Listing, _ ids: [String], _ item: (Row) throws -> Item?) throws -> [Item] {
                let statement = try db.cachedStatement(sql: listing.statement(continued: false))
                return try ids.compactMap { id in
                    try Row.fetchOne(statement, arguments: [id, account, 1]).flatMap(item)
                }
            }
            let albums = try rows(.oneAlbum, try items("l")) { $0["tracks"] > 0 ? Album.Found(row: $0) : nil }
            return SearchResult(
                artists: try rows(.oneArtist, try items("r")) { $0["uses"] > 0 ? Artist(row: $0) : nil },
                albums: try Self.withCovers(Page(items: albums), account, db).items,
                tracks: try rows(.oneTrack, try items("t"), Track.init(row:)))
        }
    }

    private static func items(_ words: [String], owner: String, limit: Int, _ db: Database) throws -> [String] {
        // A letter alone begins too many words.
        let prefixes = words.map { "\"\($0)\"" + ($0.unicodeScalars.count >= 2 ? " *" : "") }
        let all = prefixes.joined(separator: " AND ")
        let statement = try db.cachedStatement(sql: searchStatement)
        func find(_ query: String, limit: Int) throws -> [(item: String, main: String)] {
            try Row.fetchAll(statement, arguments: ["owner : \(owner) AND \(query)", limit]).map { ($0[0], $0[1]) }
        }
        // Where few are found these are all, and are put in order here: each further query costs as much as the first.
        let most = 5 * limit
        let found = try find("{main more} : (\(all))", limit: most)
        if found.count < most {
            let ranked = found.map { (item: $0.item, rank: rank(of: $0.main, words)) }
            return (0...2).flatMap { rank in ranked.filter { $0.rank == rank }.map(\.item) }.prefix(limit).map { $0 }
        }
        var items: [String] = []
        let beginning = "main : (" + (["^ \(prefixes[0])"] + prefixes.dropFirst()).joined(separator: " AND ") + ")"
        for query in [beginning, "main : (\(all))"] where items.count < limit {
            for (item, _) in try find(query, limit: limit) where !items.contains(item) { items.append(item) }
        }
        for (item, _) in found where items.count < limit && !items.contains(item) { items.append(item) }
        return Array(items.prefix(limit))
    }

    /// 0 for a name that begins with the words, 1 for one that has them, 2 for any other.
    private static func rank(of name: String, _ words: [String]) -> Int {
        let own = Self.words(of: name).map(folded)
        let sought = words.map(folded)
        guard sought.allSatisfy({ word in own.contains { $0.hasPrefix(word) } }) else { return 2 }
        return own.first?.hasPrefix(sought[0]) == true ? 0 : 1
    }

    private static func words(of text: String) -> [String] {
        text.unicodeScalars.split { !$0.properties.isAlphabetic && $0.properties.numericType == nil && !$0.isMark }
            .map { String(String.UnicodeScalarView($0)) }
    }

    /// Without case and accents, as the index has it.
    private static func folded(_ text: String) -> String {
        let scalars = text.decomposedStringWithCanonicalMapping.lowercased().unicodeScalars.filter { !$0.isMark }
        return String(String.UnicodeScalarView(scalars))
    }

    static let searchStatement = """
        SELECT searchEntry.item, searchEntry.main FROM search CROSS JOIN searchEntry ON searchEntry.id = search.rowid
        WHERE search MATCH ? ORDER BY search.rowid LIMIT ?
        """
}

extension Unicode.Scalar {
    /// Whether it belongs to the letter before it.
    fileprivate var isMark: Bool {
        [.nonspacingMark, .spacingMark, .enclosingMark].contains(properties.generalCategory)
    }
}
