extension SQLiteSchema {
    /// The tracks that were deleted a short time ago, with what is needed to put them back. The columns are those of `track` as it
    /// was then; artist and album may be gone. A column that `track` gets later is added here too.
    static let deletedTracks = """
        CREATE TABLE deletedTrack (
            id TEXT NOT NULL PRIMARY KEY CHECK (length(id) = 22),
            account INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
            deleted INTEGER NOT NULL,
            sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
            title TEXT NOT NULL CHECK (title <> ''),
            artist TEXT NOT NULL,
            albumArtist TEXT NOT NULL,
            album TEXT NOT NULL,
            albumId TEXT NOT NULL,
            artistId TEXT NOT NULL,
            track INTEGER NOT NULL,
            disc INTEGER NOT NULL,
            year INTEGER NOT NULL,
            genres TEXT NOT NULL CHECK (json_valid(genres)),
            samples INTEGER NOT NULL CHECK (samples > 0),
            sampleRate INTEGER NOT NULL CHECK (sampleRate > 0),
            channels INTEGER NOT NULL,
            bitsPerSample INTEGER NOT NULL,
            codec TEXT NOT NULL,
            container TEXT NOT NULL,
            bitrate INTEGER NOT NULL,
            bytes INTEGER NOT NULL,
            warnings TEXT NOT NULL CHECK (json_valid(warnings)),
            loudness REAL,
            truePeak REAL,
            loudnessRange REAL,
            soundHash INTEGER NOT NULL,
            measuresVersion INTEGER NOT NULL,
            art BLOB CHECK (length(art) = 32),
            artType TEXT,
            artBytes INTEGER NOT NULL,
            artIsBeside INTEGER NOT NULL,
            isCompact INTEGER NOT NULL,
            added INTEGER NOT NULL,
            played INTEGER NOT NULL,
            plays INTEGER NOT NULL,
            favourite INTEGER NOT NULL,
            rating INTEGER NOT NULL,
            artists TEXT NOT NULL,
            mains INTEGER NOT NULL,
            albumArtists TEXT NOT NULL,
            isCompilation INTEGER NOT NULL,
            release TEXT NOT NULL,
            folder TEXT NOT NULL,
            titleSort TEXT NOT NULL,
            artistSort TEXT NOT NULL,
            albumSort TEXT NOT NULL,
            albumArtistSort TEXT NOT NULL,
            lyrics TEXT,
            lyricsAreSynchronised INTEGER NOT NULL,
            lyricsAreBeside INTEGER NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX deletedTrack_account ON deletedTrack (account, deleted, id);
        CREATE INDEX deletedTrack_deleted ON deletedTrack (deleted);
        CREATE INDEX deletedTrack_sha256 ON deletedTrack (sha256);
        CREATE INDEX deletedTrack_art ON deletedTrack (art) WHERE art IS NOT NULL;

        CREATE TABLE deletedPlaylistTrack (
            track TEXT NOT NULL REFERENCES deletedTrack (id) ON DELETE CASCADE,
            playlist TEXT NOT NULL REFERENCES playlist (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            PRIMARY KEY (track, playlist, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deletedPlaylistTrack_playlist ON deletedPlaylistTrack (playlist);

        CREATE TABLE deletedShareTrack (
            track TEXT NOT NULL REFERENCES deletedTrack (id) ON DELETE CASCADE,
            share TEXT NOT NULL REFERENCES share (id) ON DELETE CASCADE,
            position INTEGER NOT NULL,
            PRIMARY KEY (track, share, position)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deletedShareTrack_share ON deletedShareTrack (share);

        CREATE TABLE deletedPlay (
            track TEXT NOT NULL REFERENCES deletedTrack (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            stopped INTEGER,
            PRIMARY KEY (track, at)
        ) STRICT, WITHOUT ROWID;
        """

    /// The skips and the bookmark of deleted tracks, and which services still have to be told of their plays.
    static let deletedListening = """
        CREATE TABLE deletedSkip (
            track TEXT NOT NULL REFERENCES deletedTrack (id) ON DELETE CASCADE,
            at INTEGER NOT NULL,
            heard INTEGER NOT NULL,
            source TEXT NOT NULL,
            PRIMARY KEY (track, at)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deletedBookmark (
            track TEXT NOT NULL PRIMARY KEY REFERENCES deletedTrack (id) ON DELETE CASCADE,
            milliseconds INTEGER NOT NULL,
            comment TEXT NOT NULL,
            created INTEGER NOT NULL,
            changed INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE deletedScrobble (
            track TEXT NOT NULL,
            at INTEGER NOT NULL,
            account INTEGER NOT NULL,
            service TEXT NOT NULL,
            PRIMARY KEY (track, at, service),
            FOREIGN KEY (track, at) REFERENCES deletedPlay (track, at) ON DELETE CASCADE,
            FOREIGN KEY (account, service) REFERENCES scrobbler (account, service) ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX deletedScrobble_scrobbler ON deletedScrobble (account, service);
        """
}
