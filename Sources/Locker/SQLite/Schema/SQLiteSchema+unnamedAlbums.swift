extension SQLiteSchema {
    /// Lists of albums that were played, rated or marked, with those without a name, whose tracks are not counted: an album of
    /// these lists has plays, a last play or a mark. A last play is that of a track that is there.
    static let unnamedAlbums = """
        UPDATE album SET played = (SELECT ifnull(max(track.played), 0) FROM track WHERE track.albumId = album.id)
            WHERE name = '';
        DROP INDEX album_plays;
        CREATE UNIQUE INDEX album_plays ON album (account, plays, id) WHERE plays > 0;
        DROP INDEX album_rating;
        CREATE UNIQUE INDEX album_rating ON album (account, rating, id) WHERE rating > 0;
        CREATE UNIQUE INDEX album_heard ON album (account, played, id) WHERE played > 0;

        DROP TRIGGER track_heard;
        CREATE TRIGGER track_heard AFTER UPDATE OF played ON track WHEN NEW.played > OLD.played BEGIN
            UPDATE album SET played = NEW.played WHERE id = NEW.albumId AND played < NEW.played;
        END;
        CREATE TRIGGER track_heardAdded AFTER INSERT ON track WHEN NEW.played > 0 BEGIN
            \(arrival)
        END;
        CREATE TRIGGER track_heardMoved AFTER UPDATE OF albumId ON track WHEN OLD.albumId <> NEW.albumId AND NEW.played > 0 BEGIN
            \(departure)
            \(arrival)
        END;
        CREATE TRIGGER track_heardGone AFTER DELETE ON track WHEN OLD.played > 0 BEGIN
            \(departure)
        END;
        """

    private static let arrival = """
        UPDATE album SET played = NEW.played WHERE id = NEW.albumId AND name = '' AND played < NEW.played;
        """
    private static let departure = """
        UPDATE album SET played = (SELECT ifnull(max(track.played), 0) FROM track WHERE track.albumId = album.id)
            WHERE id = OLD.albumId AND name = '' AND played <= OLD.played;
        """
}
