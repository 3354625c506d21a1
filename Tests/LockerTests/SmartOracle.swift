@testable import Locker

/// Everything that rules can ask of one track, read from the database row by row.
struct SmartRow {
    var id: String
    var texts: [SmartField: Set<String>] = [:]
    var numbers: [SmartField: Double] = [:]
    /// Milliseconds since 1970; 0 for never.
    var times: [SmartField: Int] = [:]
    var flags: [SmartField: Bool] = [:]
    /// What it is ordered by, beside the above.
    var orders: [SmartField: [SmartKey]] = [:]
    /// In microseconds, as the database has it.
    var length = 0
}

/// One part of an order.
enum SmartKey: Comparable {
    case number(Int)
    case text(String)

    static func < (one: SmartKey, other: SmartKey) -> Bool {
        switch (one, other) {
        case (.number(let one), .number(let other)): one < other
        case (.text(let one), .text(let other)): one.utf8.lexicographicallyPrecedes(other.utf8)
        case (.number, .text): true
        case (.text, .number): false
        }
    }
}

/// Evaluates rules over rows, without any SQL.
struct SmartOracle {
    var rows: [SmartRow]
    /// The tracks of playlists, by id.
    var playlists: [String: [String]] = [:]
    /// Days since 1970.
    var day: Int

    func members(of rules: SmartRules, id: String) -> [String] {
        let found = rows.filter { holds(rules.condition, $0) }
        let ordered = found.sorted { one, other in precedes(one, other, rules, id) }
        return ordered.prefix(rules.limit ?? 10_000).map(\.id)
    }

    private func holds(_ expression: SmartRules.Expression, _ row: SmartRow) -> Bool {
        switch expression {
        case .all(let parts): parts.allSatisfy { holds($0, row) }
        case .any(let parts): parts.contains { holds($0, row) }
        case .test(let test): holds(test, row)
        }
    }

    private func holds(_ test: SmartRules.Test, _ row: SmartRow) -> Bool {
        let field = test.field
        switch (test.comparison, test.value) {
        case (.is, .text(let text)): return texts(row, field).contains(fold(text))
        case (.isNot, .text(let text)): return !texts(row, field).contains(fold(text))
        case (.contains, .text(let text)): return texts(row, field).contains { Self.has(fold(text), in: $0) }
        case (.notContains, .text(let text)): return !texts(row, field).contains { Self.has(fold(text), in: $0) }
        case (.startsWith, .text(let text)):
            return texts(row, field).contains { $0.unicodeScalars.starts(with: fold(text).unicodeScalars) }
        case (.endsWith, .text(let text)):
            return texts(row, field).contains { $0.unicodeScalars.reversed().starts(with: fold(text).unicodeScalars.reversed()) }
        case (.is, .flag(let flag)): return row.flags[field] == flag
        case (.isNot, .flag(let flag)): return row.flags[field] != flag
        case (_, .number), (_, .numbers): return holdsNumber(test, row.numbers[field] ?? 0)
        case (.inPlaylist, .playlist(let id)): return playlists[id]?.contains(row.id) == true
        case (.notInPlaylist, .playlist(let id)): return playlists[id]?.contains(row.id) != true
        default: return holdsDay(test, row.times[field] ?? 0)
        }
    }

    private func texts(_ row: SmartRow, _ field: SmartField) -> Set<String> { row.texts[field] ?? [] }

    private func fold(_ text: String) -> String { FoldedText.plain(text) }

    private static func has(_ part: String, in text: String) -> Bool {
        let (part, text) = (Array(part.unicodeScalars), Array(text.unicodeScalars))
        return part.count <= text.count && (0...text.count - part.count).contains { text[$0...].starts(with: part) }
    }

    private func holdsNumber(_ test: SmartRules.Test, _ number: Double) -> Bool {
        let isKnown = ![SmartField.year, .tracknumber, .discnumber, .bpm].contains(test.field) || number > 0
        return switch (test.comparison, test.value) {
        case (.is, .number(let wanted)): number == wanted
        case (.isNot, .number(let wanted)): number != wanted
        case (.gt, .number(let wanted)): isKnown && number > wanted
        case (.lt, .number(let wanted)): isKnown && number < wanted
        case (.inTheRange, .numbers(let first, let last)): isKnown && first...last ~= number
        default: false
        }
    }

    private func holdsDay(_ test: SmartRules.Test, _ time: Int) -> Bool {
        let day: Int? = time > 0 ? time / 86_400_000 : nil
        return switch (test.comparison, test.value) {
        case (.is, .day(let wanted)): day == wanted
        case (.isNot, .day(let wanted)): day != wanted
        case (.before, .day(let wanted)): day.map { $0 < wanted } ?? false
        case (.after, .day(let wanted)): day.map { $0 > wanted } ?? false
        case (.inTheRange, .days(let first, let last)): day.map { first...last ~= $0 } ?? false
        case (.inTheLast, .span(let days)): day.map { $0 >= self.day - days } ?? false
        case (.notInTheLast, .span(let days)): !(day.map { $0 >= self.day - days } ?? false)
        default: false
        }
    }

