internal import Audio
internal import FoundationEssentials

extension Track {
    /// A new track from the results of ingest; the ids of its artist and album are still to be given.
    init(_ arrival: Arrival, account: Int64, art: Art?, added: Int) {
        let (map, measures, tags) = (arrival.map, arrival.measures, arrival.tags ?? arrival.map.tags)
        let title = [tags.title, arrival.title].map(\.printable).first { !$0.allSatisfy(\.isWhitespace) }
        self.init(
            id: Identifier.random(), account: account, hash: arrival.hash, title: title ?? "Untitled",
            artist: tags.artist.printable,
            albumArtist: tags.albumArtist.printable, album: tags.album.printable, albumID: "", artistID: "",
            track: tags.track, disc: tags.disc, year: tags.year, genres: tags.genres.map(\.printable),
            samples: map.samples, sampleRate: map.source.sampleRate, channels: map.source.channels,
            bitsPerSample: map.source.bitsPerSample, codec: map.source.codec.rawValue, container: map.container,
            bitrate: map.bitrate, bytes: map.originalBytes, warnings: measures.warnings, loudness: measures.loudness,
            soundHash: measures.soundHash, measuresVersion: measures.version, art: art, isCompact: arrival.isCompact,
            added: added, played: nil,
            marks: Marks(favourite: nil, rating: 0))
    }

    /// Takes over the values of a new map of the same Original.
    mutating func take(_ map: TrackMap) {
        (samples, sampleRate, channels) = (map.samples, map.source.sampleRate, map.source.channels)
        (bitsPerSample, codec, container) = (map.source.bitsPerSample, map.source.codec.rawValue, map.container)
        (bitrate, bytes) = (map.bitrate, map.originalBytes)
    }

    /// Takes over the values of new measures of the same Original.
    mutating func take(_ measures: SoundMeasures) {
        (warnings, loudness) = (measures.warnings, measures.loudness)
        (soundHash, measuresVersion) = (measures.soundHash, measures.version)
    }

    /// Whether the arriving file sounds exactly as this track does.
    func hasSameSound(as arrival: Arrival) -> Bool {
        let map = arrival.map
        return soundHash != 0 && soundHash == arrival.measures.soundHash && samples == map.samples
            && sampleRate == map.source.sampleRate && codec == map.source.codec.rawValue
    }

    /// The columns that are read of a row, by place.
    private enum Column: Int, CaseIterable {
        case id, account, sha256, title, artist, albumArtist, album, albumId, artistId, track, disc, year, genres
        case samples, sampleRate, channels, bitsPerSample, codec, container, bitrate, bytes, warnings
        case loudness, truePeak, loudnessRange, soundHash, measuresVersion, art, artType, artBytes, artIsBeside
        case isCompact, added, played, favourite, rating, artists, albumArtists
    }

    /// The first columns of every row that a track is made of.
    static let columns = names.map { "track.\($0)" }
    /// The same without the table: another has them too.
    static let names = Column.allCases.map { "\($0)" }
    private static let selection = columns.joined(separator: ", ")

    /// The tracks whose rows fulfil a condition, which has a `?` for each argument.
    static func all(where condition: String, _ arguments: Arguments, _ db: any Connection) throws -> [Track] {
        try db.all("SELECT \(selection) FROM track WHERE \(condition)", arguments, Track.init(row:))
    }

    /// The account's track with this id.
    static func one(_ id: String, account: Int64, _ db: any Connection) throws -> Track? {
        try all(where: "id = ? AND account = ?", [id, account], db).first
    }

