extension SQLiteSchema {
    /// Offers of the operator. `shownOffer` and `dismissedOffer` are an account's own, and go with it and with its taste: by the key
    /// an account is shown one offer a day. `offerCount` has no account. Days are days since 1970 in UTC.
    static let offers = """
        ALTER TABLE account ADD COLUMN offers INTEGER NOT NULL DEFAULT 1 CHECK (offers IN (0, 1));

        CREATE TABLE shownOffer (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            day INTEGER NOT NULL,
            offer TEXT NOT NULL CHECK (offer <> ''),
            isClicked INTEGER NOT NULL DEFAULT 0 CHECK (isClicked IN (0, 1)),
            PRIMARY KEY (account, day)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE dismissedOffer (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            offer TEXT NOT NULL CHECK (offer <> ''),
            at INTEGER NOT NULL,
            PRIMARY KEY (account, offer)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE offerCount (
            day INTEGER NOT NULL,
            offer TEXT NOT NULL CHECK (offer <> ''),
            shown INTEGER NOT NULL CHECK (shown >= 0),
            clicked INTEGER NOT NULL CHECK (clicked BETWEEN 0 AND shown),
            PRIMARY KEY (day, offer)
        ) STRICT, WITHOUT ROWID;
        """
}