    private func precedes(_ one: SmartRow, _ other: SmartRow, _ rules: SmartRules, _ id: String) -> Bool {
        let sorts = rules.sorts.isEmpty ? [SmartRules.Sort(field: .title, isDescending: false)] : rules.sorts
        for sort in sorts {
            for (place, (first, second)) in zip(keys(one, sort, id), keys(other, sort, id)).enumerated() where first != second {
                let isDescending = place == 0 && sort.isDescending != rules.isReversed
                return isDescending ? second < first : first < second
            }
        }
        return SmartKey.text(one.id) < SmartKey.text(other.id)
    }

    private func keys(_ row: SmartRow, _ sort: SmartRules.Sort, _ id: String) -> [SmartKey] {
        guard let field = sort.field else {
            return [.number(SmartChance(playlist: id, day: day).place(of: row.times[.dateadded] ?? 0))]
        }
        if let order = row.orders[field] { return order }
        if field == .duration { return [.number(row.length)] }
        if let number = row.numbers[field] { return [.number(Int(number))] }
        if let time = row.times[field] { return [.number(time)] }
        if let flag = row.flags[field] { return [.number(flag ? 1 : 0)] }
        return [.text(row.texts[field]?.first ?? "")]
    }
}

extension SmartOracle {
    /// Reads all rows of an account.
    init(of catalogue: Catalogue, account: Int64, day: Int) async throws {
        self.day = day
        rows = try await catalogue.database.read { db in
            func values(_ statement: String, _ id: String) throws -> [String] { try db.values(statement, [id]) }
            var rows = try db.all(
                """
                SELECT id, title, album, codec, container, year, track, disc, samples, sampleRate, bitrate, bitsPerSample, channels,
                    bytes, plays, rating, added, played, favourite, isCompilation, art IS NOT NULL, titleOrder, artistOrder,
                    albumOrder, albumId,
                    (SELECT album.artistOrder FROM album WHERE album.id = track.albumId), tempo
                FROM track WHERE account = ?
                """, [account], Self.row)
            for place in rows.indices {
                let id = rows[place].id
                let names = "SELECT artist.name FROM credit JOIN artist ON artist.id = credit.artist WHERE credit.track = ?"
                rows[place].texts[.artist] = Self.folded(try values(names + " AND isOfAlbum = 0", id))
                let owners = try values(names + " AND isOfAlbum = 1", id)
                rows[place].texts[.albumartist] = owners.isEmpty ? [""] : Self.folded(owners)
                let genres = "FROM trackGenre JOIN genre ON genre.id = trackGenre.genre WHERE trackGenre.track = ?"
                let own = try values("SELECT genre.name \(genres)", id)
                rows[place].texts[.genre] = own.isEmpty ? [""] : Self.folded(own)
                let orders = try values("SELECT genre.nameOrder \(genres)", id)
                rows[place].orders[.genre] = [orders.map(SmartKey.text).min() ?? .text("")]
                let skips = try values("SELECT source FROM skip WHERE track = ?", id).count
                rows[place].numbers[.skipcount] = Double(skips)
            }
            return rows
        }
    }

    private static func folded(_ names: [String]) -> Set<String> { Set(names.map(FoldedText.plain)) }

    private static func row(_ row: Row) throws -> SmartRow {
        var found = SmartRow(id: row[0])
        let (codec, container): (String, String) = (row[3], row[4])
        found.texts = [
            .title: folded([row[1]]), .album: folded([row[2]]), .codec: [codec],
            .filetype: [OriginalExtension.of(container: container, codec: codec)]
        ]
        let names: [SmartField] = [.year, .tracknumber, .discnumber]
        for (place, field) in names.enumerated() { found.numbers[field] = Double(row[5 + place] as Int) }
        let (samples, rate): (Int, Int) = (row[8], row[9])
        found.length = samples * 1_000_000 / rate
        found.numbers[.duration] = Double(found.length) / 1_000_000
        found.numbers[.samplerate] = Double(rate)
        found.numbers[.bpm] = Double(row[26] as Int)
        for (place, field) in [SmartField.bitrate, .bitdepth, .channels, .size, .playcount, .rating].enumerated() {
            found.numbers[field] = Double(row[10 + place] as Int)
        }
        found.times = [.dateadded: row[16], .lastplayed: row[17], .dateloved: row[18]]
        found.flags = [.loved: (row[18] as Int) > 0, .compilation: row[19], .hascoverart: row[20]]
        let onAlbum: [SmartKey] = [.text(row[24]), .number(row[7]), .number(row[6])]
        let album = SmartKey.text(row[23])
        found.orders = [
            .title: [.text(row[21])], .artist: [.text(row[22]), album] + onAlbum, .album: [album] + onAlbum,
            .albumartist: [.text(row[25]), album] + onAlbum
        ]
        return found
    }
}
