extension Track {
    /// The artists of a row; the column is empty where the one artist is called as the text says.
    static func artists(stored: String, artist: String, id: String) -> [Credit] {
        if !stored.isEmpty { return [Credit](stored: stored) }
        return artist.isEmpty ? [] : [Credit(id: id, name: artist)]
    }

    /// The album artists of a row; the column is empty where they are the artists.
    static func albumArtists(stored: String, artists: [Credit]) -> [Credit] {
        stored.isEmpty ? artists : [Credit](stored: stored)
    }

    var creditFields: [Field] {
        [
            ("artists", artists == Self.artists(stored: "", artist: artist, id: artistID) ? "" : artists.stored),
            ("albumArtists", Self.stored(albumArtists: albumArtists, artists: artists))
        ]
    }

    static func stored(albumArtists: [Credit], artists: [Credit]) -> String {
        albumArtists == artists ? "" : albumArtists.stored
    }

    /// What a name or a title is ordered by: its tag for that, where it has one, else itself.
    ///
    /// - Parameter tag: a sort name such as ID3's TSOP; empty where there is none.
    static func order(of text: String, sortedAs tag: String) -> String { order(of: tag.isEmpty ? text : tag) }
}
