extension SQLiteSchema {
    /// Tags that decide no list, as ``SongTags`` has them; lists have a newline between their values. Existing tracks get theirs
    /// from their maps: see ``Catalogue/untagged(after:)``. The indexes are for the titles of an album's discs, and for
    /// titles by which no list is ordered.
    static let songTags = """
        \(columns(of: "track"))
        \(columns(of: "deletedTrack"))
        CREATE INDEX track_discTitle ON track (albumId, disc, discTitle) WHERE discTitle <> '';
        CREATE INDEX track_sortedTitle ON track (account, title COLLATE NOCASE) WHERE titleSort <> '';
        UPDATE track SET tagged = 0;
        """

    private static func columns(of table: String) -> String {
        """
        ALTER TABLE \(table) ADD COLUMN comment TEXT NOT NULL DEFAULT '';
        ALTER TABLE \(table) ADD COLUMN isrc TEXT NOT NULL DEFAULT '';
        ALTER TABLE \(table) ADD COLUMN tempo INTEGER NOT NULL DEFAULT 0 CHECK (tempo >= 0);
        ALTER TABLE \(table) ADD COLUMN composers TEXT NOT NULL DEFAULT '';
        ALTER TABLE \(table) ADD COLUMN moods TEXT NOT NULL DEFAULT '';
        ALTER TABLE \(table) ADD COLUMN discTitle TEXT NOT NULL DEFAULT '';
        """
    }
}
