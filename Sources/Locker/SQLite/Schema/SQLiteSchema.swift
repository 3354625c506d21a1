/// The schema of an SQLite file, as the changes that made it one after the other.
///
/// A released change is never altered: the next change of the schema is a new one here. Types, `STRICT`, triggers and the
/// full-text index are SQLite's; the constraints are promises of the catalogue that hold in any database.
enum SQLiteSchema {
    struct Change: Sendable {
        /// The name by which a file remembers the change.
        var name: String
        /// Whether references between rows are checked during the change, instead of at its end.
        var checksReferencesAtOnce = false
        var make: @Sendable (SQLiteConnection) throws -> Void

        init(
            _ name: String, checksReferencesAtOnce: Bool = false, make: @escaping @Sendable (SQLiteConnection) throws -> Void
        ) {
            (self.name, self.checksReferencesAtOnce, self.make) = (name, checksReferencesAtOnce, make)
        }

        init(_ name: String, _ statements: String) {
            self.init(name) { try $0.script(statements) }
        }
    }

    static let changes = [
        Change("tracks", tracks),
        Change("measures, art, lyrics, imports", measures),
        Change("accounts", accounts),
        Change("quota", quota),
        Change("history", history),
        Change("uploads", uploads),
        Change("playlists", playlists),
        Change("library", make: addLibrary),
        Change("playlist files", playlistFiles),
        Change("credits", make: addCredits),
        Change("scripts", checksReferencesAtOnce: true, make: addScripts),
        Change("play counts", playCounts),
        Change("login addresses", loginAddresses),
        Change("changes", catalogueChanges),
        Change("measures version", measuresVersion),
        Change("announcements", announcements),
        Change("track counts", trackCounts),
        Change("play totals", playTotals),
        Change("stops", stops),
        Change("subjects of changes", changeSubjects),
        Change("players", players),
        Change("sessions", sessions),
        Change("shares", shares),
        Change("deleted tracks", deletedTracks),
        Change("app passwords", appPasswords),
        Change("listening", listening),
        Change("scrobbling", scrobbling),
        Change("sound", sound),
        Change("hidden suggestions", hidden),
        Change("reports", reports),
        Change("lists", lists),
        Change("recordings of tastes", tastes),
        Change("offers", offers),
        Change("smart playlists", smartPlaylists),
        Change("song tags", songTags),
        Change("albums without a name", unnamedAlbums),
        Change("recordings of hidden items", hiddenRecordings),
        Change("departures", departures),
        Change("sound changes", soundChanges),
        Change("origins of albums", albumOrigins),
        Change("listening to deleted tracks", deletedListening)
    ]

    private static let tracks = """
        CREATE TABLE account (
            id INTEGER PRIMARY KEY,
            name TEXT NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 255)
        ) STRICT;

        CREATE TABLE artist (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            UNIQUE (account, name)
        ) STRICT;

        CREATE TABLE album (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            artistId TEXT NOT NULL REFERENCES artist (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            UNIQUE (account, artistId, name)
        ) STRICT;
        CREATE INDEX album_artist ON album (artistId);

        CREATE TABLE track (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            title TEXT NOT NULL CHECK (title <> ''),
            artist TEXT NOT NULL,
            albumArtist TEXT NOT NULL,
            album TEXT NOT NULL,
            artistId TEXT NOT NULL REFERENCES artist (id),
            albumId TEXT NOT NULL REFERENCES album (id),
            titleOrder TEXT NOT NULL,
            artistOrder TEXT NOT NULL,
            albumOrder TEXT NOT NULL,
            track INTEGER NOT NULL CHECK (track >= 0),
            disc INTEGER NOT NULL CHECK (disc >= 0),
            year INTEGER NOT NULL CHECK (year >= 0),
            genres TEXT NOT NULL CHECK (json_valid(genres)),
            samples INTEGER NOT NULL CHECK (samples > 0),
            sampleRate INTEGER NOT NULL CHECK (sampleRate > 0),
            channels INTEGER NOT NULL CHECK (channels > 0),
            bitsPerSample INTEGER NOT NULL CHECK (bitsPerSample >= 0),
            codec TEXT NOT NULL,
            container TEXT NOT NULL,
            bitrate INTEGER NOT NULL CHECK (bitrate >= 0),
            bytes INTEGER NOT NULL CHECK (bytes >= 0),
            warnings TEXT NOT NULL CHECK (json_valid(warnings)),
            added INTEGER NOT NULL,
            played INTEGER NOT NULL DEFAULT 0 CHECK (played >= 0),
            UNIQUE (sha256, account)
        ) STRICT;
        CREATE UNIQUE INDEX track_added ON track (account, added);
        CREATE UNIQUE INDEX track_title ON track (account, titleOrder, id);
        CREATE UNIQUE INDEX track_artist ON track (account, artistOrder, albumOrder, disc, track, id);
        CREATE UNIQUE INDEX track_album ON track (account, albumOrder, albumId, disc, track, id);
        CREATE UNIQUE INDEX track_played ON track (account, played, id);
        CREATE INDEX track_artistId ON track (artistId);
        CREATE INDEX track_albumId ON track (albumId);
        """

