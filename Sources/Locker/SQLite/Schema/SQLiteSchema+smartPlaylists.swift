extension SQLiteSchema {
    /// The rules of smart playlists, as JSON; NULL for playlists whose tracks were chosen one by one.
    static let smartPlaylists = """
        ALTER TABLE playlist ADD COLUMN rules TEXT CHECK (rules <> '');
        CREATE INDEX playlist_smart ON playlist (account) WHERE rules IS NOT NULL;
        """
}
