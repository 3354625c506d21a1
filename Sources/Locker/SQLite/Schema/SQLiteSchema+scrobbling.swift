extension SQLiteSchema {
    /// The services that an account's plays are told to, with its token there, and the plays that they still have to be told.
    static let scrobbling = """
        CREATE TABLE scrobbler (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            service TEXT NOT NULL CHECK (service IN ('listenbrainz', 'lastfm')),
            name TEXT NOT NULL,
            sealed BLOB NOT NULL CHECK (length(sealed) > 28),
            since INTEGER NOT NULL,
            fault TEXT CHECK (fault <> ''),
            sent INTEGER NOT NULL DEFAULT 0 CHECK (sent >= 0),
            waiting INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
            failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),
            due INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (account, service)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scrobbler_due ON scrobbler (due) WHERE waiting > 0 AND fault IS NULL;

        CREATE TABLE scrobble (
            account INTEGER NOT NULL,
            service TEXT NOT NULL,
            at INTEGER NOT NULL,
            track TEXT NOT NULL,
            PRIMARY KEY (account, service, at, track),
            FOREIGN KEY (account, service) REFERENCES scrobbler (account, service) ON DELETE CASCADE,
            FOREIGN KEY (account, at, track) REFERENCES play (account, at, track) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX scrobble_play ON scrobble (account, at, track);
        CREATE TRIGGER scrobble_inserted AFTER INSERT ON scrobble BEGIN
            UPDATE scrobbler SET waiting = waiting + 1 WHERE account = NEW.account AND service = NEW.service;
        END;
        CREATE TRIGGER scrobble_deleted AFTER DELETE ON scrobble BEGIN
            UPDATE scrobbler SET waiting = waiting - 1 WHERE account = OLD.account AND service = OLD.service;
        END;
        """
}
