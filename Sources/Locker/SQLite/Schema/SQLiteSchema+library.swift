extension SQLiteSchema {
    /// Artists, albums and genres as lists, favourites, ratings, the play queue and the search. Counts are kept by triggers,
    /// so that no list counts rows.
    ///
    /// An artist's tracks without an album share a placeholder album with an empty name. It is never counted or listed,
    /// however many tracks it has.
    static func addLibrary(to db: SQLiteConnection) throws {
        try db.script(
            """
            ALTER TABLE artist ADD COLUMN nameOrder TEXT NOT NULL DEFAULT '';
            ALTER TABLE artist ADD COLUMN tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0);
            ALTER TABLE artist ADD COLUMN uses INTEGER NOT NULL DEFAULT 0 CHECK (uses >= 0);
            ALTER TABLE artist ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE artist ADD COLUMN rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5);
            CREATE UNIQUE INDEX artist_nameOrder ON artist (account, nameOrder, id) WHERE uses > 0 AND name <> '';
            CREATE UNIQUE INDEX artist_favourite ON artist (account, favourite, id) WHERE favourite > 0;

            ALTER TABLE album ADD COLUMN nameOrder TEXT NOT NULL DEFAULT '';
            ALTER TABLE album ADD COLUMN artistOrder TEXT NOT NULL DEFAULT '';
            ALTER TABLE album ADD COLUMN tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0);
            ALTER TABLE album ADD COLUMN microseconds INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE album ADD COLUMN year INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE album ADD COLUMN added INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE album ADD COLUMN isCompilation INTEGER NOT NULL DEFAULT 0 CHECK (isCompilation IN (0, 1));
            ALTER TABLE album ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE album ADD COLUMN rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5);
            DROP INDEX album_artist;
            CREATE UNIQUE INDEX album_ofArtist ON album (artistId, year, nameOrder, id);
            CREATE UNIQUE INDEX album_nameOrder ON album (account, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_artistOrder ON album (account, artistOrder, year, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_year ON album (account, year, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_added ON album (account, added, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_favourite ON album (account, favourite, id) WHERE favourite > 0;

            ALTER TABLE track ADD COLUMN favourite INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE track ADD COLUMN rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5);
            CREATE UNIQUE INDEX track_favourite ON track (account, favourite, id) WHERE favourite > 0;
            DROP INDEX track_artistId;
            DROP INDEX track_albumId;
            CREATE UNIQUE INDEX track_ofArtist ON track (artistId, albumOrder, disc, track, id);
            CREATE UNIQUE INDEX track_ofAlbum ON track (albumId, disc, track, id);

            CREATE TABLE genre (
                id INTEGER PRIMARY KEY,
                account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                name TEXT NOT NULL CHECK (name <> ''),
                nameOrder TEXT NOT NULL,
                tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0),
                UNIQUE (account, nameOrder)
            ) STRICT;
            CREATE UNIQUE INDEX genre_list ON genre (account, nameOrder) WHERE tracks > 0;
            CREATE TABLE trackGenre (
                genre INTEGER NOT NULL REFERENCES genre (id) ON DELETE CASCADE,
                titleOrder TEXT NOT NULL,
                track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
                PRIMARY KEY (genre, titleOrder, track)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX trackGenre_track ON trackGenre (track);
            CREATE TRIGGER trackGenre_inserted AFTER INSERT ON trackGenre BEGIN
                UPDATE genre SET tracks = tracks + 1 WHERE id = NEW.genre;
            END;
            CREATE TRIGGER trackGenre_deleted AFTER DELETE ON trackGenre BEGIN
                UPDATE genre SET tracks = tracks - 1 WHERE id = OLD.genre;
            END;

            CREATE TABLE playQueue (
                account INTEGER NOT NULL PRIMARY KEY REFERENCES account (id) ON DELETE CASCADE,
                current INTEGER,
                milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
                changed INTEGER NOT NULL
            ) STRICT;
            CREATE TABLE playQueueTrack (
                account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
                PRIMARY KEY (account, position)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX playQueueTrack_track ON playQueueTrack (track);
            """)
        for table in ["artist", "album"] {
            let rows = try db.all("SELECT id, name FROM \(table)") { (id: $0[0] as String, name: $0[1] as String) }
            for (id, name) in rows { try db.update(table, [("nameOrder", Track.order(of: name))], where: [("id", id)]) }
        }
        try db.script(
            """
            UPDATE album SET artistOrder = (SELECT nameOrder FROM artist WHERE artist.id = album.artistId);
            UPDATE artist SET tracks = (SELECT count(*) FROM track WHERE artistId = artist.id);
            UPDATE artist SET uses = tracks
                + (SELECT count(*) FROM album JOIN track ON track.albumId = album.id WHERE album.artistId = artist.id);
            \(recount("1"))
            CREATE TRIGGER track_counted AFTER INSERT ON track BEGIN
                \(use("NEW", "+ 1"))
                \(recount("id = NEW.albumId"))
            END;
            CREATE TRIGGER track_uncounted AFTER DELETE ON track BEGIN
                \(use("OLD", "- 1"))
                \(recount("id = OLD.albumId"))
            END;
            CREATE TRIGGER track_recounted AFTER UPDATE OF artistId, albumId, year, samples, sampleRate, added ON track BEGIN
                \(use("NEW", "+ 1"))
                \(use("OLD", "- 1"))
                \(recount("id IN (OLD.albumId, NEW.albumId)"))
            END;
            """)
        let tracks = try db.all("SELECT id, account, titleOrder, genres FROM track WHERE genres <> '[]'") { row in
            (id: row[0] as String, account: row[1] as Int64, order: row[2] as String, genres: try Track.list(row[3]))
        }
        for track in tracks {
            try Catalogue.setGenres(track.genres, ofTrack: track.id, titleOrder: track.order, account: track.account, db)
        }
        try addSearch(to: db)
    }

    /// Counts one use more, or less, of a track's artist and of its album's.
    private static func use(_ row: String, _ change: String) -> String {
        """
        UPDATE artist SET tracks = tracks \(change), uses = uses \(change) WHERE id = \(row).artistId;
        UPDATE artist SET uses = uses \(change) WHERE id = (SELECT artistId FROM album WHERE id = \(row).albumId);
        """
    }

    /// Counts the tracks of some albums again.
    private static func recount(_ condition: String) -> String {
        """
        UPDATE album SET (tracks, microseconds, year, added, isCompilation) = (
            SELECT count(*), ifnull(sum(samples * 1000000 / sampleRate), 0), ifnull(max(year), 0), ifnull(max(added), 0),
                count(DISTINCT artistId) > 1
            FROM track WHERE albumId = album.id
        ) WHERE \(condition) AND name <> '';
        """
    }

    /// Words of titles and names, each with its owner: `t1` for the tracks of account 1, `l1` for its albums, `r1` for its
    /// artists.
    private static func addSearch(to db: SQLiteConnection) throws {
        let track = "NEW.artist || ' ' || NEW.album || ' ' || NEW.albumArtist"
        try db.script(
            """
            CREATE TABLE searchEntry (
                id INTEGER PRIMARY KEY,
                owner TEXT NOT NULL,
                item TEXT NOT NULL UNIQUE,
                main TEXT NOT NULL,
                more TEXT NOT NULL
            ) STRICT;
            CREATE VIRTUAL TABLE search USING fts5 (
                owner, main, more, content = 'searchEntry', content_rowid = 'id',
                tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4 5 6'
            );
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 't' || account, id, title, artist || ' ' || album || ' ' || albumArtist FROM track;
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 'l' || album.account, album.id, album.name, artist.name
                FROM album JOIN artist ON artist.id = album.artistId WHERE album.name <> '';
            INSERT INTO searchEntry (owner, item, main, more)
                SELECT 'r' || account, id, name, '' FROM artist WHERE name <> '';
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

            CREATE TRIGGER track_searchable AFTER INSERT ON track BEGIN
                INSERT INTO searchEntry (owner, item, main, more) VALUES ('t' || NEW.account, NEW.id, NEW.title, \(track));
            END;
            CREATE TRIGGER track_changed AFTER UPDATE OF title, artist, album, albumArtist ON track BEGIN
                UPDATE searchEntry SET main = NEW.title, more = \(track) WHERE item = NEW.id;
            END;
            CREATE TRIGGER track_unsearchable AFTER DELETE ON track BEGIN
                DELETE FROM searchEntry WHERE item = OLD.id;
            END;
            CREATE TRIGGER album_searchable AFTER INSERT ON album WHEN NEW.name <> '' BEGIN
                INSERT INTO searchEntry (owner, item, main, more) VALUES (
                    'l' || NEW.account, NEW.id, NEW.name, (SELECT name FROM artist WHERE id = NEW.artistId)
                );
            END;
            CREATE TRIGGER album_unsearchable AFTER DELETE ON album BEGIN
                DELETE FROM searchEntry WHERE item = OLD.id;
            END;
            CREATE TRIGGER artist_searchable AFTER INSERT ON artist WHEN NEW.name <> '' BEGIN
                INSERT INTO searchEntry (owner, item, main, more) VALUES ('r' || NEW.account, NEW.id, NEW.name, '');
            END;
            CREATE TRIGGER artist_unsearchable AFTER DELETE ON artist BEGIN
                DELETE FROM searchEntry WHERE item = OLD.id;
            END;
            """)
    }
}
