extension SQLiteSchema {
    /// How many tracks each account has.
    static let trackCounts = """
        ALTER TABLE account ADD COLUMN tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0);
        UPDATE account SET tracks = (SELECT count(*) FROM track WHERE track.account = account.id);
        DROP TRIGGER track_inserted;
        DROP TRIGGER track_deleted;
        CREATE TRIGGER track_inserted AFTER INSERT ON track BEGIN
            UPDATE account SET bytes = bytes + NEW.bytes, tracks = tracks + 1 WHERE id = NEW.account;
        END;
        CREATE TRIGGER track_deleted AFTER DELETE ON track BEGIN
            UPDATE account SET bytes = bytes - OLD.bytes, tracks = tracks - 1 WHERE id = OLD.account;
        END;
        """

    /// How often each track was played, and when an album last was. A play that is forgotten because there are too many still
    /// counts; of those that were forgotten before this change nothing is known.
    static let playTotals = """
        ALTER TABLE track ADD COLUMN plays INTEGER NOT NULL DEFAULT 0 CHECK (plays >= 0);
        UPDATE track SET plays = (SELECT count(*) FROM play WHERE play.track = track.id) WHERE played > 0;
        CREATE UNIQUE INDEX track_plays ON track (account, plays, id);

        ALTER TABLE album ADD COLUMN played INTEGER NOT NULL DEFAULT 0 CHECK (played >= 0);
        UPDATE album SET played = (SELECT ifnull(max(track.played), 0) FROM track WHERE track.albumId = album.id)
            WHERE album.name <> '';
        CREATE UNIQUE INDEX album_played ON album (account, played, id) WHERE tracks > 0;

        DROP TRIGGER track_counted;
        DROP TRIGGER track_uncounted;
        DROP TRIGGER track_recounted;
        DROP TRIGGER album_owned;
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
        CREATE TRIGGER track_heard AFTER UPDATE OF played ON track WHEN NEW.played > OLD.played BEGIN
            UPDATE album SET played = NEW.played WHERE id = NEW.albumId AND name <> '' AND played < NEW.played;
        END;
        """

    /// Milliseconds of a track at which a play of it stopped; NULL if that is not known.
    static let stops = "ALTER TABLE play ADD COLUMN stopped INTEGER CHECK (stopped >= 0);"

    /// Counts the tracks of some albums again; see ``addCredits(to:)``.
    private static func recount(_ condition: String) -> String {
        """
        UPDATE album SET (tracks, microseconds, year, added, played, isCompilation) = (
            SELECT count(*), ifnull(sum(samples * 1000000 / sampleRate), 0), ifnull(max(year), 0), ifnull(max(added), 0),
                ifnull(max(track.played), 0), ifnull(max(track.isCompilation) OR count(DISTINCT track.artistId) > 1
                    AND NOT max(track.artistId = album.artistId), 0)
            FROM track WHERE albumId = album.id
        ) WHERE \(condition) AND name <> '';
        """
    }
}
