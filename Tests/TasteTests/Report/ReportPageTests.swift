import Foundation
import TestSupport
import Testing

@testable import Taste

struct ReportPageTests {
    private static let hostile = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' onload='x", "&lt;b&gt;", "]]>", "<!--",
        "=cmd|' /C calc'!A0", "+1", "-1", "@x", "a,b", "two\"quotes"
    ]

    @Test func `no name is markup, a formula or another field`() throws {
        var world = try ReportedWorld()
        for name in Self.hostile { world.add(20, world.plays(name, name, genre: name, title: name, recording: 1)) }
        let report = world.report(.k)
        #expect(Set(report.artists.map(\.name)) == Set(Self.hostile) && report.recordings.count == Self.hostile.count)
        let page = report.html
        for part in ["<script", "<img", "<!--", "='x", "&lt;b&gt;</bdi>"] { #expect(!page.contains(part), "\(part)") }
        #expect(page.contains("&amp;lt;b&amp;gt;") && page.contains("&lt;script&gt;"))
        // The tags of the page are those that the page has without names, for each row.
        let tags = page.matches(of: /<([a-z0-9]+)/).map { String($0.1) }
        let known: Set = [
            "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "table", "thead", "tbody", "tr",
            "th", "td", "bdi", "small", "svg", "rect"
        ]
        #expect(Set(tags).isSubset(of: known) && tags.count { $0 == "svg" } == 4 * Self.hostile.count)
        let lines = report.csv.components(separatedBy: "\r\n")
        #expect(lines.count == 4 * Self.hostile.count + 3 && lines[1] == "kind,name,by,listeners,plays,before")
        for start in ["\"'=", "\"'+", "\"'-", "\"'@"] { #expect(lines.contains { $0.hasPrefix("artist,\(start)") }, "\(start)") }
        #expect(lines.contains("artist,\"two\"\"quotes\",\"\",20,40,") && lines.contains("genre,\"a,b\",\"\",20,40,"))
    }

    @Test(arguments: ["", "a\nb", "a\u{0}", "a\u{202E}b", "a\u{2066}", "a\u{2028}", String(repeating: "x", count: 201)])
    func `names that cannot be shown are not reported`(name: String) throws {
        #expect(ReportKey(.artist, name) == nil)
        if !name.isEmpty { #expect(ReportKey(.release, "x", by: name) == nil) }
        #expect(ReportKey(.artist, "نیم‌فاصله") != nil && ReportKey(.artist, "👩‍🚀") != nil)
    }

    @Test func `texts that Unicode holds equal are different names`() throws {
        let keys = [ReportKey(.artist, "\u{E9}"), ReportKey(.artist, "e\u{301}")]
        #expect(keys[0] != keys[1] && Set(keys).count == 2)
        var world = try ReportedWorld()
        world.add(9, world.plays("\u{E9}"))
        world.add(9, world.plays("e\u{301}"))
        #expect(world.report(.k).isEmpty)
    }

    @Test func `changes are between published rows, and between reports of one mode`() throws {
        var world = try ReportedWorld()
        world.add(12, world.plays("Stays"))
        let former = world.report(.k)
        world.add(8, world.plays("Stays"))
        world.add(10, world.plays("Comes"))
        let latter = world.report(.k, after: former)
        #expect(latter.artists.map(\.before) == [nil, 10])
        // Without a report of the month before, nothing is new.
        #expect(!former.html.contains("<td>new</td>") && !former.html.contains("Change"))
        #expect(latter.html.contains("<td>new</td>") && latter.html.contains("<td>+10</td>"))
        #expect(latter.csv.contains("artist,\"Stays\",\"\",20,40,10\r\n"))
        #expect(world.report(.dp, after: former).artists.allSatisfy { $0.before == nil })
    }

    @Test func `an account counts in four artists, two releases, two genres and two recordings, of what it played most`() throws {
        var world = try ReportedWorld()
        let plays = (0..<40).map { number in
            let name = "\(number)"
            return world.plays(name, name, genre: name, title: name, recording: Int64(number), count: 99 - number)
        }
        for _ in 0..<50 { world.add(plays) }
        let cells = world.tally().cells
        for (kind, chosen, heaviest) in [(ReportKind.artist, 4, 12), (.release, 2, 6), (.genre, 2, 6), (.recording, 2, 6)] {
            let own = cells.filter { $0.key.kind == kind }
            #expect(own.values.reduce(0) { $0 + $1.listeners } == 50 * chosen)
            // All of the heaviest come, and no other.
            #expect(Set(own.keys.compactMap { Int($0.name) }) == Set(0..<heaviest))
        }
    }

    @Test func `months begin and end as calendars say`() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = .gmt
        for year in [1970, 1972, 1999, 2000, 2024, 2026, 2100, 2400, 9999] {
            for number in 1...12 {
                let month = try #require(ReportMonth(year: year, month: number))
                let start = try #require(calendar.date(from: DateComponents(year: year, month: number)))
                let end = try #require(calendar.date(byAdding: .month, value: 1, to: start))
                #expect(month.times == Int(start.timeIntervalSince1970 * 1000)..<Int(end.timeIntervalSince1970 * 1000))
                #expect(ReportMonth(month.text) == month)
                for time in [month.times.lowerBound, month.times.upperBound - 1] {
                    #expect(ReportMonth(containing: time) == month)
                }
                #expect(month.previous.map { $0.times.upperBound } ?? 0 == month.times.lowerBound)
            }
        }
        for text in ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-10-01", "+026-01", "1969-12", "2026-1٠"] {
            #expect(ReportMonth(text) == nil, "\(text)")
        }
        #expect(ReportMonth(containing: -1) == nil && ReportMonth(containing: .max)?.text == "9999-12")
    }
}
