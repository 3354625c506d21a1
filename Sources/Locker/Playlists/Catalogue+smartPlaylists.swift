internal import Audio

extension Catalogue {
    /// How long the evaluation of one playlist may take.
    static let longestEvaluation = Duration.seconds(5)

    /// Makes a smart playlist.
    ///
    /// - Parameter most: Playlists that the account may have; nil for any number.
    /// - Throws: ``SmartFault`` if the rules ask for a playlist that the account does not have, ``CatalogueError/tooManyPlaylists``
    ///   also beyond ``SmartRules/mostPlaylists``, ``CatalogueError/tookTooLong``.
    public func addPlaylist(
        named name: String, comment: String = "", rules: SmartRules, account: Int64, ofAtMost most: Int? = nil
    ) async throws -> Playlist {
        let (id, now) = (Identifier.random(), now())
        try await tryOut(rules, of: id, account: account)
        let made = try await change(.playlists, of: account) { db in
            try Self.requireRoom(ofAtMost: most, account: account, db)
            return try Self.addPlaylist(
                id: id, named: name, comment: comment, rules: rules, account: account, now: now, db)
        }
        return try await evaluated(made, account: account)
    }

    static func addPlaylist(
        id: String, named name: String, comment: String, rules: SmartRules, account: Int64, now: Int, _ db: any Connection
    ) throws -> Playlist {
        let isFull = try db.exists(
            "SELECT 1 FROM playlist WHERE account = ? AND rules IS NOT NULL LIMIT 1 OFFSET ?",
            [account, SmartRules.mostPlaylists - 1])
        if isFull { throw CatalogueError.tooManyPlaylists }
        try requireSound(rules, of: id, account: account, db)
        try db.insert(
            into: "playlist",
            [
                ("id", id), ("account", account), ("name", name), ("nameOrder", Track.order(of: name)), ("created", now),
                ("changed", now), ("comment", comment), ("rules", try rules.stored)
            ])
        return try requirePlaylist(id, account, db)
    }

    /// Evaluates rules before they are stored.
    ///
    /// - Throws: ``SmartFault``, ``CatalogueError/tookTooLong``.
    func tryOut(_ rules: SmartRules, of id: String, account: Int64) async throws {
        // What is not sound may be too much to evaluate.
        try await database.read { try Self.requireSound(rules, of: id, account: account, $0) }
        _ = try await evaluation(of: rules, id: id, account: account)
    }

    /// Gives a smart playlist other rules, another name, or both. Returns nil if the account has no such playlist.
    ///
    /// - Throws: As ``addPlaylist(named:comment:rules:account:ofAtMost:)``; ``CatalogueError/hasNoRules`` if its tracks were chosen
    ///   one by one. Then nothing is changed.
    public func changePlaylist(id: String, name: String?, rules: SmartRules, account: Int64) async throws -> Playlist? {
        let now = now()
        try await tryOut(rules, of: id, account: account)
        let changed = try await change(.playlists, of: account) { db in
            try Self.changePlaylist(id: id, name: name, rules: rules, account: account, now: now, db)
        }
        guard let changed else { return nil }
        return try await evaluated(changed, account: account)
    }

    static func changePlaylist(
        id: String, name: String?, rules: SmartRules, account: Int64, now: Int, _ db: any Connection
    ) throws -> Playlist? {
        guard let playlist = try playlist(id: id, account: account, db) else { return nil }
        guard playlist.rules != nil else { throw CatalogueError.hasNoRules }
        try requireSound(rules, of: id, account: account, db)
        try db.update("playlist", [("rules", try rules.stored)], where: [("id", id)])
        return try changePlaylist(id: id, name: name, tracks: nil, account: account, now: now, db)
    }

    /// Makes a playlist of the tracks that a smart playlist has now, with its name and the day. Returns nil if the account has no such playlist.
    ///
    /// - Parameters:
    ///   - most: Playlists that the account may have; nil for any number.
    ///   - mostTracks: tracks that a playlist may have.
    /// - Throws: ``CatalogueError/hasNoRules``, ``CatalogueError/tooManyPlaylists``, ``CatalogueError/overQuota`` for too many tracks.
    public func freezePlaylist(
        id: String, account: Int64, ofAtMost most: Int? = nil, mostTracks: Int = Playlist.mostTracks
    ) async throws -> Playlist? {
        guard let playlist = try await storedPlaylist(id: id, account: account) else { return nil }
        guard playlist.rules != nil else { throw CatalogueError.hasNoRules }
        let ids = try await members(of: playlist, account: account).ids
        guard ids.count <= mostTracks else { throw CatalogueError.overQuota }
        let now = now()
        let name = "\(playlist.name.prefix(bytes: 480)) \(CalendarDay.text(CalendarDay.containing(now)))"
        return try await change(.playlists, of: account) { db in
            try Self.requireRoom(ofAtMost: most, account: account, db)
            // Some may have been removed meanwhile.
            let tracks = try ids.filter { try db.exists("SELECT 1 FROM track WHERE id = ? AND account = ?", [$0, account]) }
            return try Self.addPlaylist(named: name, tracks: tracks, account: account, now: now, db)
        }
    }

