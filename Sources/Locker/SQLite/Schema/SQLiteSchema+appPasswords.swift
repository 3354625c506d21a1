extension SQLiteSchema {
    static let appPasswords = """
        CREATE TABLE appPassword (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            mark BLOB NOT NULL UNIQUE CHECK (length(mark) = 32),
            sealed BLOB NOT NULL CHECK (length(sealed) > 28),
            label TEXT NOT NULL,
            created INTEGER NOT NULL,
            used INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX appPassword_account ON appPassword (account, created, id);
        """
}
