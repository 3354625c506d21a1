/// The statement that finds the members of a smart playlist, made of closed tables of fields and operators. Whatever a person
/// wrote is an argument of it, never a part of its text.
struct SmartStatement {
    /// A playlist that rules ask for.
    enum Asked {
        /// Its tracks were chosen one by one, or there is no such playlist any more.
        case chosen
        case smart(SmartRules)
    }

    private let account: Int64
    /// Days since 1970 (UTC).
    private let day: Int
    private let dialect: any Dialect
    private let asked: [String: Asked]
    /// Whether there are so many conditions on titles that each title is folded once beforehand.
    private let foldsTitles: Bool

    private(set) var text = ""
    private(set) var arguments: Arguments = []

    /// - Parameters:
    ///   - id: the playlist's; it decides an order by chance.
    ///   - asked: the playlists that the rules ask for, and those that these ask for; others count as chosen.
    init(_ rules: SmartRules, of id: String, account: Int64, day: Int, asked: [String: Asked], dialect: any Dialect) {
        (self.account, self.day, self.asked, self.dialect) = (account, day, asked, dialect)
        var titles = Self.titles(in: rules.condition)
        for case .smart(let rules) in asked.values { titles += Self.titles(in: rules.condition) }
        foldsTitles = titles > 1
        if foldsTitles {
            let title = dialect.folded("track.title")
            add(
                "WITH folded AS MATERIALIZED (SELECT track.id AS id, \(title) AS title FROM track WHERE track.account = ?)",
                account)
            add(" ")
        }
        list(rules, of: id, columns: "track.id, track.samples * 1000000 / track.sampleRate", depth: 1)
    }

    private static func titles(in expression: SmartRules.Expression) -> Int {
        switch expression {
        case .all(let parts), .any(let parts): parts.reduce(0) { $0 + titles(in: $1) }
        case .test(let test): test.field == .title ? 1 : 0
        }
    }

    private mutating func add(_ part: String, _ values: (any Bindable)?...) {
        text += part
        arguments += values
    }

    private mutating func list(_ rules: SmartRules, of id: String, columns: String, depth: Int) {
        add("SELECT \(columns) FROM track WHERE track.account = ? AND ", account)
        condition(rules.condition, depth)
        add(" ORDER BY ")
        for key in keys(rules) { order(by: key, of: id) }
        add("track.id LIMIT ?", rules.limit ?? Playlist.mostTracks)
    }

    private mutating func condition(_ expression: SmartRules.Expression, _ depth: Int) {
        switch expression {
        case .all(let parts): group(parts, " AND ", depth)
        case .any(let parts): group(parts, " OR ", depth)
        case .test(let test): self.test(test, depth)
        }
    }

    private mutating func group(_ parts: [SmartRules.Expression], _ word: String, _ depth: Int) {
        add("(")
        for (place, part) in parts.enumerated() {
            if place > 0 { add(word) }
            condition(part, depth)
        }
        add(")")
    }

    private mutating func test(_ test: SmartRules.Test, _ depth: Int) {
        if let opposite = test.comparison.opposite {
            add("NOT ")
            return self.test(SmartRules.Test(field: test.field, comparison: opposite, value: test.value), depth)
        }
        switch test.value {
        case .text(let text): self.test(text, test)
        case .number, .numbers: testNumber(test)
        case .day, .days, .span: testDay(test)
        // An index has the loved ones.
        case .flag(let flag) where test.field == .loved: add(flag ? "track.favourite > 0" : "track.favourite = 0")
        case .flag(let flag): add("\(column(of: test.field)) = ?", flag)
        case .playlist(let id): self.test(inPlaylist: id, depth)
        }
    }
}

