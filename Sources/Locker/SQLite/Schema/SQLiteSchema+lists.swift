extension SQLiteSchema {
    /// What a list of albums shows of each, found without reading rows of its tracks: the cover, and the genres with how many
    /// tracks have each.
    static let lists = """
        CREATE UNIQUE INDEX track_cover ON track (albumId, disc, track, id) WHERE art IS NOT NULL;
        CREATE INDEX albumGenre_ofAlbum ON albumGenre (album, tracks);
        DROP INDEX albumGenre_album;
        """
}
