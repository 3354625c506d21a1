extension SQLiteSchema {
    /// What accounts do not want to be suggested any more. `item` is the id of one of the account's tracks, or that under which a
    /// recording it does not own was suggested.
    static let hidden = """
        CREATE TABLE hidden (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            item TEXT NOT NULL CHECK (length(item) = 22),
            recording INTEGER,
            title TEXT NOT NULL,
            artist TEXT NOT NULL,
            at INTEGER NOT NULL,
            PRIMARY KEY (account, item)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX hidden_account ON hidden (account, at, item);
        """

    /// The recording of each hidden track, as of each weight; and of what others have, if its only Original is found to be an encode of
    /// another.
    static let hiddenRecordings = """
        UPDATE hidden SET recording = (
            SELECT sound.recording FROM track JOIN sound ON sound.sha256 = track.sha256 WHERE track.id = hidden.item
        ) WHERE item IN (SELECT id FROM track);
        CREATE INDEX hidden_recording ON hidden (recording) WHERE recording IS NOT NULL;
        CREATE TRIGGER sound_hidden AFTER INSERT ON sound BEGIN
            UPDATE hidden SET recording = NEW.recording
            WHERE (account, item) IN (SELECT account, id FROM track WHERE sha256 = NEW.sha256);
        END;
        CREATE TRIGGER sound_hiddenJoined AFTER UPDATE OF recording ON sound WHEN OLD.recording <> NEW.recording BEGIN
            UPDATE hidden SET recording = NEW.recording
            WHERE (account, item) IN (SELECT account, id FROM track WHERE sha256 = NEW.sha256);
            UPDATE hidden SET recording = NEW.recording
            WHERE recording = OLD.recording AND NOT EXISTS (SELECT 1 FROM sound WHERE recording = OLD.recording);
        END;
        """
}
