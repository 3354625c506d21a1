import Audio
import Foundation
import Hummingbird
import Locker
import Streaming

/// `/api/v1/years` and `/api/v1/days`: what the account heard in any year, and on this day in the years before.
///
/// Both are read from the history, so a year is whole, and says something else once the history does.
struct YearRoutes: Sendable {
    private static let most = 20
    /// Minutes that the clocks of any place are from UTC.
    private static let offsets = -14 * 60...14 * 60

    let catalogue: Catalogue
    let engine: StreamEngine

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Years
        routes.resource("/api/v1/years", [.read(.library, Document.list, years)])
        routes.resource("/api/v1/years/:year", [.read(.library, Document.one, year)])
        routes.resource("/api/v1/days", [.read(.library, Document.days, days)])
    }

    @Sendable private func years(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let span = try Self.calendar(of: request)
        guard let known = try await catalogue.playSpan(account: context.account) else {
            return try Response(json: ListDocument<YearDocument>(items: []), for: request)
        }
        let years = (span.year(of: known.lowerBound)...span.year(of: known.upperBound)).reversed().map { year in
            (year: year, span: span.year(year))
        }
        let counts = try await catalogue.playCounts(account: context.account, in: years.map(\.span))
        let items = zip(years, counts).filter { $1 > 0 && CalendarSpan.years.contains($0.year) }
            .map { YearDocument(year: $0.year, plays: $1) }
        return try Response(json: ListDocument(items: items), for: request)
    }

    @Sendable private func year(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let calendar = try Self.calendar(of: request)
        let text = try context.parameters.require("year")
        guard let year = Int(digits: text), CalendarSpan.years.contains(year) else { throw Problem.notFound() }
        let most = try await catalogue.mostPlayed(account: context.account, in: calendar.year(year), limit: Self.most)
        let months = try await catalogue.playCounts(account: context.account, in: calendar.months(of: year))
        let form = try await engine.form(for: request, context)
        return try Response(MusicOfYear(year: year, most: most, months: months, form: form), for: request)
    }

    @Sendable private func days(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let calendar = try Self.calendar(of: request)
        let now = catalogue.time
        let today = String(calendar.day(of: now).suffix(5))
        let text = request.uri.queryParameters["day"].map(String.init) ?? today
        let parts = text.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2, let month = Int(digits: String(Substring(parts[0]))),
            let day = Int(digits: String(Substring(parts[1]))), calendar.day(day, ofMonth: month, in: 2000) != nil
        else { throw Problem.badRequest("day must be a month and a day such as 11-30") }
        let form = try await engine.form(for: request, context)
        var items: [DayDocument.Year] = []
        if let known = try await catalogue.playSpan(account: context.account) {
            let last = min(calendar.year(of: known.upperBound), calendar.year(of: now) - 1)
            let first = max(calendar.year(of: known.lowerBound), last - 100, CalendarSpan.years.lowerBound)
            let years = stride(from: last, through: first, by: -1).compactMap { year in
                calendar.day(day, ofMonth: month, in: year).map { (year: year, span: $0) }
            }
            let counts = try await catalogue.playCounts(account: context.account, in: years.map(\.span))
            for ((year, span), plays) in zip(years, counts) where plays > 0 {
                let tracks = try await catalogue.tracksPlayed(account: context.account, in: span, limit: Self.most)
                items.append(DayDocument.Year(year: year, plays: plays, tracks: tracks.map { TrackDocument($0.item, form) }))
            }
        }
        return try Response(DayDocument(day: text, items: items), for: request)
    }

    /// `?offset=`: how many minutes the listener's clock is ahead of UTC.
    ///
    /// - Throws: 400 if it is not such a number.
    private static func calendar(of request: Request) throws(Problem) -> CalendarSpan {
        guard let text = request.uri.queryParameters["offset"] else { return CalendarSpan(minutesAhead: 0) }
        let digits = text.hasPrefix("-") ? text.dropFirst() : text
        guard let size = Int(digits: digits), offsets.contains(size) else {
            throw .badRequest("offset must be between \(offsets.lowerBound) and \(offsets.upperBound) minutes")
        }
        return CalendarSpan(minutesAhead: text.hasPrefix("-") ? -size : size)
    }
}

private struct YearDocument: Encodable {
    var year: Int
    var plays: Int
}

/// The music of one year.
private struct MusicOfYear: JSONWritable {
    var year: Int
    var most: MostPlayed
    var months: [Int]
    var form: TrackDocument.Form

    func write(to text: inout JSONText) throws {
        try text.object { text in
            text.key("albums")
            try text.array { text in
                for entry in most.albums {
                    try text.value(
                        encoding: AlbumOfYear(
                            plays: entry.plays, id: entry.item.id, name: entry.item.name, artist: entry.item.artist,
                            art: entry.item.cover?.artURL))
                }
            }
            text.key("artists")
            try text.array { text in
                for entry in most.artists {
                    try text.value(encoding: ArtistOfYear(plays: entry.plays, id: entry.item.id, name: entry.item.name))
                }
            }
            text.key("months")
            text.array { text in for plays in months { text.value(plays) } }
            text.key("plays")
            text.value(most.plays)
            text.key("seconds")
            text.value(Double(most.heard / 1000))
            text.key("tracks")
            text.array { text in
                for entry in most.tracks {
                    text.object { text in
                        text.key("plays")
                        text.value(entry.plays)
                        text.key("track")
                        TrackDocument(entry.item, form).write(to: &text)
                    }
                }
            }
            text.key("year")
            text.value(year)
        }
    }
}

private struct AlbumOfYear: Encodable {
    var plays: Int
    var id: String
    var name: String
    var artist: String
    @Nullable var art: String?
}

private struct ArtistOfYear: Encodable {
    var plays: Int
    var id: String
    var name: String
}

/// What was heard on a day of the years before, the latest year first.
private struct DayDocument: JSONWritable {
    struct Year {
        var year: Int
        var plays: Int
        var tracks: [TrackDocument]
    }

    /// A month and a day.
    var day: String
    var items: [Year]

    func write(to text: inout JSONText) {
        text.object { text in
            text.key("day")
            text.value(day)
            text.key("items")
            text.array { text in
                for item in items {
                    text.object { text in
                        text.key("plays")
                        text.value(item.plays)
                        text.key("tracks")
                        text.array { text in for track in item.tracks { track.write(to: &text) } }
                        text.key("year")
                        text.value(item.year)
                    }
                }
            }
        }
    }
}