// Texts.
extension SmartStatement {
    private mutating func test(_ value: String, _ test: SmartRules.Test) {
        let folded = FoldedText.plain(value)
        switch test.field {
        case .album:
            add("track.albumId IN (SELECT album.id FROM album WHERE album.account = ? AND ", account)
            compare("album.name", test.comparison, folded)
            add(")")
        case .albumartist where folded.isEmpty:
            add("NOT EXISTS (SELECT 1 FROM credit WHERE credit.track = track.id AND credit.isOfAlbum = 1)")
        case .artist, .albumartist:
            add(
                """
                track.id IN (
                    SELECT credit.track FROM artist JOIN credit ON credit.artist = artist.id
                    WHERE artist.account = ? AND credit.isOfAlbum = ?
                """, account, test.field == .albumartist)
            add(" AND ")
            compare("artist.name", test.comparison, folded)
            add(")")
        case .genre where folded.isEmpty:
            add("NOT EXISTS (SELECT 1 FROM trackGenre WHERE trackGenre.track = track.id)")
        case .genre:
            add(
                """
                track.id IN (
                    SELECT trackGenre.track FROM genre JOIN trackGenre ON trackGenre.genre = genre.id
                    WHERE genre.account = ?
                """, account)
            add(" AND ")
            compare("genre.name", test.comparison, folded)
            add(")")
        case .title where foldsTitles:
            add("track.id IN (SELECT folded.id FROM folded WHERE ")
            compare(folded: "folded.title", test.comparison, folded)
            add(")")
        default: compare(column(of: test.field), test.comparison, folded)
        }
    }

    private mutating func compare(_ column: String, _ comparison: SmartOperator, _ folded: String) {
        compare(folded: dialect.folded(column), comparison, folded)
    }

    private mutating func compare(folded text: String, _ comparison: SmartOperator, _ folded: String) {
        if comparison == .is { return add("\(text) = ?", folded) }
        var pattern = comparison == .startsWith ? "" : "%"
        for character in folded.unicodeScalars {
            if ["%", "_", "!"].contains(character) { pattern += "!" }
            pattern.unicodeScalars.append(character)
        }
        add("\(text) LIKE ? ESCAPE '!'", pattern + (comparison == .endsWith ? "" : "%"))
    }

    /// What stands for a field in conditions and orders: whole numbers for numbers, dates and flags.
    private func column(of field: SmartField) -> String {
        switch field {
        case .title: "track.title"
        case .album: "track.album"
        case .artist: "track.artist"
        case .albumartist: "track.albumArtist"
        case .genre: "track.genres"
        case .filetype: Self.fileType
        case .codec: "track.codec"
        case .year: "track.year"
        case .tracknumber: "track.track"
        case .discnumber: "track.disc"
        case .duration: "track.samples * 1000000 / track.sampleRate"
        case .bpm: "track.tempo"
        case .bitrate: "track.bitrate"
        case .bitdepth: "track.bitsPerSample"
        case .samplerate: "track.sampleRate"
        case .channels: "track.channels"
        case .size: "track.bytes"
        case .playcount: "track.plays"
        case .skipcount: "(SELECT count(*) FROM skip WHERE skip.track = track.id)"
        case .rating: "track.rating"
        case .dateadded: "track.added"
        case .lastplayed: "track.played"
        case .dateloved: "track.favourite"
        case .loved: "CASE WHEN track.favourite > 0 THEN 1 ELSE 0 END"
        case .compilation: "track.isCompilation"
        case .hascoverart: "CASE WHEN track.art IS NULL THEN 0 ELSE 1 END"
        case .id: "track.id"
        }
    }

    private static let fileType: String = {
        let cases = OriginalExtension.byFormat.map { format in
            let codec = format.codec.map { " AND track.codec = '\($0)'" } ?? ""
            return "WHEN track.container = '\(format.container)'\(codec) THEN '\(format.name)'"
        }
        return "CASE \(cases.joined(separator: " ")) ELSE track.container END"
    }()
}

// Numbers and days.
extension SmartStatement {
    private mutating func testNumber(_ test: SmartRules.Test) {
        let column = column(of: test.field)
        let known = test.field.hasUnknown ? " AND \(column) > 0" : ""
        func scaled(_ number: Double) -> Double { test.field == .duration ? (number * 1_000_000).rounded() : number }
        switch (test.comparison, test.value) {
        case (.is, .number(let number)):
            guard let whole = Int(exactly: scaled(number)) else { return add("0 = 1") }
            add("\(column) = ?", whole)
        case (.gt, .number(let number)): add("(\(column) > ?\(known))", Int(scaled(number).rounded(.down)))
        case (.lt, .number(let number)): add("(\(column) < ?\(known))", Int(scaled(number).rounded(.up)))
        case (.inTheRange, .numbers(let first, let last)):
            add(
                "(\(column) BETWEEN ? AND ?\(known))", Int(scaled(first).rounded(.up)), Int(scaled(last).rounded(.down)))
        default: add("0 = 1")
        }
    }

