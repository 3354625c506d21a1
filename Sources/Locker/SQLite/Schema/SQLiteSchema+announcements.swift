extension SQLiteSchema {
    static let announcements = """
        CREATE TABLE announced (
            claim TEXT NOT NULL CHECK (length(claim) = 22),
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            expires INTEGER NOT NULL,
            PRIMARY KEY (claim, sha256)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX announced_sha256 ON announced (sha256, expires);
        CREATE INDEX announced_expires ON announced (expires);

        CREATE TABLE removing (
            sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
            claim TEXT NOT NULL CHECK (length(claim) = 22),
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
