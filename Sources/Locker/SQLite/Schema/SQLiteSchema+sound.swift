extension SQLiteSchema {
    /// What Originals sound like, and which are encodes of one recording: see the decision "Recordings".
    ///
    /// The number of a recording is never given to another one.
    static let sound = """
        CREATE TABLE recording (
            id INTEGER PRIMARY KEY AUTOINCREMENT
        ) STRICT;

        CREATE TABLE sound (
            sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
            recording INTEGER NOT NULL REFERENCES recording (id),
            milliseconds INTEGER NOT NULL CHECK (milliseconds >= 0),
            features BLOB CHECK (length(features) = 256)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX sound_recording ON sound (recording);

        CREATE TABLE soundWord (
            word INTEGER NOT NULL CHECK (word BETWEEN 0 AND 268435455),
            recording INTEGER NOT NULL REFERENCES recording (id) ON DELETE CASCADE,
            PRIMARY KEY (word, recording)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX soundWord_recording ON soundWord (recording);
        """
}
