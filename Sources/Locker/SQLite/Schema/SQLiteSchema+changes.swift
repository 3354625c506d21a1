extension SQLiteSchema {
    /// What processes tell each other: see ``ChangeFeed``. The account may be gone.
    static let catalogueChanges = """
        CREATE TABLE catalogueChange (
            id INTEGER PRIMARY KEY,
            writer INTEGER NOT NULL,
            kind INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 2),
            account INTEGER
        ) STRICT;
        """
}
