internal import Audio

/// The tags that decide a track's artists, its album and its place in lists, beside the texts that a ``Track`` shows; and those
/// that are only shown.
struct Filing: Equatable {
    var artists: CreditedNames
    /// Empty if the tags name no album artist.
    var albumArtists: CreditedNames
    var isCompilation: Bool
    /// MusicBrainz' identifier of the release; empty if unknown.
    var release: String
    /// MusicBrainz' identifier of the recording; empty if unknown.
    var recording: String
    /// As ``AlbumFolder`` has it; empty if unknown.
    var folder: String
    var titleSort: String
    var artistSort: String
    var albumSort: String
    var albumArtistSort: String
    var song: SongTags

    /// - Parameter folder: as ``AlbumFolder`` has it; empty if unknown.
    init(_ tags: TrackTags, folder: String) {
        artists = CreditedNames(tags.artist, list: tags.artists)
        albumArtists = CreditedNames.owners(tags.albumArtist, list: tags.albumArtists)
        isCompilation = tags.isCompilation
        release = tags.musicBrainz.release.printable
        recording = tags.musicBrainz.recording.printable
        self.folder = folder.printable
        (titleSort, artistSort) = (tags.titleSort.printable, tags.artistSort.printable)
        (albumSort, albumArtistSort) = (tags.albumSort.printable, tags.albumArtistSort.printable)
        song = SongTags(tags)
    }

    static let selection =
        """
        artists, artist, artistId, mains, albumArtists, albumArtist, isCompilation, release, folder, titleSort, artistSort,
        albumSort, albumArtistSort, musicBrainz, \(SongTags.names.joined(separator: ", "))
        """

    init(row: Row) {
        let credits = Track.artists(stored: row[0], artist: row[1], id: row[2])
        artists = CreditedNames(names: credits.map(\.name), mains: row[3])
        let owners = row[5] == "" ? [] : Track.albumArtists(stored: row[4], artists: credits)
        albumArtists = CreditedNames(names: owners.map(\.name), mains: owners.count)
        (isCompilation, release, folder) = (row[6], row[7], row[8])
        (titleSort, artistSort, albumSort, albumArtistSort) = (row[9], row[10], row[11], row[12])
        recording = row[13]
        song = SongTags(row: row, at: 14)
    }

    static func one(_ id: String, _ db: any Connection) throws -> Filing? {
        try db.first("SELECT \(selection) FROM track WHERE id = ?", [id], Filing.init(row:))
    }

    var fields: [Field] {
        [
            ("mains", artists.mains), ("isCompilation", isCompilation), ("release", release), ("folder", folder),
            ("titleSort", titleSort), ("artistSort", artistSort), ("albumSort", albumSort), ("albumArtistSort", albumArtistSort),
            ("musicBrainz", recording)
        ] + song.fields
    }
}