    /// What never happened has the time 0, and is on no day.
    private mutating func testDay(_ test: SmartRules.Test) {
        let column = column(of: test.field)
        func start(_ day: Int) -> Int { day * CalendarDay.milliseconds }
        func within(_ first: Int, _ last: Int) {
            add("(\(column) > 0 AND \(column) >= ? AND \(column) < ?)", start(first), start(last + 1))
        }
        switch (test.comparison, test.value) {
        case (.is, .day(let day)): within(day, day)
        case (.before, .day(let day)): add("(\(column) > 0 AND \(column) < ?)", start(day))
        case (.after, .day(let day)): add("\(column) >= ?", max(1, start(day + 1)))
        case (.inTheRange, .days(let first, let last)): within(first, last)
        case (.inTheLast, .span(let days)): add("\(column) >= ?", max(1, start(day - days)))
        default: add("0 = 1")
        }
    }
}

// Playlists.
extension SmartStatement {
    private mutating func test(inPlaylist id: String, _ depth: Int) {
        guard case .smart(let rules) = asked[id] else {
            return add(
                """
                track.id IN (
                    SELECT playlistTrack.track FROM playlist JOIN playlistTrack ON playlistTrack.playlist = playlist.id
                    WHERE playlist.id = ? AND playlist.account = ?
                )
                """, id, account)
        }
        guard depth < SmartRules.mostNested else { return add("0 = 1") }
        add("track.id IN (SELECT member.id FROM (")
        list(rules, of: id, columns: "track.id AS id", depth: depth + 1)
        add(") AS member)")
    }
}

// Orders.
extension SmartStatement {
    private struct Key {
        /// Nil for chance.
        var column: String?
        var isDescending: Bool
    }

    /// Tracks of one artist follow by album, and those of one album by their place on it, whichever way the list goes.
    private func keys(_ rules: SmartRules) -> [Key] {
        let sorts = rules.sorts.isEmpty ? [SmartRules.Sort(field: .title, isDescending: false)] : rules.sorts
        return sorts.flatMap { sort in
            let isDescending = sort.isDescending != rules.isReversed
            let columns = sort.field.map(orderColumns)
            guard let columns else { return [Key(column: nil, isDescending: isDescending)] }
            return columns.enumerated().map { Key(column: $1, isDescending: $0 == 0 && isDescending) }
        }
    }

    /// Keys that are also in an index are written so that no index is used: reading the rows as they lie and sorting those that
    /// are found takes a fifth of the time of reading all rows in another order.
    private func orderColumns(_ field: SmartField) -> [String] {
        let onAlbum = ["track.albumId", "track.disc", "track.track"]
        return switch field {
        case .title: ["track.titleOrder || ''"]
        case .artist: ["track.artistOrder || ''", "track.albumOrder"] + onAlbum
        case .album: ["track.albumOrder || ''"] + onAlbum
        case .albumartist:
            ["(SELECT album.artistOrder FROM album WHERE album.id = track.albumId)", "track.albumOrder"] + onAlbum
        case .genre:
            [
                """
                coalesce((
                    SELECT min(genre.nameOrder) FROM trackGenre JOIN genre ON genre.id = trackGenre.genre
                    WHERE trackGenre.track = track.id
                ), '')
                """
            ]
        default: [column(of: field)]
        }
    }

    private mutating func order(by key: Key, of id: String) {
        if let column = key.column { add(column) } else { addChance(of: id) }
        add(key.isDescending ? " DESC, " : ", ")
    }

    /// A number for each track that looks like chance, and is the same for the whole day on every device: the cube, modulo a
    /// prime, of a line through the time at which the track was added, which no other track of the account shares.
    private mutating func addChance(of id: String) {
        let chance = SmartChance(playlist: id, day: day)
        let line = "((track.added % \(SmartChance.prime) * ? + ?) % \(SmartChance.prime))"
        add(
            "\(line) * \(line) % \(SmartChance.prime) * \(line) % \(SmartChance.prime)", chance.slope, chance.start, chance.slope,
            chance.start, chance.slope, chance.start)
    }
}
