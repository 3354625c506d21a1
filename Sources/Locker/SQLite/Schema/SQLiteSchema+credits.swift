internal import Audio

extension SQLiteSchema {
    /// Tracks and albums by several artists, several albums of one title and album artist, and sort names for all of them.
    ///
    /// Existing tracks get what their columns tell. The rest of their tags is read from their maps later: see
    /// ``Catalogue/untagged(after:)``.
    static func addCredits(to db: SQLiteConnection) throws {
        for trigger in [
            "track_counted", "track_uncounted", "track_recounted", "album_searchable", "album_unsearchable"
        ] { try db.script("DROP TRIGGER \(trigger)") }
        try addCreditTables(db)
        try fileAgain(db)
        try db.script(
            """
            \(recount("1"))
            UPDATE albumCredit SET year = (SELECT year FROM album WHERE id = albumCredit.album);
            UPDATE artist SET uses = (SELECT count(*) FROM credit WHERE artist = artist.id);
            UPDATE artist SET tracks = (SELECT count(*) FROM credit WHERE artist = artist.id AND NOT isOfAlbum);
            INSERT OR IGNORE INTO searchEntry (owner, item, main, more)
                SELECT 'l' || account, id, name, artist FROM album WHERE name <> '';
            UPDATE searchEntry SET more = album.artist FROM album WHERE item = album.id AND more <> album.artist;
            """)
        try addCreditTriggers(db)
    }

    private static func addCreditTables(_ db: SQLiteConnection) throws {
        try db.script(
            """
            ALTER TABLE artist ADD COLUMN sortName TEXT NOT NULL DEFAULT '';

            CREATE TABLE newAlbum (
                id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
                account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
                artistId TEXT NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                nameOrder TEXT NOT NULL DEFAULT '',
                artistOrder TEXT NOT NULL DEFAULT '',
                tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0),
                microseconds INTEGER NOT NULL DEFAULT 0,
                year INTEGER NOT NULL DEFAULT 0,
                added INTEGER NOT NULL DEFAULT 0,
                isCompilation INTEGER NOT NULL DEFAULT 0 CHECK (isCompilation IN (0, 1)),
                favourite INTEGER NOT NULL DEFAULT 0,
                rating INTEGER NOT NULL DEFAULT 0 CHECK (rating BETWEEN 0 AND 5),
                artist TEXT NOT NULL,
                artists TEXT NOT NULL DEFAULT '',
                artistSort TEXT NOT NULL DEFAULT '',
                sortName TEXT NOT NULL DEFAULT '',
                release TEXT NOT NULL DEFAULT '',
                folder TEXT NOT NULL DEFAULT '',
                editionYear INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            INSERT INTO newAlbum (id, account, artistId, name, nameOrder, artistOrder, tracks, microseconds, year, added,
                    isCompilation, favourite, rating, artist)
                SELECT album.id, album.account, artistId, album.name, album.nameOrder, artistOrder, album.tracks, microseconds,
                    year, added, isCompilation, album.favourite, album.rating, artist.name
                FROM album JOIN artist ON artist.id = album.artistId;
            DROP TABLE album;
            ALTER TABLE newAlbum RENAME TO album;
            CREATE INDEX album_named ON album (artistId, name);
            CREATE UNIQUE INDEX album_nameOrder ON album (account, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_artistOrder ON album (account, artistOrder, year, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_year ON album (account, year, nameOrder, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_added ON album (account, added, id) WHERE tracks > 0;
            CREATE UNIQUE INDEX album_favourite ON album (account, favourite, id) WHERE favourite > 0;

            ALTER TABLE track ADD COLUMN artists TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN mains INTEGER NOT NULL DEFAULT 1 CHECK (mains >= 0);
            ALTER TABLE track ADD COLUMN albumArtists TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN isCompilation INTEGER NOT NULL DEFAULT 0 CHECK (isCompilation IN (0, 1));
            ALTER TABLE track ADD COLUMN release TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN folder TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN albumOwner TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN titleSort TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN artistSort TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN albumSort TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN albumArtistSort TEXT NOT NULL DEFAULT '';
            ALTER TABLE track ADD COLUMN tagged INTEGER NOT NULL DEFAULT 0 CHECK (tagged IN (0, 1));
            DROP INDEX track_ofArtist;
            CREATE INDEX track_artistId ON track (artistId);
            CREATE INDEX track_shelf ON track (account, album, albumOwner);
            CREATE INDEX track_folder ON track (account, album, folder) WHERE folder <> '';
            CREATE INDEX track_untagged ON track (sha256) WHERE tagged = 0;

            CREATE TABLE credit (
                artist TEXT NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
                isOfAlbum INTEGER NOT NULL CHECK (isOfAlbum IN (0, 1)),
                albumOrder TEXT NOT NULL,
                disc INTEGER NOT NULL,
                number INTEGER NOT NULL,
                track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
                PRIMARY KEY (artist, isOfAlbum, albumOrder, disc, number, track)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX credit_track ON credit (track);
            CREATE TABLE albumCredit (
                artist TEXT NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
                isOwn INTEGER NOT NULL CHECK (isOwn IN (0, 1)),
                year INTEGER NOT NULL,
                nameOrder TEXT NOT NULL,
                album TEXT NOT NULL REFERENCES album (id) ON DELETE CASCADE,
                PRIMARY KEY (artist, isOwn, year, nameOrder, album)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX albumCredit_album ON albumCredit (album);
            """)
    }

