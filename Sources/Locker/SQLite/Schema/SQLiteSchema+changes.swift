extension SQLiteSchema {
    /// The rows by which processes tell each other of changes: see ``ChangeFeed``. `account` is not a foreign key: an
    /// account's removal sets it to NULL.
    static let catalogueChanges = """
        CREATE TABLE catalogueChange (
            id INTEGER PRIMARY KEY,
            writer INTEGER NOT NULL,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
            account INTEGER
        ) STRICT;
        """

    /// Which parts of an account a change concerns: the bits of ``ChangeSubjects``.
    static let changeSubjects = """
        ALTER TABLE catalogueChange ADD COLUMN subjects INTEGER NOT NULL DEFAULT 0 CHECK (subjects >= 0);
        """
}
