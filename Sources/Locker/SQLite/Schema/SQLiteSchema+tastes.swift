extension SQLiteSchema {
    /// The recording of each weight, so that what all accounts like is read from one table in its order.
    static let tastes = """
        ALTER TABLE taste ADD COLUMN recording INTEGER;
        UPDATE taste SET recording = (
            SELECT sound.recording FROM track JOIN sound ON sound.sha256 = track.sha256 WHERE track.id = taste.track
        );
        CREATE TRIGGER sound_heard AFTER INSERT ON sound BEGIN
            UPDATE taste SET recording = NEW.recording WHERE track IN (SELECT id FROM track WHERE sha256 = NEW.sha256);
        END;
        CREATE TRIGGER sound_joined AFTER UPDATE OF recording ON sound WHEN OLD.recording <> NEW.recording BEGIN
            UPDATE taste SET recording = NEW.recording WHERE track IN (SELECT id FROM track WHERE sha256 = NEW.sha256);
        END;
        """
}
