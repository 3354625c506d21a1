internal import Synchronization

extension SQLiteSchema {
    /// Search and order in every script. Both are made in Swift: from now on the rows of `searchEntry` have the words of
    /// ``SearchText``, and all columns of orders have ``CollationKey``s.
    static func addScripts(to db: SQLiteConnection) throws {
        let (orders, indexed) = (Repeated(), Repeated())
        db.addFunction("collationKey", of: 1) { texts in texts.first.map { orders.value(of: $0, CollationKey.key) } }
        db.addFunction("searchWords", of: nil) { texts in
            texts.map { indexed.value(of: $0, SearchText.indexed) }.filter { !$0.isEmpty }.joined(separator: " ")
        }
        try setOrders(db)
        try setSearch(db)
    }

    /// Remembers the results for the latest texts: the same artist or album comes a dozen times in a row.
    private final class Repeated: Sendable {
        private static let most = 1_000
        private let known = Mutex<[String: String]>([:])

        func value(of text: String, _ make: (String) -> String) -> String {
            known.withLock { known in
                if let value = known[text] { return value }
                if known.count >= Self.most { known.removeAll(keepingCapacity: true) }
                let value = make(text)
                known[text] = value
                return value
            }
        }
    }

    private static func setOrders(_ db: SQLiteConnection) throws {
        // Building an index again costs a fraction of updating it row by row.
        let indexes = try db.all(
            """
            SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql LIKE '%Order%'
            AND tbl_name IN ('artist', 'album', 'track', 'playlist')
            """
        ) { (name: $0[0] as String, statement: $0[1] as String) }
        for index in indexes { try db.script("DROP INDEX \(index.name)") }
        try db.script(
            """
            UPDATE artist SET nameOrder = collationKey(iif(sortName = '', name, sortName));
            UPDATE album SET nameOrder = collationKey(iif(album.sortName = '', album.name, album.sortName)),
                artistOrder = iif(
                    album.artist = artist.name, artist.nameOrder,
                    collationKey(iif(album.artistSort = '', album.artist, album.artistSort)))
                FROM artist WHERE artist.id = album.artistId;
            UPDATE track SET titleOrder = collationKey(iif(titleSort = '', title, titleSort)),
                artistOrder = iif(
                    artistSort = '' AND track.artist = artist.name, artist.nameOrder,
                    collationKey(iif(artistSort = '', track.artist, artistSort))),
                albumOrder = (SELECT nameOrder FROM album WHERE album.id = track.albumId)
                FROM artist WHERE artist.id = track.artistId;
            UPDATE genre SET nameOrder = collationKey(name);
            UPDATE trackGenre SET titleOrder = track.titleOrder FROM track
                WHERE track.id = trackGenre.track AND track.titleOrder <> trackGenre.titleOrder;
            UPDATE playlist SET nameOrder = collationKey(name);
            """)
        for index in indexes { try db.script(index.statement) }
    }

    private static func setSearch(_ db: SQLiteConnection) throws {
        try db.script(
            """
            DROP TRIGGER track_searchable;
            DROP TRIGGER track_changed;
            DROP TRIGGER album_searchable;
            DROP TRIGGER album_changed;
            DROP TRIGGER artist_searchable;
            DROP TRIGGER searchEntry_inserted;
            DROP TRIGGER searchEntry_deleted;
            DROP TRIGGER searchEntry_updated;
            DROP TABLE search;
            DELETE FROM searchEntry;
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 't' || account, id, searchWords(title), searchWords(artist, album, albumArtist) FROM track ORDER BY rowid;
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 'l' || album.account, album.id, searchWords(album.name), searchWords(album.artist)
                FROM album WHERE album.name <> '' ORDER BY album.rowid;
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 'r' || account, id, searchWords(name), '' FROM artist WHERE name <> '' ORDER BY rowid;

            CREATE VIRTUAL TABLE search USING fts5 (
                owner, main, more, content = 'searchEntry', content_rowid = 'id', tokenize = 'ascii', prefix = '1 2 3 4 5 6'
            );
            INSERT INTO search (search) VALUES ('rebuild');
            CREATE TRIGGER searchEntry_inserted AFTER INSERT ON searchEntry BEGIN
                INSERT INTO search (rowid, owner, main, more) VALUES (NEW.id, NEW.owner, NEW.main, NEW.more);
            END;
            CREATE TRIGGER searchEntry_deleted AFTER DELETE ON searchEntry BEGIN
                INSERT INTO search (search, rowid, owner, main, more) VALUES ('delete', OLD.id, OLD.owner, OLD.main, OLD.more);
            END;
            CREATE TRIGGER searchEntry_updated AFTER UPDATE ON searchEntry BEGIN
                INSERT INTO search (search, rowid, owner, main, more) VALUES ('delete', OLD.id, OLD.owner, OLD.main, OLD.more);
                INSERT INTO search (rowid, owner, main, more) VALUES (NEW.id, NEW.owner, NEW.main, NEW.more);
            END;
            """)
    }
}