    /// The playlist; if it is a smart one, with its tracks of now.
    func evaluated(_ playlist: Playlist, account: Int64) async throws -> Playlist {
        guard playlist.rules != nil else { return playlist }
        let list = try await members(of: playlist, account: account)
        var playlist = playlist
        (playlist.tracks, playlist.duration) = (list.count, Double(list.microseconds) / 1_000_000)
        playlist.changed = max(playlist.changed, list.changed)
        return playlist
    }

    /// The members of a smart playlist as of now.
    ///
    /// - Throws: ``CatalogueError/tookTooLong``.
    func members(of playlist: Playlist, account: Int64) async throws -> SmartList {
        guard let rules = playlist.rules else { throw CatalogueError.hasNoRules }
        return try await evaluation(of: rules, id: playlist.id, account: account)
    }

    func evaluation(of rules: SmartRules, id: String, account: Int64) async throws -> SmartList {
        noteInterest()
        let (now, database) = (now(), database)
        let day = CalendarDay.containing(now)
        return try await smartLists.list(of: id, SmartLists.Question(rules: rules, account: account, day: day)) {
            try await database.read { try Self.evaluate(rules, of: id, account: account, day: day, now: now, $0) }
        }
    }

    private static func evaluate(
        _ rules: SmartRules, of id: String, account: Int64, day: Int, now: Int, _ db: any Connection
    ) throws -> SmartList {
        var asked: [String: SmartStatement.Asked] = [:]
        var changed = rules.followsDay ? day * CalendarDay.milliseconds : 0
        var waiting = rules.playlists
        while let next = waiting.popLast() {
            guard asked[next] == nil else { continue }
            guard let playlist = try playlist(id: next, account: account, db) else {
                asked[next] = .chosen
                continue
            }
            changed = max(changed, playlist.changed)
            asked[next] = playlist.rules.map { .smart($0) } ?? .chosen
            waiting += playlist.rules?.playlists ?? []
        }
        let libraryChanged: Int = try db.value("SELECT libraryChanged FROM account WHERE id = ?", [account]) ?? 0
        changed = max(changed, libraryChanged)
        if rules.subjects.contains(.history) {
            let played: Int = try db.value("SELECT max(played) FROM track WHERE account = ?", [account]) ?? 0
            changed = max(changed, min(played, now))
        }
        let statement = SmartStatement(rules, of: id, account: account, day: day, asked: asked, dialect: db.dialect)
        var members: [(id: String, microseconds: Int)] = []
        try db.rows(once: statement.text, statement.arguments, within: longestEvaluation) { row in
            members.append((row[0], row[1]))
            return true
        }
        return try SmartList(members, changed: changed)
    }

    /// One page of a smart playlist's tracks: see ``tracks(ofPlaylist:account:after:at:limit:)``.
    func tracks(
        ofSmart playlist: Playlist, account: Int64, after: String?, at place: Int?, limit: Int
    ) async throws -> Page<Track> {
        var (list, start) = (SmartList?.none, place ?? 0)
        if let after {
            let cursor = try SmartCursor(after, of: playlist.id)
            list = smartLists.list(of: playlist.id, mark: cursor.mark)
            start = cursor.place
            if list == nil {
                let now = try await members(of: playlist, account: account)
                if now.mark != cursor.mark { start = now.place(of: cursor.last).map { $0 + 1 } ?? start }
                list = now
            }
        }
        let members = if let list { list } else { try await members(of: playlist, account: account) }
        let ids = members.ids(start..<start + min(max(1, limit), 500))
        var page = Page(items: try await tracks(ids: ids, account: account), total: place == nil ? nil : members.count)
        if let last = ids.last, start + ids.count < members.count {
            page.next = SmartCursor(mark: members.mark, place: start + ids.count, last: last).text(of: playlist.id)
        }
        return page
    }
}

/// Where a page of a smart playlist ended.
private struct SmartCursor {
    private static let list = "smart"

    /// Of the members that the page is of: see ``SmartList/mark``.
    var mark: Int
    /// How many members come before the next page.
    var place: Int
    /// The id of the last of them.
    var last: String

    init(mark: Int, place: Int, last: String) { (self.mark, self.place, self.last) = (mark, place, last) }

    /// - Throws: ``CatalogueError/badCursor``.
    init(_ text: String, of playlist: String) throws(CatalogueError) {
        let key = try PageCursor(text, list: Self.list, values: 4).key
        guard case .text(playlist) = key[0], case .number(let mark) = key[1], case .number(let place) = key[2],
            case .text(let last) = key[3], 0...Playlist.mostTracks ~= place
        else { throw .badCursor }
        self.init(mark: mark, place: place, last: last)
    }

    func text(of playlist: String) -> String {
        PageCursor(list: Self.list, key: [.text(playlist), .number(mark), .number(place), .text(last)]).encoded
    }
}
