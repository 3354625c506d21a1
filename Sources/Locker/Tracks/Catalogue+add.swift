public import Audio

extension Catalogue {
    /// Adds an Original to a locker, in one transaction. If the locker has it already, its track stays.
    ///
    /// The values that ingest found are written to every row of the Original, in all lockers, that has other values.
    ///
    /// - Parameters:
    ///   - upload: The upload that brought it, which is noted as stored: see ``UploadRecord/State``.
    ///   - announcement: The announcement under which the Original and its pictures were put into the store. It is used up,
    ///     so no row is ever without its files.
    /// - Throws: ``CatalogueError/unknownArt`` if the map has a cover whose hash neither the arrival nor a row knows,
    ///   ``CatalogueError/announcementGone``, ``CatalogueError/recordingsChanged``.
    public func add(
        _ arrival: Arrival, account: Int64, settling upload: String? = nil, announced announcement: Announcement
    ) async throws -> Addition {
        let now = now()
        let subjects: ChangeSubjects = upload == nil ? .library : [.library, .uploads]
        return try await change(subjects, of: account) { db in
            try Self.setSound(of: arrival, db)
            func settle(_ track: Track) throws {
                guard let upload else { return }
                try Self.settle(upload: upload, track: track.id, expires: now + Self.uploadLifetime, db)
            }
            if let track = try Self.track(of: arrival.hash, account: account, db) {
                try Self.use(announcement, for: arrival.files, db)
                var addition = Addition(track: track, isNew: false)
                if arrival.map.art == nil || arrival.art != nil { try Self.refresh(arrival, &addition, db) }
                try Self.put(arrival.beside, on: &addition, db)
                try Self.locate(&addition.track, arrival, db)
                try arrival.record?.save(account: account, db)
                try settle(addition.track)
                try Self.release(addition.released, at: now, db)
                return addition
            }
            let art = try Self.art(of: arrival, db)
            try Self.use(announcement, for: arrival.files, db)
            let latest: Int? = try db.value("SELECT max(added) FROM track WHERE account = ?", [account])
            var track = Track(arrival, account: account, art: art, added: max(now, (latest ?? 0) + 1))
            let filed = try Self.file(&track, arrival.filing, former: nil, db)
            try db.insert(into: "track", try track.fields + filed)
            try Self.setCredits(of: track, db)
            try Self.setLyrics(arrival.lyrics, of: track.id, db)
            try Self.setGenres(of: track, arrival.filing, db)
            try Self.setSearch(of: track, db)
            try arrival.record?.save(account: account, db)
            try settle(track)
            if try Self.learnsTaste(of: account, db) {
                try Self.addTaste(TasteGain.owned, for: track.id, of: account, at: now, db)
            }
            return Addition(track: track, isNew: true)
        }
    }

    /// Replaces the Original of a track by another with the same sound, such as the same file with other tags. The track
    /// keeps its id, its marks, and when it was added and played.
    ///
    /// - Parameter announcement: As in ``add(_:account:settling:announced:)``; not used if nothing is done.
    /// - Returns: Nil, and nothing is done, if the locker has no track of `old`, has one of the new Original, or has another
    ///   imported file of `old`, or if the sound differs.
    public func replace(
        _ old: OriginalHash, by arrival: Arrival, account: Int64, announced announcement: Announcement
    ) async throws -> Addition? {
        let now = now()
        return try await change(.library, of: account) { db in
            guard let former = try Self.track(of: old, account: account, db), former.hasSameSound(as: arrival),
                try Self.track(of: arrival.hash, account: account, db) == nil,
                try !Self.isImported(old, except: arrival.record?.path ?? [], account: account, db)
            else { return nil }
            let art = try Self.art(of: arrival, db)
            try Self.use(announcement, for: arrival.files, db)
            try Self.setSound(of: arrival, db)
            var track = Track(arrival, account: account, art: art, added: former.added)
            (track.id, track.played, track.marks) = (former.id, former.played, former.marks)
            try Self.write(&track, arrival.filing, db)
            try Self.setRecording(of: track, db)
            try Self.setLyrics(arrival.lyrics, of: track.id, db)
            try Self.setGenres(of: track, arrival.filing, db)
            try Self.setSearch(of: track, db)
            try arrival.record?.save(account: account, db)
            try Self.release(former.stored, at: now, db)
            return Addition(track: track, isNew: false, released: former.stored)
        }
    }

    /// Writes the values that a new ingest of an Original found to all its rows, in one transaction. Edited tags stay.
    ///
    /// - Parameters:
    ///   - art: The cover inside the file.
    ///   - announcement: As in ``add(_:account:settling:announced:)``; not used if no row refers to the Original.
    /// - Returns: As ``Addition/released``; nil if no row refers to the Original.
    public func remeasure(
        _ hash: OriginalHash, map: TrackMap, measures: SoundMeasures, art: OriginalHash?, recording: RecordingChoice? = nil,
        announced announcement: Announcement
    ) async throws -> [OriginalHash]? {
        let now = now()
        return try await change(.library, ofEach: try await owners(of: hash)) { db in
            guard let track = try Track.all(where: "sha256 = ? LIMIT 1", [hash], db).first else { return nil }
            try Self.use(announcement, for: [hash, art], db)
            var addition = Addition(track: track, isNew: false)
            let arrival = Arrival(hash: hash, map: map, measures: measures, title: "", art: art, recording: recording)
            try Self.setSound(of: arrival, db)
            try Self.refresh(arrival, &addition, db)
            try Self.release(addition.released, at: now, db)
            return addition.released
        }
    }

    /// Accounts that are told of a change one by one; of more, all are.
    private static let mostTold = 64

    /// The accounts to tell of a change of an Original's rows; nil for all, if they are many. Who adds the Original meanwhile tells of that.
    func owners(of hash: OriginalHash) async throws -> [Int64?] {
        let owners: [Int64] = try await database.read { db in
            try db.values("SELECT account FROM track WHERE sha256 = ? LIMIT ?", [hash, Self.mostTold + 1])
        }
        return owners.count > Self.mostTold ? [nil] : owners
    }

    private static func isImported(_ hash: OriginalHash, except path: [UInt8], account: Int64, _ db: any Connection) throws
        -> Bool
    {
        let paths = try ImportRecord.paths(of: hash, account: account, limit: 2, db)
        return paths.contains { $0 != path }
    }
}