    private static let measures = """
        ALTER TABLE track ADD COLUMN loudness REAL;
        ALTER TABLE track ADD COLUMN truePeak REAL;
        ALTER TABLE track ADD COLUMN loudnessRange REAL;
        ALTER TABLE track ADD COLUMN soundHash INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE track ADD COLUMN art BLOB CHECK (length(art) = 32);
        ALTER TABLE track ADD COLUMN artType TEXT CHECK ((artType IS NULL) = (art IS NULL));
        ALTER TABLE track ADD COLUMN artBytes INTEGER NOT NULL DEFAULT 0 CHECK (artBytes >= 0);
        ALTER TABLE track ADD COLUMN artIsBeside INTEGER NOT NULL DEFAULT 0 CHECK (artIsBeside IN (0, 1));
        CREATE INDEX track_art ON track (art) WHERE art IS NOT NULL;

        CREATE TABLE lyrics (
            track TEXT NOT NULL PRIMARY KEY REFERENCES track (id) ON DELETE CASCADE,
            text TEXT NOT NULL CHECK (text <> ''),
            isSynchronised INTEGER NOT NULL CHECK (isSynchronised IN (0, 1)),
            isBeside INTEGER NOT NULL CHECK (isBeside IN (0, 1))
        ) STRICT;

        CREATE TABLE imported (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            path BLOB NOT NULL CHECK (length(path) > 0),
            device INTEGER NOT NULL,
            inode INTEGER NOT NULL,
            size INTEGER NOT NULL,
            mtime INTEGER NOT NULL,
            beside TEXT NOT NULL,
            sha256 BLOB CHECK (length(sha256) = 32),
            reason TEXT,
            version TEXT NOT NULL,
            PRIMARY KEY (account, path),
            CHECK ((sha256 IS NULL) <> (reason IS NULL))
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX imported_file ON imported (account, inode, device);
        CREATE INDEX imported_sha256 ON imported (account, sha256) WHERE sha256 IS NOT NULL;
        """

    private static let accounts = """
        ALTER TABLE account ADD COLUMN password TEXT CHECK (password <> '');
        ALTER TABLE account ADD COLUMN plan TEXT NOT NULL DEFAULT 'free' CHECK (plan <> '');
        ALTER TABLE account ADD COLUMN created INTEGER NOT NULL DEFAULT 0;
        CREATE UNIQUE INDEX account_name ON account (name COLLATE NOCASE);
        CREATE INDEX account_login ON account (id) WHERE password IS NOT NULL;

        CREATE TABLE session (
            hash BLOB NOT NULL PRIMARY KEY CHECK (length(hash) = 32),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            created INTEGER NOT NULL,
            used INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX session_account ON session (account);
        CREATE INDEX session_used ON session (used);

        CREATE TABLE apiKey (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            hash BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
            label TEXT NOT NULL,
            scopes INTEGER NOT NULL CHECK (scopes BETWEEN 1 AND 15),
            created INTEGER NOT NULL,
            used INTEGER
        ) STRICT;
        CREATE UNIQUE INDEX apiKey_account ON apiKey (account, created, id);
        """

    private static let quota = """
        ALTER TABLE account ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0 CHECK (bytes >= 0);
        UPDATE account SET bytes = (SELECT ifnull(sum(track.bytes), 0) FROM track WHERE track.account = account.id);
        CREATE TRIGGER track_inserted AFTER INSERT ON track BEGIN
            UPDATE account SET bytes = bytes + NEW.bytes WHERE id = NEW.account;
        END;
        CREATE TRIGGER track_deleted AFTER DELETE ON track BEGIN
            UPDATE account SET bytes = bytes - OLD.bytes WHERE id = OLD.account;
        END;
        CREATE TRIGGER track_updated AFTER UPDATE OF bytes ON track BEGIN
            UPDATE account SET bytes = bytes - OLD.bytes + NEW.bytes WHERE id = NEW.account;
        END;

        CREATE TABLE reservation (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            bytes INTEGER NOT NULL CHECK (bytes >= 0)
        ) STRICT;
        CREATE INDEX reservation_account ON reservation (account, bytes);
        """

    private static let history = """
        CREATE TABLE play (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            PRIMARY KEY (account, at, track)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX play_track ON play (track);
        """

