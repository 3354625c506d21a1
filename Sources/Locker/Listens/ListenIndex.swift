/// The tracks of an account by MusicBrainz' identifiers and by names, to find what others' listens were listens to.
///
/// It takes about 300 bytes of memory for each track, for as long as an import lasts.
public struct ListenIndex: Sendable {
    /// A track as a listen may be joined to it.
    struct Entry: Sendable {
        var id: String
        /// Folded.
        var album: String
        /// Milliseconds.
        var duration: Int
    }

    /// Scalars of a text that count.
    private static let longest = 500

    private struct Names: Hashable {
        var title: String
        var artist: String
    }

    private(set) var entries: [Entry] = []
    private var byRecording: [String: [Int32]] = [:]
    private var byNames: [Names: [Int32]] = [:]

    mutating func add(_ entry: Entry, title: String, artists: [String], recording: String) {
        guard let place = Int32(exactly: entries.count) else { return }
        entries.append(entry)
        if !recording.isEmpty { byRecording[recording, default: []].append(place) }
        let artists = Set(artists.flatMap(Self.forms)).subtracting([""])
        for title in Set(Self.forms(of: title)) {
            for artist in artists { byNames[Names(title: title, artist: artist), default: []].append(place) }
        }
    }

    /// The tracks that a listen may be to, the likeliest first: by the recording, else by title and artist; of several those of
    /// the album, then the one that was added first.
    func entries(for listen: Listen) -> [Entry] {
        let album = Self.folded(listen.album)
        func ordered(_ places: [Int32]) -> [Entry] {
            let found = places.map { entries[Int($0)] }
            guard found.count > 1, !album.isEmpty else { return found }
            return found.filter { $0.album == album } + found.filter { $0.album != album }
        }
        for recording in listen.recordings {
            if let places = byRecording[recording] { return ordered(places) }
        }
        for title in Self.forms(of: listen.title) {
            for artist in Self.forms(of: listen.artist) where !artist.isEmpty {
                if let places = byNames[Names(title: title, artist: artist)] { return ordered(places) }
            }
        }
        return []
    }

    /// The letters and digits of a text as the search has them, and nothing between: AC/DC is Ac-Dc. Of a text without any, its
    /// signs.
    static func folded(_ text: String) -> String {
        let scalars = FoldedText.scalars(of: String(text.unicodeScalars.prefix(longest)))
        let letters = scalars.filter { scalar in
            let properties = scalar.properties
            let isLetter = properties.isAlphabetic || properties.numericType != nil || FoldedText.isMark(scalar)
            return isLetter && !FoldedText.isAccent(scalar)
        }
        let signs = letters.isEmpty ? scalars.filter { !$0.properties.isWhitespace } : letters.map(FoldedText.hiragana)
        return String(String.UnicodeScalarView(signs))
    }

    /// A folded name, and the same without guests if it names any: services put them into the title or the
    /// artist, or nowhere.
    private static func forms(of name: String) -> [String] {
        let whole = Self.folded(name)
        let lowercased = name.lowercased()
        let marks = [" (feat", " [feat", " feat. ", " feat ", " ft. ", " (ft", " [ft", " featuring ", " (with "]
        let starts = marks.compactMap { lowercased.firstRange(of: $0)?.lowerBound }
        guard let start = starts.min() else { return [whole] }
        let short = Self.folded(String(lowercased[..<start]))
        return short.isEmpty || short == whole ? [whole] : [whole, short]
    }
}

extension Catalogue {
    /// An index of the account's tracks as they are now.
    public func listenIndex(account: Int64) async throws -> ListenIndex {
        try await database.read { db in
            var index = ListenIndex()
            try db.rows(
                """
                SELECT id, title, artist, artistId, artists, album, musicBrainz, samples, sampleRate
                FROM track WHERE account = ? ORDER BY added
                """, [account]
            ) { row in
                let credits = Track.artists(stored: row[4], artist: row[2], id: row[3])
                let entry = ListenIndex.Entry(
                    id: row[0], album: ListenIndex.folded(row[5]), duration: Track.milliseconds(samples: row[7], rate: row[8]))
                index.add(entry, title: row[1], artists: [row[2]] + credits.map(\.name), recording: row[6])
                return true
            }
            return index
        }
    }

    /// Adds listens of another service to the history, in one transaction. A listen to a track that was played in the same
    /// second is in the history already.
    ///
    /// - Parameters:
    ///   - listens: a few hundred, as nothing else is written meanwhile.
    ///   - count: As for ``markPlayed(id:account:at:stopped:heard:source:keeping:)``. If the history is full, listens before its
    ///     first play are not added.
    ///   - start: milliseconds since 1970 before which nothing is remembered; nil for no such time.
    func add(
        _ listens: [Listen], foundBy index: ListenIndex, account: Int64, keeping count: Int? = nil, since start: Int? = nil
    ) async throws -> ListenCounts {
        try await change(.history, of: account) { db in
            var counts = ListenCounts()
            let plays: Int = try db.value("SELECT plays FROM account WHERE id = ?", [account]) ?? 0
            var first = start ?? .min
            if let count, plays >= count {
                let oldest: Int? = try db.value("SELECT min(at) FROM play WHERE account = ?", [account])
                first = max(first, oldest ?? .max)
            }
            for listen in listens {
                let entries = index.entries(for: listen)
                guard !entries.isEmpty else {
                    counts.unknown += 1
                    continue
                }
                let known: [String] = try db.values(
                    "SELECT track FROM play WHERE account = ? AND at > ? AND at < ?",
                    [account, listen.at - 1000, listen.at + 1000])
                guard !entries.contains(where: { known.contains($0.id) }) else {
                    counts.known += 1
                    continue
                }
                guard listen.at >= first else {
                    counts.forgotten += 1
                    continue
                }
                // Tracks may have been removed since the index was made.
                let entry = try entries.first {
                    try db.exists("SELECT 1 FROM track WHERE id = ? AND account = ?", [$0.id, account])
                }
                guard let entry else {
                    counts.unknown += 1
                    continue
                }
                let report = PlayReport(
                    account: account, track: entry.id, duration: entry.duration, at: listen.at, source: .import)
                try Self.add(report, db)
                counts.joined += 1
            }
            if let count { try Self.forget("play", beyond: count, account: account, db) }
            return counts
        }
    }
}
