internal import Audio

extension Catalogue {
    static func track(of hash: OriginalHash, account: Int64, _ db: any Connection) throws -> Track? {
        try Track.all(where: "sha256 = ? AND account = ?", [hash, account], db).first
    }

    /// The cover of a new row.
    static func art(of arrival: Arrival, _ db: any Connection) throws -> Art? {
        guard let picture = arrival.map.art else { return arrival.beside.art }
        if let hash = arrival.art { return Art(hash: hash, format: picture.format, bytes: picture.bytes, isBeside: false) }
        // This transaction has the write lock, so the row that refers to the picture keeps it until this row does too.
        let others = try Track.all(
            where: "sha256 = ? AND art IS NOT NULL AND artIsBeside = 0 LIMIT 1", [arrival.hash], db)
        guard let art = others.first?.art else { throw CatalogueError.unknownArt }
        return art
    }

    /// Writes the values that ingest found to every row of the Original that has other values.
    static func refresh(_ arrival: Arrival, _ addition: inout Addition, _ db: any Connection) throws {
        for former in try Track.all(where: "sha256 = ?", [arrival.hash], db) {
            var track = former
            track.take(arrival.map)
            track.take(arrival.measures)
            if let picture = arrival.map.art, let hash = arrival.art {
                track.art = Art(hash: hash, format: picture.format, bytes: picture.bytes, isBeside: false)
            } else if track.art?.isBeside == false {
                track.art = nil
            }
            try refreshLyrics(arrival.map.tags.lyrics, of: track.id, db)
            if track != former {
                try db.update("track", track.mapFields + (try track.measuresFields) + track.artFields, where: [("id", track.id)])
            }
            try retag(&track, arrival.map.tags, db)
            guard track != former else { continue }
            if let art = former.art, art != track.art { addition.released.append(art.hash) }
            if track.id == addition.track.id { addition.track = track }
        }
    }

    /// Gives the track the cover and the lyrics beside its file, if they count. Those that no longer lie there stay: a
    /// locker is no mirror.
    static func put(_ beside: Beside, on addition: inout Addition, _ db: any Connection) throws {
        let former = addition.track.art
        if let art = beside.art, art != former, former?.isBeside ?? true {
            addition.track.art = art
            try db.update("track", addition.track.artFields, where: [("id", addition.track.id)])
            if let former { addition.released.append(former.hash) }
        }
        guard let lyrics = beside.lyrics else { return }
        let stored = try storedLyrics(of: addition.track.id, db)
        let isEmbeddedAndSynchronised = stored.map { $0.lyrics.isSynchronised && !$0.isBeside } ?? false
        if !isEmbeddedAndSynchronised { try setLyrics((lyrics, isBeside: true), of: addition.track.id, db) }
    }

    private static func refreshLyrics(_ lyrics: TrackTags.Lyrics?, of id: String, _ db: any Connection) throws {
        let stored = try storedLyrics(of: id, db)
        if stored?.isBeside == true, lyrics?.isSynchronised != true { return }
        if let stored, let lyrics, stored.lyrics.text == lyrics.storedText,
            stored.lyrics.isSynchronised == lyrics.isSynchronised
        {
            return
        }
        if stored != nil || lyrics != nil { try setLyrics(lyrics.map { ($0, isBeside: false) }, of: id, db) }
    }

    static func setLyrics(_ lyrics: (TrackTags.Lyrics, isBeside: Bool)?, of id: String, _ db: any Connection) throws {
        guard let (lyrics, isBeside) = lyrics, !lyrics.storedText.isEmpty else {
            try db.run("DELETE FROM lyrics WHERE track = ?", [id])
            return
        }
        try db.upsert(
            into: "lyrics", key: ["track"],
            [
                ("track", id), ("text", lyrics.storedText), ("isSynchronised", lyrics.isSynchronised), ("isBeside", isBeside)
            ])
    }

    private static func storedLyrics(
        of id: String, _ db: any Connection
    ) throws -> (lyrics: TrackTags.Lyrics, isBeside: Bool)? {
        try db.first("SELECT text, isSynchronised, isBeside FROM lyrics WHERE track = ?", [id]) {
            (TrackTags.Lyrics(text: $0[0], isSynchronised: $0[1]), $0[2])
        }
    }
}

extension Arrival {
    /// The lyrics of a new row, and whether they lay beside the file.
    var lyrics: (TrackTags.Lyrics, isBeside: Bool)? {
        if let embedded = map.tags.lyrics, embedded.isSynchronised || beside.lyrics == nil { return (embedded, false) }
        return beside.lyrics.map { ($0, true) }
    }
}

extension ImportRecord {
    static func paths(of hash: OriginalHash, account: Int64, limit: Int, _ db: any Connection) throws -> [[UInt8]] {
        try db.values("SELECT path FROM imported WHERE account = ? AND sha256 = ? LIMIT ?", [account, hash, limit])
    }
}

extension TrackTags.Lyrics {
    /// The text without control characters, except line ends and tabs: databases do not store a zero.
    var storedText: String {
        var scalars = text.unicodeScalars
        scalars.removeAll { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }
        return String(scalars)
    }
}
