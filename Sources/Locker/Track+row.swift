internal import Audio
internal import FoundationEssentials
internal import GRDB

extension OriginalHash {
    var databaseValue: DatabaseValue { Data(bytes).databaseValue }
}

extension Track {
    /// A new track from what ingest found; its artist's and album's ids are still to be given.
    init(_ map: TrackMap, account: Int64, hash: OriginalHash, title fallback: String, added: Int) {
        let tags = map.tags
        let title = [tags.title, fallback].map(Self.printable).first { !$0.allSatisfy(\.isWhitespace) }
        self.init(
            id: Identifier.random(), account: account, hash: hash, title: title ?? "Untitled",
            artist: Self.printable(tags.artist),
            albumArtist: Self.printable(tags.albumArtist), album: Self.printable(tags.album), albumID: "", artistID: "",
            track: tags.track, disc: tags.disc, year: tags.year, genres: tags.genres.map(Self.printable),
            samples: map.samples, sampleRate: map.source.sampleRate, channels: map.source.channels,
            bitsPerSample: map.source.bitsPerSample, codec: map.source.codec.rawValue, container: map.container,
            bitrate: map.bitrate, bytes: map.originalBytes, warnings: map.warnings, added: added, played: nil)
    }

    /// Without control characters: SQLite ends a text at its first zero.
    private static func printable(_ text: String) -> String {
        var scalars = text.unicodeScalars
        scalars.removeAll { $0.properties.generalCategory == .control }
        return String(scalars)
    }

    init(row: Row) throws {
        guard let hash = OriginalHash(bytes: row["sha256"] as Data) else { throw CatalogueError.corrupt("sha256") }
        self.init(
            id: row["id"], account: row["account"], hash: hash, title: row["title"], artist: row["artist"],
            albumArtist: row["albumArtist"],
            album: row["album"], albumID: row["albumId"], artistID: row["artistId"], track: row["track"], disc: row["disc"],
            year: row["year"], genres: try Self.list(row["genres"]), samples: row["samples"], sampleRate: row["sampleRate"],
            channels: row["channels"], bitsPerSample: row["bitsPerSample"], codec: row["codec"], container: row["container"],
            bitrate: row["bitrate"], bytes: row["bytes"], warnings: try Self.list(row["warnings"]), added: row["added"],
            played: row["played"] == 0 ? nil : row["played"])
    }

    func insert(_ db: Database) throws {
        try db.insert(
            into: "track",
            [
                ("id", id), ("account", account), ("sha256", hash.databaseValue), ("title", title), ("artist", artist),
                ("albumArtist", albumArtist), ("album", album), ("artistId", artistID), ("albumId", albumID),
                ("titleOrder", Self.order(of: title)), ("artistOrder", Self.order(of: artist)),
                ("albumOrder", Self.order(of: album)), ("track", track), ("disc", disc), ("year", year),
                ("genres", try Self.json(genres)), ("samples", samples), ("sampleRate", sampleRate), ("channels", channels),
                ("bitsPerSample", bitsPerSample), ("codec", codec), ("container", container), ("bitrate", bitrate),
                ("bytes", bytes), ("warnings", try Self.json(warnings)), ("added", added), ("played", played ?? 0)
            ])
    }

    private static func json(_ list: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
    }

    private static func list(_ json: String) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(json.utf8))
    }
}
