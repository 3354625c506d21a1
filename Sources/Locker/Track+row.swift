internal import Audio
internal import FoundationEssentials
internal import GRDB

extension OriginalHash {
    var databaseValue: DatabaseValue { Data(bytes).databaseValue }
}

extension Track {
    /// A new track from what ingest found; its artist's and album's ids are still to be given.
    init(_ arrival: Arrival, account: Int64, art: Art?, added: Int) {
        let (map, tags) = (arrival.map, arrival.tags ?? arrival.map.tags)
        let title = [tags.title, arrival.title].map(\.printable).first { !$0.allSatisfy(\.isWhitespace) }
        self.init(
            id: Identifier.random(), account: account, hash: arrival.hash, title: title ?? "Untitled",
            artist: tags.artist.printable,
            albumArtist: tags.albumArtist.printable, album: tags.album.printable, albumID: "", artistID: "",
            track: tags.track, disc: tags.disc, year: tags.year, genres: tags.genres.map(\.printable),
            samples: map.samples, sampleRate: map.source.sampleRate, channels: map.source.channels,
            bitsPerSample: map.source.bitsPerSample, codec: map.source.codec.rawValue, container: map.container,
            bitrate: map.bitrate, bytes: map.originalBytes, warnings: map.warnings, loudness: map.measures.loudness,
            soundHash: map.soundHash, art: art, isCompact: arrival.isCompact, added: added, played: nil,
            marks: Marks(favourite: nil, rating: 0))
    }

    /// Takes over what a new map of the same Original measured.
    mutating func measure(_ map: TrackMap) {
        (samples, sampleRate, channels) = (map.samples, map.source.sampleRate, map.source.channels)
        (bitsPerSample, codec, container) = (map.source.bitsPerSample, map.source.codec.rawValue, map.container)
        (bitrate, bytes, warnings) = (map.bitrate, map.originalBytes, map.warnings)
        (loudness, soundHash) = (map.measures.loudness, map.soundHash)
    }

    /// Whether a file with this map sounds exactly as this track does.
    func hasSameSound(as map: TrackMap) -> Bool {
        soundHash != 0 && soundHash == map.soundHash && samples == map.samples && sampleRate == map.source.sampleRate
            && codec == map.source.codec.rawValue
    }

    init(row: Row) throws {
        guard let hash = OriginalHash(bytes: row["sha256"] as Data) else { throw CatalogueError.corrupt("sha256") }
        self.init(
            id: row["id"], account: row["account"], hash: hash, title: row["title"], artist: row["artist"],
            albumArtist: row["albumArtist"],
            album: row["album"], albumID: row["albumId"], artistID: row["artistId"], track: row["track"], disc: row["disc"],
            year: row["year"], genres: try Self.list(row["genres"]), samples: row["samples"], sampleRate: row["sampleRate"],
            channels: row["channels"], bitsPerSample: row["bitsPerSample"], codec: row["codec"], container: row["container"],
            bitrate: row["bitrate"], bytes: row["bytes"], warnings: try Self.list(row["warnings"]),
            loudness: Self.loudness(row), soundHash: UInt64(bitPattern: row["soundHash"]), art: try Self.art(row),
            isCompact: row["isCompact"], added: row["added"], played: row["played"] == 0 ? nil : row["played"],
            marks: Marks(row: row))
    }

    private static func loudness(_ row: Row) -> SoundMeasures.Loudness? {
        guard let integrated = row["loudness"] as Double?, let peak = row["truePeak"] as Double?,
            let range = row["loudnessRange"] as Double?
        else { return nil }
        return SoundMeasures.Loudness(integrated: integrated, truePeak: peak, range: range)
    }

    private static func art(_ row: Row) throws -> Art? {
        guard let bytes = row["art"] as Data? else { return nil }
        guard let hash = OriginalHash(bytes: bytes), let format = (row["artType"] as String?).flatMap(Picture.Format.init) else {
            throw CatalogueError.corrupt("art")
        }
        return Art(hash: hash, format: format, bytes: row["artBytes"], isBeside: row["artIsBeside"])
    }

    /// The whole row.
    var fields: [Database.Field] {
        get throws {
            [
                ("id", id), ("account", account), ("sha256", hash.databaseValue), ("title", title), ("artist", artist),
                ("albumArtist", albumArtist), ("album", album), ("artistId", artistID), ("albumId", albumID),
                ("titleOrder", Self.order(of: title)), ("artistOrder", Self.order(of: artist)),
                ("albumOrder", Self.order(of: album)), ("track", track), ("disc", disc), ("year", year),
                ("genres", try Self.json(genres)), ("added", added), ("played", played ?? 0),
                ("isCompact", isCompact), ("favourite", marks.favourite ?? 0), ("rating", marks.rating)
            ] + (try measuredFields) + artFields
        }
    }

    /// What ``measure(_:)`` changes.
    var measuredFields: [Database.Field] {
        get throws {
            [
                ("samples", samples), ("sampleRate", sampleRate), ("channels", channels), ("bitsPerSample", bitsPerSample),
                ("codec", codec), ("container", container), ("bitrate", bitrate), ("bytes", bytes),
                ("warnings", try Self.json(warnings)), ("loudness", loudness?.integrated), ("truePeak", loudness?.truePeak),
                ("loudnessRange", loudness?.range), ("soundHash", Int64(bitPattern: soundHash))
            ]
        }
    }

    var artFields: [Database.Field] {
        [
            ("art", art?.hash.databaseValue), ("artType", art?.format.rawValue), ("artBytes", art?.bytes ?? 0),
            ("artIsBeside", art?.isBeside ?? false)
        ]
    }

    private static func json(_ list: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
    }

    static func list(_ json: String) throws -> [String] {
        try JSONDecoder().decode([String].self, from: Data(json.utf8))
    }
}

extension Database {
    typealias Field = (column: String, value: (any DatabaseValueConvertible)?)

    /// - Parameter orReplace: Whether a row with the same key makes way.
    func insert(into table: String, _ values: [Field], orReplace: Bool = false) throws {
        let columns = values.map(\.column).joined(separator: ", ")
        let marks = values.map { _ in "?" }.joined(separator: ", ")
        try cachedStatement(sql: "INSERT \(orReplace ? "OR REPLACE " : "")INTO \(table) (\(columns)) VALUES (\(marks))")
            .execute(arguments: StatementArguments(values.map(\.value)))
    }

    func update(_ table: String, _ values: [Field], where key: [Field]) throws {
        let assignments = values.map { "\($0.column) = ?" }.joined(separator: ", ")
        let conditions = key.map { "\($0.column) = ?" }.joined(separator: " AND ")
        try cachedStatement(sql: "UPDATE \(table) SET \(assignments) WHERE \(conditions)")
            .execute(arguments: StatementArguments((values + key).map(\.value)))
    }
}