    /// Gives the tracks of an earlier schema their artists, and puts them on their albums.
    private static func fileAgain(_ db: SQLiteConnection) throws {
        var shelves: Set<Shelf> = []
        var last = ""
        while true {
            let rows = try db.all(
                """
                SELECT id, account, artist, artistId, albumArtist, album, (
                    SELECT path FROM imported WHERE imported.account = track.account AND imported.sha256 = track.sha256 LIMIT 1
                ) FROM track WHERE id > ? ORDER BY id LIMIT 1000
                """, [last], Stored.init(row:))
            guard let end = rows.last else { break }
            last = end.id
            for row in rows {
                let (id, account) = (row.id, row.account)
                let (names, owners) = (CreditedNames(row.artist), CreditedNames.owners(row.albumArtist))
                let artists = try names.names.map { try Catalogue.artist(named: $0, account: account, db) }
                let albumArtists = try owners.names.map { try Catalogue.artist(named: $0, account: account, db) }
                let artistID = artists.first?.id ?? row.artistID
                let owner = albumArtists.first?.id ?? artistID
                let shown = albumArtists.isEmpty ? Array(artists.prefix(names.mains)) : albumArtists
                let path = String(decoding: row.path ?? [], as: UTF8.self)
                let folder = AlbumFolder.of(path: path).printable
                let isPlain = artists == Track.artists(stored: "", artist: row.artist, id: artistID)
                try db.update(
                    "track",
                    [
                        ("artistId", artistID), ("artists", isPlain ? "" : artists.stored), ("mains", names.mains),
                        ("albumArtists", Track.stored(albumArtists: shown, artists: artists)), ("albumOwner", owner),
                        ("folder", folder)
                    ], where: [("id", id)])
                try Catalogue.setCredits(artists: artists, albumArtists: shown, unnamed: artistID, ofTrack: id, db)
                shelves.insert(
                    Shelf(account: account, album: row.album, owner: owner, folder: albumArtists.isEmpty ? folder : ""))
            }
        }
        for place in shelves {
            var shelf = AlbumShelf(account: place.account, album: place.album, db: db)
            try shelf.refile(owner: place.owner, folder: place.folder)
        }
    }

    private struct Stored {
        var id: String
        var account: Int64
        var artist: String
        var artistID: String
        var albumArtist: String
        var album: String
        /// The path of the imported file.
        var path: [UInt8]?

        init(row: Row) {
            (id, account, artist, artistID) = (row[0], row[1], row[2], row[3])
            (albumArtist, album, path) = (row[4], row[5], row[6])
        }
    }

    private struct Shelf: Hashable {
        var account: Int64
        var album: String
        var owner: String
        var folder: String
    }

    /// Counts the tracks of some albums again. An album is a compilation if a track says so, or if its tracks are by more
    /// than one artist and none is by the album's.
    private static func recount(_ condition: String) -> String {
        """
        UPDATE album SET (tracks, microseconds, year, added, isCompilation) = (
            SELECT count(*), ifnull(sum(samples * 1000000 / sampleRate), 0), ifnull(max(year), 0), ifnull(max(added), 0),
                ifnull(max(track.isCompilation) OR count(DISTINCT track.artistId) > 1
                    AND NOT max(track.artistId = album.artistId), 0)
            FROM track WHERE albumId = album.id
        ) WHERE \(condition) AND name <> '';
        """
    }

    private static func addCreditTriggers(_ db: SQLiteConnection) throws {
        try db.script(
            """
            CREATE TRIGGER track_counted AFTER INSERT ON track BEGIN
                \(recount("id = NEW.albumId"))
            END;
            CREATE TRIGGER track_uncounted AFTER DELETE ON track BEGIN
                \(recount("id = OLD.albumId"))
            END;
            CREATE TRIGGER track_recounted
            AFTER UPDATE OF artistId, albumId, isCompilation, year, samples, sampleRate, added ON track BEGIN
                \(recount("id IN (OLD.albumId, NEW.albumId)"))
            END;
            CREATE TRIGGER album_owned AFTER UPDATE OF artistId ON album WHEN OLD.artistId <> NEW.artistId BEGIN
                \(recount("id = NEW.id"))
            END;

            CREATE TRIGGER credit_inserted AFTER INSERT ON credit BEGIN
                UPDATE artist SET tracks = tracks + NOT NEW.isOfAlbum, uses = uses + 1 WHERE id = NEW.artist;
            END;
            CREATE TRIGGER credit_deleted AFTER DELETE ON credit BEGIN
                UPDATE artist SET tracks = tracks - NOT OLD.isOfAlbum, uses = uses - 1 WHERE id = OLD.artist;
            END;
            CREATE TRIGGER track_credited AFTER UPDATE OF albumOrder, disc, track ON track
            WHEN (OLD.albumOrder, OLD.disc, OLD.track) <> (NEW.albumOrder, NEW.disc, NEW.track) BEGIN
                UPDATE credit SET albumOrder = NEW.albumOrder, disc = NEW.disc, number = NEW.track WHERE track = NEW.id;
            END;
            CREATE TRIGGER album_credited AFTER UPDATE OF year, nameOrder ON album
            WHEN OLD.year <> NEW.year OR OLD.nameOrder <> NEW.nameOrder BEGIN
                UPDATE albumCredit SET year = NEW.year, nameOrder = NEW.nameOrder WHERE album = NEW.id;
            END;

            CREATE TRIGGER album_searchable AFTER INSERT ON album WHEN NEW.name <> '' BEGIN
                INSERT INTO searchEntry (owner, item, main, more) VALUES ('l' || NEW.account, NEW.id, NEW.name, NEW.artist);
            END;
            CREATE TRIGGER album_changed AFTER UPDATE OF artist ON album WHEN OLD.artist <> NEW.artist BEGIN
                UPDATE searchEntry SET more = NEW.artist WHERE item = NEW.id;
            END;
            CREATE TRIGGER album_unsearchable AFTER DELETE ON album BEGIN
                DELETE FROM searchEntry WHERE item = OLD.id;
            END;
            """)
    }
}
