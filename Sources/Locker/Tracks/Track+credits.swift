extension Track {
    /// The artists of a row. The column is empty if the only artist has the name that the text says.
    static func artists(stored: String, artist: String, id: String) -> [Credit] {
        if !stored.isEmpty { return [Credit](stored: stored) }
        return artist.isEmpty ? [] : [Credit(id: id, name: artist)]
    }

    /// The album artists of a row. The column is empty if they are the artists.
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

    /// The sort key of a name or a title: of its sort tag if it has one, else of the text itself.
    ///
    /// - Parameter tag: a sort name such as ID3's TSOP; empty if there is none.
    static func order(of text: String, sortedAs tag: String) -> String { order(of: tag.isEmpty ? text : tag) }
}
