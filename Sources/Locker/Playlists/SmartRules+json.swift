public import Audio
internal import FoundationEssentials

extension SmartRules {
    /// Reads rules in the form of Navidrome's `.nsp` files: `{"all": [conditions], "sort": "-rating,title", "limit": 100}`,
    /// with `any` in place of `all`, and `order`: `asc` or `desc`. `name` and `comment`, as the files have them, are passed over.
    ///
    /// - Throws: ``SmartFault``.
    public init(_ json: SmartJSON) throws(SmartFault) {
        guard case .object(let members) = json else { throw SmartFault(place: "rules", reason: "must be an object") }
        let given = members.filter { $0.value != .null }
        for name in given.keys.sorted()
        where !["all", "any", "sort", "order", "limit", "name", "comment"].contains(name) {
            throw SmartFault(place: "rules", reason: "no member called \(shown(name))")
        }
        var reading = Reading()
        switch (given["all"], given["any"]) {
        case (let all?, nil): condition = .all(try reading.group(all, "all", depth: 1))
        case (nil, let any?): condition = .any(try reading.group(any, "any", depth: 1))
        default: throw SmartFault(place: "rules", reason: #"must have one of "all" and "any", a list of conditions"#)
        }
        sorts = try given["sort"].map(Self.sorts) ?? []
        isReversed = try given["order"].map(Self.isReversed) ?? false
        limit = try given["limit"].map(Self.limit) ?? nil
    }

    /// Rules that were stored.
    ///
    /// - Throws: ``CatalogueError/corrupt(_:)``.
    init(stored text: String) throws(CatalogueError) {
        do {
            self = try SmartRules(try JSONDecoder().decode(SmartJSON.self, from: Data(text.utf8)))
        } catch {
            throw .corrupt("rules: \(error)")
        }
    }

    /// What ``init(stored:)`` reads.
    var stored: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(json), as: UTF8.self)
        }
    }

    /// What ``init(_:)`` reads, with names as the tables have them.
    public var json: SmartJSON {
        var members: [String: SmartJSON] = [:]
        switch condition {
        case .any(let parts): members["any"] = .list(parts.map(\.json))
        case .all(let parts): members["all"] = .list(parts.map(\.json))
        case .test: members["all"] = .list([condition.json])
        }
        if !sorts.isEmpty {
            let texts = sorts.map { ($0.isDescending ? "-" : "") + ($0.field?.rawValue ?? "random") }
            members["sort"] = .text(texts.joined(separator: ","))
        }
        if isReversed { members["order"] = .text("desc") }
        if let limit { members["limit"] = .number(Double(limit)) }
        return .object(members)
    }

    private static func sorts(_ json: SmartJSON) throws(SmartFault) -> [Sort] {
        guard case .text(let text) = json else { throw SmartFault(place: "sort", reason: "must be a text") }
        let parts = text.split(separator: ",", maxSplits: mostSorts, omittingEmptySubsequences: false)
        guard parts.count <= mostSorts else { throw SmartFault(place: "sort", reason: "more than \(mostSorts) fields") }
        var sorts: [Sort] = []
        for part in parts {
            var name = part.filter { $0 != " " }
            let isDescending = name.hasPrefix("-")
            if isDescending || name.hasPrefix("+") { name.removeFirst() }
            if name.isEmpty, parts.count == 1 { return [] }
            let field = SmartField(rawValue: name.lowercased())
            guard field != nil || name.lowercased() == "random", field != .id else {
                throw SmartFault(place: "sort", reason: "no field called \(shown(name)) to sort by")
            }
            sorts.append(Sort(field: field, isDescending: isDescending))
        }
        return sorts
    }

    private static func isReversed(_ json: SmartJSON) throws(SmartFault) -> Bool {
        guard case .text(let text) = json, ["", "asc", "desc"].contains(text.lowercased()) else {
            throw SmartFault(place: "order", reason: "must be asc or desc")
        }
        return text.lowercased() == "desc"
    }

    /// Navidrome's 0 is no limit.
    private static func limit(_ json: SmartJSON) throws(SmartFault) -> Int? {
        guard case .number(let number) = json, let limit = Int(exactly: number), 0...Playlist.mostTracks ~= limit else {
            throw SmartFault(place: "limit", reason: "must be a whole number up to \(Playlist.mostTracks)")
        }
        return limit == 0 ? nil : limit
    }
}