    /// - Parameter row: begins with ``columns``.
    init(row: Row) throws {
        func value<Value: ColumnValue>(_ column: Column) -> Value { row[column.rawValue] }
        func optional<Value: ColumnValue>(_ column: Column) -> Value? { row[column.rawValue] }
        guard let hash = OriginalHash(bytes: value(.sha256) as [UInt8]) else { throw CatalogueError.corrupt("sha256") }
        var loudness: SoundMeasures.Loudness?
        if let integrated: Double = optional(.loudness), let peak: Double = optional(.truePeak),
            let range: Double = optional(.loudnessRange)
        {
            loudness = SoundMeasures.Loudness(integrated: integrated, truePeak: peak, range: range)
        }
        var art: Art?
        if let bytes: [UInt8] = optional(.art) {
            guard let hash = OriginalHash(bytes: bytes), let type: String = optional(.artType),
                let format = Picture.Format(rawValue: type)
            else { throw CatalogueError.corrupt("art") }
            art = Art(hash: hash, format: format, bytes: value(.artBytes), isBeside: value(.artIsBeside))
        }
        let played: Int = value(.played)
        let (artist, artistID): (String, String) = (value(.artist), value(.artistId))
        let artists = Self.artists(stored: value(.artists), artist: artist, id: artistID)
        self.init(
            id: value(.id), account: value(.account), hash: hash, title: value(.title), artist: artist,
            albumArtist: value(.albumArtist), album: value(.album), albumID: value(.albumId), artistID: artistID,
            artists: artists, albumArtists: Self.albumArtists(stored: value(.albumArtists), artists: artists),
            track: value(.track), disc: value(.disc), year: value(.year), genres: try Self.list(value(.genres)),
            samples: value(.samples), sampleRate: value(.sampleRate), channels: value(.channels),
            bitsPerSample: value(.bitsPerSample), codec: value(.codec), container: value(.container),
            bitrate: value(.bitrate), bytes: value(.bytes), warnings: try Self.list(value(.warnings)), loudness: loudness,
            soundHash: UInt64(bitPattern: value(.soundHash)), measuresVersion: value(.measuresVersion), art: art,
            isCompact: value(.isCompact), added: value(.added),
            played: played == 0 ? nil : played,
            marks: Marks(stored: value(.favourite), rating: value(.rating)))
    }

    /// All fields of the row but those that ``Catalogue/file(_:_:former:_:)`` returns.
    var fields: [Field] {
        get throws {
            [
                ("id", id), ("account", account), ("sha256", hash), ("title", title), ("artist", artist),
                ("albumArtist", albumArtist), ("album", album), ("artistId", artistID), ("albumId", albumID),
                ("track", track), ("disc", disc), ("year", year),
                ("genres", try Self.json(genres)), ("added", added), ("played", played ?? 0),
                ("isCompact", isCompact), ("favourite", marks.favourite ?? 0), ("rating", marks.rating)
            ] + creditFields + mapFields + (try measuresFields) + artFields
        }
    }

    /// The fields that come from a map.
    var mapFields: [Field] {
        [
            ("samples", samples), ("sampleRate", sampleRate), ("channels", channels), ("bitsPerSample", bitsPerSample),
            ("codec", codec), ("container", container), ("bitrate", bitrate), ("bytes", bytes)
        ]
    }

    /// The fields that come from measures.
    var measuresFields: [Field] {
        get throws {
            [
                ("warnings", try Self.json(warnings)), ("loudness", loudness?.integrated), ("truePeak", loudness?.truePeak),
                ("loudnessRange", loudness?.range), ("soundHash", Int64(bitPattern: soundHash)),
                ("measuresVersion", measuresVersion)
            ]
        }
    }

    var artFields: [Field] {
        [
            ("art", art?.hash), ("artType", art?.format.rawValue), ("artBytes", art?.bytes ?? 0),
            ("artIsBeside", art?.isBeside ?? false)
        ]
    }

    private static func json(_ list: [String]) throws -> String {
        String(decoding: try JSONEncoder().encode(list), as: UTF8.self)
    }

    static func list(_ json: String) throws -> [String] {
        json == "[]" ? [] : try JSONDecoder().decode([String].self, from: Data(json.utf8))
    }
}
