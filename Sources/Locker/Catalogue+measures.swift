internal import Audio
internal import FoundationEssentials
internal import GRDB

extension Catalogue {
    static func track(of hash: OriginalHash, account: Int64, _ db: Database) throws -> Track? {
        try Track.all(where: "sha256 = ? AND account = ?", [hash.databaseValue, account], db).first
    }

    /// The cover of a new row.
    static func art(of arrival: Arrival, _ db: Database) throws -> Art? {
        guard let picture = arrival.map.art else { return arrival.beside.art }
        if let hash = arrival.art { return Art(hash: hash, format: picture.format, bytes: picture.bytes, isBeside: false) }
        // The lock is ours, so the row that refers to the picture keeps it until this one does.
        let others = try Track.all(
            where: "sha256 = ? AND art IS NOT NULL AND NOT artIsBeside LIMIT 1", [arrival.hash.databaseValue], db)
        guard let art = others.first?.art else { throw CatalogueError.unknownArt }
        return art
    }

    /// Writes what ingest found to every row of its Original that has it otherwise.
    static func refresh(_ arrival: Arrival, _ addition: inout Addition, _ db: Database) throws {
        for former in try Track.all(where: "sha256 = ?", [arrival.hash.databaseValue], db) {
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

    /// Puts what lies beside the file on its row, where that counts. What is no longer there stays: a locker is no mirror.
    static func put(_ beside: Beside, on addition: inout Addition, _ db: Database) throws {
        let former = addition.track.art
        if let art = beside.art, art != former, former?.isBeside ?? true {
            addition.track.art = art
            try db.update("track", addition.track.artFields, where: [("id", addition.track.id)])
            if let former { addition.released.append(former.hash) }
        }
        guard let lyrics = beside.lyrics else { return }
        let row = try lyricsRow(of: addition.track.id, db)
        let isEmbeddedAndSynchronised = row.map { $0["isSynchronised"] == true && $0["isBeside"] == false } ?? false
        if !isEmbeddedAndSynchronised { try setLyrics((lyrics, isBeside: true), of: addition.track.id, db) }
    }

    private static func refreshLyrics(_ lyrics: TrackTags.Lyrics?, of id: String, _ db: Database) throws {
        let row = try lyricsRow(of: id, db)
        if row?["isBeside"] == true, lyrics?.isSynchronised != true { return }
        if let row, let lyrics, row["text"] == lyrics.storedText, row["isSynchronised"] == lyrics.isSynchronised { return }
        if row != nil || lyrics != nil { try setLyrics(lyrics.map { ($0, isBeside: false) }, of: id, db) }
    }

    static func setLyrics(_ lyrics: (TrackTags.Lyrics, isBeside: Bool)?, of id: String, _ db: Database) throws {
        guard let (lyrics, isBeside) = lyrics, !lyrics.storedText.isEmpty else {
            try db.cachedStatement(sql: "DELETE FROM lyrics WHERE track = ?").execute(arguments: [id])
            return
        }
        try db.insert(
            into: "lyrics",
            [
                ("track", id), ("text", lyrics.storedText), ("isSynchronised", lyrics.isSynchronised), ("isBeside", isBeside)
            ], orReplace: true)
    }

    static func lyricsRow(of id: String, _ db: Database) throws -> Row? {
        try Row.fetchOne(db, sql: "SELECT * FROM lyrics WHERE track = ?", arguments: [id])
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
    static func paths(of hash: OriginalHash, account: Int64, limit: Int, _ db: Database) throws -> [[UInt8]] {
        try Data.fetchAll(
            db, sql: "SELECT path FROM imported WHERE account = ? AND sha256 = ? LIMIT ?",
            arguments: [account, hash.databaseValue, limit]
        ).map(Array.init)
    }
}

extension TrackTags.Lyrics {
    /// Without control characters but line ends and tabs: SQLite ends a text at its first zero.
    var storedText: String {
        var scalars = text.unicodeScalars
        scalars.removeAll { $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t" }
        return String(scalars)
    }
}
