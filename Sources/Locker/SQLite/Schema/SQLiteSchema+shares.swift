extension SQLiteSchema {
    /// Sessions have an id that is not the secret, and the program that began them. Those of before have no program.
    static let sessions = """
        ALTER TABLE session ADD COLUMN id TEXT NOT NULL DEFAULT '';
        ALTER TABLE session ADD COLUMN client TEXT NOT NULL DEFAULT '';
        UPDATE session SET id = hex(randomblob(11));
        CREATE UNIQUE INDEX session_id ON session (id);
        DROP INDEX session_account;
        CREATE UNIQUE INDEX session_account ON session (account, created, id);
        """

    /// A share is of an album, of a playlist, or else of the tracks in `shareTrack`, which `tracks` counts.
    static let shares = """
        CREATE TABLE share (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            album TEXT REFERENCES album (id) ON DELETE CASCADE,
            playlist TEXT REFERENCES playlist (id) ON DELETE CASCADE,
            tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0),
            description TEXT NOT NULL,
            created INTEGER NOT NULL,
            expires INTEGER,
            visited INTEGER,
            visits INTEGER NOT NULL DEFAULT 0 CHECK (visits >= 0),
            CHECK (album IS NULL OR playlist IS NULL)
        ) STRICT;
        CREATE UNIQUE INDEX share_account ON share (account, created, id);
        CREATE INDEX share_album ON share (album) WHERE album IS NOT NULL;
        CREATE INDEX share_playlist ON share (playlist) WHERE playlist IS NOT NULL;

        CREATE TABLE shareTrack (
            share TEXT NOT NULL REFERENCES share (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            PRIMARY KEY (share, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX shareTrack_track ON shareTrack (track, share);
        CREATE TRIGGER shareTrack_inserted AFTER INSERT ON shareTrack BEGIN
            UPDATE share SET tracks = tracks + 1 WHERE id = NEW.share;
        END;
        CREATE TRIGGER shareTrack_deleted AFTER DELETE ON shareTrack BEGIN
            UPDATE share SET tracks = tracks - 1 WHERE id = OLD.share;
        END;
        """

    /// The album that an album's first tracks were on, all of them: if that has none left, its shares go on with this one. It may be
    /// an album that was removed.
    static let albumOrigins = """
        ALTER TABLE album ADD COLUMN origin TEXT NOT NULL DEFAULT '';
        """
}
