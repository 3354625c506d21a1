extension SQLiteSchema {
    /// What players of other protocols ask for: albums by plays, rating and genre, tracks by year, albums without a name,
    /// bookmarks, comments of playlists, the player that saved a queue, and when a library last changed.
    static let players = """
        ALTER TABLE album ADD COLUMN plays INTEGER NOT NULL DEFAULT 0 CHECK (plays >= 0);
        UPDATE album SET plays = (SELECT ifnull(sum(track.plays), 0) FROM track WHERE track.albumId = album.id);
        CREATE UNIQUE INDEX album_plays ON album (account, plays, id) WHERE tracks > 0;
        CREATE UNIQUE INDEX album_rating ON album (account, rating, id) WHERE tracks > 0 AND rating > 0;
        CREATE UNIQUE INDEX album_unnamed ON album (account, id) WHERE name = '';
        CREATE UNIQUE INDEX track_year ON track (account, year, id);
        CREATE TRIGGER album_playsAdded AFTER INSERT ON track WHEN NEW.plays > 0 BEGIN
            UPDATE album SET plays = plays + NEW.plays WHERE id = NEW.albumId;
        END;
        CREATE TRIGGER album_playsRemoved AFTER DELETE ON track WHEN OLD.plays > 0 BEGIN
            UPDATE album SET plays = max(plays - OLD.plays, 0) WHERE id = OLD.albumId;
        END;
        CREATE TRIGGER album_playsChanged AFTER UPDATE OF plays, albumId ON track
        WHEN OLD.plays <> NEW.plays OR OLD.albumId <> NEW.albumId BEGIN
            UPDATE album SET plays = max(plays - OLD.plays, 0) WHERE id = OLD.albumId;
            UPDATE album SET plays = plays + NEW.plays WHERE id = NEW.albumId;
        END;

        CREATE TABLE albumGenre (
            genre INTEGER NOT NULL REFERENCES genre (id) ON DELETE CASCADE,
            nameOrder TEXT NOT NULL,
            album TEXT NOT NULL REFERENCES album (id) ON DELETE CASCADE,
            tracks INTEGER NOT NULL,
            PRIMARY KEY (genre, album)
        ) STRICT, WITHOUT ROWID;
        INSERT INTO albumGenre (genre, nameOrder, album, tracks)
            SELECT trackGenre.genre, album.nameOrder, album.id, count(*)
            FROM trackGenre JOIN track ON track.id = trackGenre.track JOIN album ON album.id = track.albumId
            GROUP BY trackGenre.genre, album.id;
        CREATE UNIQUE INDEX albumGenre_order ON albumGenre (genre, nameOrder, album);
        CREATE INDEX albumGenre_album ON albumGenre (album);
        CREATE TRIGGER albumGenre_emptied AFTER UPDATE OF tracks ON albumGenre WHEN NEW.tracks <= 0 BEGIN
            DELETE FROM albumGenre WHERE genre = NEW.genre AND album = NEW.album;
        END;
        CREATE TRIGGER albumGenre_added AFTER INSERT ON trackGenre BEGIN
            INSERT INTO albumGenre (genre, nameOrder, album, tracks)
                SELECT NEW.genre, album.nameOrder, album.id, 1
                FROM track JOIN album ON album.id = track.albumId WHERE track.id = NEW.track
                ON CONFLICT (genre, album) DO UPDATE SET tracks = tracks + 1;
        END;
        CREATE TRIGGER albumGenre_removed AFTER DELETE ON trackGenre BEGIN
            UPDATE albumGenre SET tracks = tracks - 1
                WHERE genre = OLD.genre AND album = (SELECT albumId FROM track WHERE id = OLD.track);
        END;
        CREATE TRIGGER albumGenre_trackGone BEFORE DELETE ON track BEGIN
            UPDATE albumGenre SET tracks = tracks - 1
                WHERE album = OLD.albumId AND genre IN (SELECT genre FROM trackGenre WHERE track = OLD.id);
        END;
        CREATE TRIGGER albumGenre_trackMoved AFTER UPDATE OF albumId ON track WHEN OLD.albumId <> NEW.albumId BEGIN
            UPDATE albumGenre SET tracks = tracks - 1
                WHERE album = OLD.albumId AND genre IN (SELECT genre FROM trackGenre WHERE track = NEW.id);
            INSERT INTO albumGenre (genre, nameOrder, album, tracks)
                SELECT trackGenre.genre, album.nameOrder, album.id, 1
                FROM trackGenre JOIN album ON album.id = NEW.albumId WHERE trackGenre.track = NEW.id
                ON CONFLICT (genre, album) DO UPDATE SET tracks = tracks + 1;
        END;
        CREATE TRIGGER albumGenre_named AFTER UPDATE OF nameOrder ON album WHEN OLD.nameOrder <> NEW.nameOrder BEGIN
            UPDATE albumGenre SET nameOrder = NEW.nameOrder WHERE album = NEW.id;
        END;

        CREATE TABLE bookmark (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
            comment TEXT NOT NULL,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            PRIMARY KEY (account, track)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX bookmark_track ON bookmark (track);

        ALTER TABLE playlist ADD COLUMN comment TEXT NOT NULL DEFAULT '';
        ALTER TABLE playQueue ADD COLUMN changedBy TEXT NOT NULL DEFAULT '';
        ALTER TABLE account ADD COLUMN libraryChanged INTEGER NOT NULL DEFAULT 0;
        UPDATE account SET libraryChanged = (SELECT ifnull(max(added), 0) FROM track WHERE track.account = account.id);
        """
}