    private static let uploads = """
        DROP TABLE reservation;
        CREATE TABLE upload (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            name TEXT NOT NULL,
            length INTEGER NOT NULL CHECK (length >= 0),
            offset INTEGER NOT NULL CHECK (offset BETWEEN 0 AND length),
            isCompact INTEGER NOT NULL CHECK (isCompact IN (0, 1)),
            isResumable INTEGER NOT NULL CHECK (isResumable IN (0, 1)),
            state TEXT NOT NULL CHECK (state IN ('receiving', 'checking', 'stored', 'refused')),
            track TEXT CHECK ((track IS NULL) = (state <> 'stored')),
            kind TEXT CHECK ((kind IS NULL) = (state <> 'refused')),
            reason TEXT CHECK ((reason IS NULL) = (kind IS NULL)),
            expires INTEGER NOT NULL,
            CHECK (state = 'receiving' OR state = 'refused' OR offset = length)
        ) STRICT;
        CREATE INDEX upload_open ON upload (account, id, length) WHERE state IN ('receiving', 'checking');
        CREATE INDEX upload_account ON upload (account);
        CREATE INDEX upload_expires ON upload (expires);

        CREATE TABLE released (
            sha256 BLOB NOT NULL PRIMARY KEY CHECK (length(sha256) = 32),
            since INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX released_since ON released (since);

        ALTER TABLE track ADD COLUMN isCompact INTEGER NOT NULL DEFAULT 0 CHECK (isCompact IN (0, 1));
        """

    private static let playlists = """
        CREATE TABLE playlist (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            name TEXT NOT NULL CHECK (name <> ''),
            nameOrder TEXT NOT NULL,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL,
            tracks INTEGER NOT NULL DEFAULT 0 CHECK (tracks >= 0),
            microseconds INTEGER NOT NULL DEFAULT 0
        ) STRICT;
        CREATE UNIQUE INDEX playlist_name ON playlist (account, nameOrder, id);

        CREATE TABLE playlistTrack (
            playlist TEXT NOT NULL REFERENCES playlist (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            track TEXT NOT NULL REFERENCES track (id) ON DELETE CASCADE,
            microseconds INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (playlist, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX playlistTrack_track ON playlistTrack (track);
        CREATE TRIGGER playlistTrack_inserted AFTER INSERT ON playlistTrack BEGIN
            UPDATE playlistTrack
            SET microseconds = (SELECT samples * 1000000 / sampleRate FROM track WHERE id = NEW.track)
            WHERE playlist = NEW.playlist AND position = NEW.position;
            UPDATE playlist SET tracks = tracks + 1, microseconds = microseconds
                + (SELECT samples * 1000000 / sampleRate FROM track WHERE id = NEW.track)
            WHERE id = NEW.playlist;
        END;
        CREATE TRIGGER playlistTrack_deleted AFTER DELETE ON playlistTrack BEGIN
            UPDATE playlist SET tracks = tracks - 1, microseconds = microseconds - OLD.microseconds
            WHERE id = OLD.playlist;
        END;
        """

    /// `playlist` may be the id of a playlist that was removed.
    private static let playlistFiles = """
        CREATE TABLE playlistFile (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            path BLOB NOT NULL CHECK (length(path) > 0),
            playlist TEXT CHECK (length(playlist) = 22),
            name TEXT NOT NULL,
            made BLOB NOT NULL CHECK (length(made) = 32),
            missing INTEGER NOT NULL CHECK (missing >= 0),
            PRIMARY KEY (account, path)
        ) STRICT, WITHOUT ROWID;
        """

    /// How many plays each account has.
    private static let playCounts = """
        ALTER TABLE account ADD COLUMN plays INTEGER NOT NULL DEFAULT 0 CHECK (plays >= 0);
        UPDATE account SET plays = (SELECT count(*) FROM play WHERE play.account = account.id);
        CREATE TRIGGER play_inserted AFTER INSERT ON play BEGIN
            UPDATE account SET plays = plays + 1 WHERE id = NEW.account;
        END;
        CREATE TRIGGER play_deleted AFTER DELETE ON play BEGIN
            UPDATE account SET plays = plays - 1 WHERE id = OLD.account;
        END;
        """

    private static let measuresVersion = """
        ALTER TABLE track ADD COLUMN measuresVersion INTEGER NOT NULL DEFAULT 0 CHECK (measuresVersion >= 0);
        """

    private static let loginAddresses = """
        CREATE TABLE loginAddress (
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            address BLOB NOT NULL CHECK (length(address) = 16),
            used INTEGER NOT NULL,
            PRIMARY KEY (account, address)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX loginAddress_used ON loginAddress (account, used);
        """
}
