extension SQLiteSchema {
    /// How often an account that was opted in has opted out, erased any of its history, or was removed: whoever remembers what listeners
    /// like need not read them all to know whether that is still right.
    static let departures = """
        ALTER TABLE account ADD COLUMN erasures INTEGER NOT NULL DEFAULT 0 CHECK (erasures >= 0);
        CREATE TABLE departure (total INTEGER NOT NULL) STRICT;
        INSERT INTO departure (total) VALUES (0);
        CREATE TRIGGER account_departed AFTER UPDATE OF taste, erasures ON account
        WHEN OLD.taste + OLD.erasures <> coalesce(NEW.taste + NEW.erasures, 0) BEGIN
            UPDATE departure SET total = total + 1;
        END;
        CREATE TRIGGER account_removed AFTER DELETE ON account WHEN OLD.taste IS NOT NULL BEGIN
            UPDATE departure SET total = total + 1;
        END;
        """
}

extension SQLiteSchema {
    /// How often what is known of the sound of an account's Originals has changed.
    static let soundChanges = """
        ALTER TABLE account ADD COLUMN sounds INTEGER NOT NULL DEFAULT 0 CHECK (sounds >= 0);
        CREATE TRIGGER sound_known AFTER INSERT ON sound BEGIN
            UPDATE account SET sounds = sounds + 1 WHERE id IN (SELECT account FROM track WHERE sha256 = NEW.sha256);
        END;
        CREATE TRIGGER sound_changed AFTER UPDATE OF recording, features ON sound BEGIN
            UPDATE account SET sounds = sounds + 1 WHERE id IN (SELECT account FROM track WHERE sha256 = NEW.sha256);
        END;
        """
}