extension SmartRules.Expression {
    var json: SmartJSON {
        switch self {
        case .all(let parts): .object(["all": .list(parts.map(\.json))])
        case .any(let parts): .object(["any": .list(parts.map(\.json))])
        case .test(let test): .object([test.comparison.rawValue: .object([test.field.rawValue: test.value.json])])
        }
    }
}

extension SmartRules.Value {
    var json: SmartJSON {
        switch self {
        case .text(let text), .playlist(let text): .text(text)
        case .number(let number): .number(number)
        case .numbers(let first, let last): .list([.number(first), .number(last)])
        case .day(let day): .text(CalendarDay.text(day))
        case .days(let first, let last): .list([.text(CalendarDay.text(first)), .text(CalendarDay.text(last))])
        case .span(let days): .number(Double(days))
        case .flag(let flag): .flag(flag)
        }
    }
}

/// Reads conditions and counts them.
private struct Reading {
    private static let form = #"must be one operator with one field, as {"gt": {"rating": 3}}"#
    private var count = 0

    mutating func group(_ json: SmartJSON, _ place: String, depth: Int) throws(SmartFault) -> [SmartRules.Expression] {
        guard depth <= SmartRules.deepest else {
            throw SmartFault(place: place, reason: "more than \(SmartRules.deepest) groups inside of each other")
        }
        guard case .list(let items) = json else { throw SmartFault(place: place, reason: "must be a list of conditions") }
        guard !items.isEmpty else { throw SmartFault(place: place, reason: "must have at least one condition") }
        var parts: [SmartRules.Expression] = []
        for (number, item) in items.enumerated() { parts.append(try condition(item, "\(place)[\(number)]", depth: depth)) }
        return parts
    }

    private mutating func condition(
        _ json: SmartJSON, _ place: String, depth: Int
    ) throws(SmartFault) -> SmartRules.Expression {
        guard case .object(let members) = json, members.count == 1, let (name, value) = members.first else {
            throw SmartFault(place: place, reason: Self.form)
        }
        switch name.lowercased() {
        case "all": return .all(try group(value, "\(place).all", depth: depth + 1))
        case "any": return .any(try group(value, "\(place).any", depth: depth + 1))
        default: break
        }
        count += 1
        guard count <= SmartRules.mostConditions else {
            throw SmartFault(place: place, reason: "more than \(SmartRules.mostConditions) conditions")
        }
        guard let found = operators[name.lowercased()] else {
            throw SmartFault(place: place, reason: "no operator called \(shown(name))")
        }
        guard case .object(let fields) = value, fields.count == 1, let (fieldName, operand) = fields.first else {
            throw SmartFault(place: place, reason: Self.form)
        }
        guard let field = SmartField(rawValue: fieldName.lowercased()) else {
            throw SmartFault(place: place, reason: "no field called \(shown(fieldName))")
        }
        let comparison = Self.comparison(found, of: field.kind)
        guard SmartOperator.all(for: field.kind).contains(comparison) else {
            let names = SmartOperator.all(for: field.kind).map(\.rawValue).joined(separator: ", ")
            throw SmartFault(place: place, reason: "\(field.rawValue) has no operator \(found.rawValue): use one of \(names)")
        }
        do {
            return .test(
                SmartRules.Test(field: field, comparison: comparison, value: try Self.value(operand, field, comparison)))
        } catch {
            throw SmartFault(place: place, reason: "\(field.rawValue) \(error.text)")
        }
    }

