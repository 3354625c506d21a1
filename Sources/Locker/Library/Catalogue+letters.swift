/// The letters of a list in its order.
public struct Letters: Sendable, Equatable {
    public struct Letter: Sendable, Equatable {
        public var name: String
        /// How many of the list's items come before the letter's first.
        public var place: Int

        public init(name: String, place: Int) {
            self.name = name
            self.place = place
        }
    }

    public var letters: [Letter]
    /// Items of the list.
    public var total: Int
}

extension Catalogue {
    /// The most letters of one list. Entries behind them belong to the last.
    static let mostLetters = 200

    /// The letters of the list of tracks in this order; nil if its order is not alphabetical.
    public func letters(ofTracks sort: TrackSort, account: Int64) async throws -> Letters? {
        sort.isAlphabetical ? try await letters(of: sort.listing, [account]) : nil
    }

    /// The letters of the list of albums in this order; nil if its order is not alphabetical.
    public func letters(ofAlbums sort: AlbumSort, account: Int64) async throws -> Letters? {
        sort.isAlphabetical ? try await letters(of: sort.listing, [account]) : nil
    }

    public func lettersOfArtists(account: Int64) async throws -> Letters { try await letters(of: .artists, [account]) }

    /// Jumps from letter to letter through the index, and counts between: no row is read.
    private func letters(of listing: Listing, _ arguments: [any Bindable]) async throws -> Letters {
        try await database.read { db in
            var found = Letters(letters: [], total: try listing.total(arguments, db))
            var (start, place) = ("", 0)
            // A letter without a name takes a round too, so hostile names cannot make more of them.
            for _ in 0..<Self.mostLetters {
                let key: String? = try db.value(listing.nextKeyStatement, arguments + [start])
                guard let key else { break }
                let letter = ListLetter(ofKey: key)
                let name = letter.name ?? (found.letters.isEmpty ? ListLetter.signs : nil)
                if let name, name != found.letters.last?.name { found.letters.append(.init(name: name, place: place)) }
                guard let end = letter.end.map(String.init) else { break }
                place += try db.value(listing.countStatement, arguments + [start, end]) ?? 0
                start = end
            }
            return found
        }
    }
}

extension Listing {
    /// The statement for the first sort key that is not before another: arguments are those of the condition, and the other.
    var nextKeyStatement: String {
        "SELECT \(columns[0]) FROM \(keys ?? source) WHERE \(condition) AND \(columns[0]) >= ? ORDER BY \(columns[0]) LIMIT 1"
    }

    /// The statement for the number of rows between two sort keys: arguments are those of the condition, and the keys, of which
    /// the second is excluded.
    var countStatement: String {
        "SELECT count(*) FROM \(keys ?? source) WHERE \(condition) AND \(columns[0]) >= ? AND \(columns[0]) < ?"
    }
}
