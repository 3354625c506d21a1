extension SQLiteSchema {
    /// How much of a track each play heard and who reported it, and, for accounts that opted in (`account.taste`, the time at
    /// which they did), the tracks that were skipped and how much each track is to their taste: see ``TasteGain``.
    ///
    /// `track.musicBrainz` is MusicBrainz' identifier of the recording. The tags of older tracks are read again for it.
    static let listening = """
        ALTER TABLE account ADD COLUMN taste INTEGER;
        ALTER TABLE account ADD COLUMN tasteAsked INTEGER;
        ALTER TABLE account ADD COLUMN skips INTEGER NOT NULL DEFAULT 0 CHECK (skips >= 0);

        ALTER TABLE play ADD COLUMN heard INTEGER CHECK (heard >= 0);
        ALTER TABLE play ADD COLUMN source TEXT NOT NULL DEFAULT ''
            CHECK (source IN ('', 'player', 'subsonic', 'scrobble', 'import'));
        ALTER TABLE deletedPlay ADD COLUMN heard INTEGER;
        ALTER TABLE deletedPlay ADD COLUMN source TEXT NOT NULL DEFAULT '';

        CREATE TABLE skip (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            heard INTEGER NOT NULL CHECK (heard >= 0),
            source TEXT NOT NULL CHECK (source IN ('', 'player', 'subsonic', 'scrobble', 'import')),
            PRIMARY KEY (account, at, track)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX skip_track ON skip (track);
        CREATE TRIGGER skip_inserted AFTER INSERT ON skip BEGIN
            UPDATE account SET skips = skips + 1 WHERE id = NEW.account;
        END;
        CREATE TRIGGER skip_deleted AFTER DELETE ON skip BEGIN
            UPDATE account SET skips = skips - 1 WHERE id = OLD.account;
        END;

        CREATE TABLE taste (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            weight REAL NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (account, track)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX taste_track ON taste (track);

        ALTER TABLE track ADD COLUMN musicBrainz TEXT NOT NULL DEFAULT '';
        ALTER TABLE deletedTrack ADD COLUMN musicBrainz TEXT NOT NULL DEFAULT '';
        UPDATE track SET tagged = 0;
        """
}