    /// Dates have other words for greater and less.
    private static func comparison(_ found: SmartOperator, of kind: SmartField.Kind) -> SmartOperator {
        switch (found, kind) {
        case (.gt, .date): .after
        case (.lt, .date): .before
        default: found
        }
    }

    private struct Wrong: Error {
        var text: String
    }

    private static func value(
        _ json: SmartJSON, _ field: SmartField, _ comparison: SmartOperator
    ) throws(Wrong) -> SmartRules.Value {
        switch (field.kind, comparison) {
        case (.text, _): return .text(try text(json, mayBeEmpty: [.is, .isNot].contains(comparison)))
        case (.number, .inTheRange):
            let (first, last) = try two(json, "two numbers, as [1980, 1989]")
            let range = (try number(first, field), try number(last, field))
            guard range.0 <= range.1 else { throw Wrong(text: "must have the lesser number first") }
            return .numbers(range.0, range.1)
        case (.number, _): return .number(try number(json, field))
        case (.date, .inTheLast), (.date, .notInTheLast):
            guard case .number(let number) = json, let days = Int(exactly: number), 0...36_500 ~= days else {
                throw Wrong(text: "must be a number of days, up to 36500")
            }
            return .span(days)
        case (.date, .inTheRange):
            let (first, last) = try two(json, #"two days, as ["2026-01-01", "2026-12-31"]"#)
            let range = (try day(first), try day(last))
            guard range.0 <= range.1 else { throw Wrong(text: "must have the earlier day first") }
            return .days(range.0, range.1)
        case (.date, _): return .day(try day(json))
        case (.bool, _):
            guard case .flag(let flag) = json else { throw Wrong(text: "must be true or false") }
            return .flag(flag)
        case (.playlist, _):
            guard case .text(let id) = json, 1...100 ~= id.utf8.count, !id.hasControlCharacters else {
                throw Wrong(text: "must be the id of a playlist")
            }
            return .playlist(id)
        }
    }

    private static func text(_ json: SmartJSON, mayBeEmpty: Bool) throws(Wrong) -> String {
        guard case .text(let text) = json else { throw Wrong(text: "must be a text") }
        guard text.utf8.count <= SmartRules.longestText, !text.hasControlCharacters else {
            throw Wrong(text: "must have at most \(SmartRules.longestText) bytes, and no control characters")
        }
        guard mayBeEmpty && text.isEmpty || !FoldedText.plain(text).isEmpty else { throw Wrong(text: "must not be empty") }
        return text
    }

    private static func number(_ json: SmartJSON, _ field: SmartField) throws(Wrong) -> Double {
        guard case .number(let number) = json, abs(number) <= largest(field) else {
            throw Wrong(text: "must be a number up to \(Int(largest(field)))")
        }
        return number
    }

    /// Microseconds of a duration have to fit into an integer, and bytes are exact up to here.
    private static func largest(_ field: SmartField) -> Double { field == .size ? 1e15 : 1e9 }

    private static func day(_ json: SmartJSON) throws(Wrong) -> Int {
        guard case .text(let text) = json, let day = CalendarDay.number(text) else {
            throw Wrong(text: "must be a day, as 2026-11-30")
        }
        return day
    }

    private static func two(_ json: SmartJSON, _ form: String) throws(Wrong) -> (SmartJSON, SmartJSON) {
        guard case .list(let items) = json, items.count == 2 else { throw Wrong(text: "must be \(form)") }
        return (items[0], items[1])
    }
}

private let operators = Dictionary(uniqueKeysWithValues: SmartOperator.allCases.map { ($0.rawValue.lowercased(), $0) })

/// A client's word in an error: one short line.
private func shown(_ name: some StringProtocol) -> String {
    let line = M3U.line(String(name.prefix(40)))
    return line.isEmpty ? "\"\"" : line
}
