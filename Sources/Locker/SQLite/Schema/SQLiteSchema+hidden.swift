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
}
