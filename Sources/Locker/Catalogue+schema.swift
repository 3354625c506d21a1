internal import GRDB

extension Catalogue {
    /// What a migration did never changes once released; the next change of the schema is the next migration.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("tracks") { db in
            try db.execute(
                sql: """
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
                    """)
        }
        return migrator
    }
}
