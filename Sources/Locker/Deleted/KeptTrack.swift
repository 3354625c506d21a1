internal import Audio

/// A deleted track as it was, with what its row says beyond a ``Track``.
struct KeptTrack {
    var track: Track
    var filing: Filing
    var plays: Int
    var lyrics: (TrackTags.Lyrics, isBeside: Bool)?

    /// The columns that its table has in common with the table of tracks.
    static let columns =
        Track.names + [
            "mains", "isCompilation", "release", "folder", "titleSort", "artistSort", "albumSort", "albumArtistSort", "plays",
            "musicBrainz"
        ] + SongTags.names

    /// - Parameter time: nil is returned for a track that was deleted then or before.
    static func one(_ id: String, account: Int64, since time: Int, _ db: any Connection) throws -> KeptTrack? {
        let condition = "FROM deletedTrack WHERE id = ? AND account = ? AND deleted > ?"
        let names = Track.names.joined(separator: ", ")
        let place = Track.names.count
        let kept = try db.first(
            "SELECT \(names), plays, lyrics, lyricsAreSynchronised, lyricsAreBeside \(condition)", [id, account, time]
        ) { row in
            let text: String? = row[place + 1]
            let lyrics: (TrackTags.Lyrics, isBeside: Bool)? = text.map {
                (TrackTags.Lyrics(text: $0, isSynchronised: row[place + 2]), isBeside: row[place + 3])
            }
            return (track: try Track(row: row), plays: row[place] as Int, lyrics: lyrics)
        }
        let filing = try db.first("SELECT \(Filing.selection) \(condition)", [id, account, time], Filing.init(row:))
        guard let kept, let filing else { return nil }
        return KeptTrack(track: kept.track, filing: filing, plays: kept.plays, lyrics: kept.lyrics)
    }
}
