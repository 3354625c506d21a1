import Audio
import Foundation
import TestSupport
import Testing

@testable import Locker

func rules(_ text: String) throws -> SmartRules {
    try SmartRules(try JSONDecoder().decode(SmartJSON.self, from: Data(text.utf8)))
}

@Suite("The rules of smart playlists") struct SmartRuleTests {
    @Test(
        "Rules in Navidrome's form are read, whatever the case of their names, and written so that they read the same",
        arguments: [
            #"{"all": [{"is": {"loved": true}}]}"#,
            #"{"any": [{"inTheRange": {"year": [1981, 1990]}}, {"inTheRange": {"dateadded": ["2021-01-01", "2021-12-31"]}}]}"#,
            #"""
            {"name": "80's Top", "comment": "c", "all": [{"any": [{"is": {"loved": true}}, {"gt": {"rating": 3.5}}]},
            {"InTheLast": {"lastPlayed": 30}}, {"notInTheLast": {"lastplayed": 0}}, {"contains": {"albumArtist": "love"}},
            {"inplaylist": {"id": "0123456789012345678901"}}, {"isnot": {"Album": ""}}, {"before": {"dateloved": "2000-02-29"}}],
            "sort": "-rating, +title,random", "order": "DESC", "limit": 25}
            """#,
            #"{"all": [{"lt": {"dateadded": "2021-01-01"}}], "sort": "", "order": "asc", "limit": 0, "any": null}"#
        ])
    func form(_ text: String) throws {
        let read = try rules(text)
        #expect(try SmartRules(read.json) == read)
        #expect(try SmartRules(stored: read.stored) == read)
        #expect(!read.tests.isEmpty)
    }

    @Test(
        "What is wrong with rules is said with its place",
        arguments: [
            ("[]", "rules: "), ("{}", "rules: "), (#"{"all": [], "any": []}"#, "rules: "),
            (#"{"all": [{"is": {"loved": true}}], "offset": 3}"#, "rules: no member called offset"),
            (#"{"all": []}"#, "all: "), (#"{"all": {}}"#, "all: "), (#"{"any": 5}"#, "any: "),
            (#"{"all": [{"is": {"loved": true}}, {"is": {"loved": true}}, {"is": {"xyz": 1}}]}"#, "all[2]: no field called xyz"),
            (
                #"{"any": [{"all": [{"is": {"loved": true}}, {"like": {"title": "a"}}]}]}"#,
                "any[0].all[1]: no operator called like"
            ),
            (#"{"all": [{"is": {"loved": true, "title": "a"}}]}"#, "all[0]: "), (#"{"all": [{}]}"#, "all[0]: "),
            (#"{"all": [{"is": {"loved": true}, "isNot": {"title": "a"}}]}"#, "all[0]: "), (#"{"all": ["is"]}"#, "all[0]: "),
            (#"{"all": [{"contains": {"year": 1}}]}"#, "all[0]: year has no operator contains"),
            (#"{"all": [{"inPlaylist": {"title": "a"}}]}"#, "all[0]: title has no operator inPlaylist"),
            (#"{"all": [{"is": {"year": "1990"}}]}"#, "all[0]: year must be a number"),
            (#"{"all": [{"is": {"year": 1e400}}]}"#, "all[0]: year must be a number"),
            (#"{"all": [{"is": {"year": 99999999999999999999999999}}]}"#, "all[0]: year must be a number"),
            (#"{"all": [{"gt": {"duration": -1e300}}]}"#, "all[0]: duration must be a number"),
            (#"{"all": [{"inTheRange": {"year": [1990]}}]}"#, "all[0]: year must be two numbers"),
            (#"{"all": [{"inTheRange": {"year": [1990, 1980]}}]}"#, "all[0]: year must have the lesser"),
            (#"{"all": [{"is": {"title": 5}}]}"#, "all[0]: title must be a text"),
            (#"{"all": [{"is": {"title": "a\u0000b"}}]}"#, "all[0]: title must have"),
            (#"{"all": [{"is": {"title": "a\nb"}}]}"#, "all[0]: title must have"),
            (#"{"all": [{"contains": {"title": ""}}]}"#, "all[0]: title must not be empty"),
            (#"{"all": [{"contains": {"title": "\u0301"}}]}"#, "all[0]: title must not be empty"),
            (#"{"all": [{"is": {"loved": 1}}]}"#, "all[0]: loved must be true or false"),
            (#"{"all": [{"is": {"loved": null}}]}"#, "all[0]: loved must be true or false"),
            (#"{"all": [{"before": {"dateadded": "2026-02-30"}}]}"#, "all[0]: dateadded must be a day"),
            (#"{"all": [{"before": {"dateadded": "yesterday"}}]}"#, "all[0]: dateadded must be a day"),
            (#"{"all": [{"before": {"dateadded": "2026-1-1"}}]}"#, "all[0]: dateadded must be a day"),
            (#"{"all": [{"inTheLast": {"lastplayed": -1}}]}"#, "all[0]: lastplayed must be a number of days"),
            (#"{"all": [{"inTheLast": {"lastplayed": 1.5}}]}"#, "all[0]: lastplayed must be a number of days"),
            (#"{"all": [{"inTheLast": {"lastplayed": 1e12}}]}"#, "all[0]: lastplayed must be a number of days"),
            (#"{"all": [{"inPlaylist": {"id": 5}}]}"#, "all[0]: id must be the id of a playlist"),
            (#"{"all": [{"is": {"loved": true}}], "sort": "title,xyz"}"#, "sort: no field called xyz"),
            (#"{"all": [{"is": {"loved": true}}], "sort": "id"}"#, "sort: no field called id"),
            (#"{"all": [{"is": {"loved": true}}], "sort": "title,"}"#, "sort: no field called"),
            (#"{"all": [{"is": {"loved": true}}], "sort": "a,a,a,a,a,a,a,a,a"}"#, "sort: more than 8"),
            (#"{"all": [{"is": {"loved": true}}], "order": "up"}"#, "order: "),
            (#"{"all": [{"is": {"loved": true}}], "limit": 10001}"#, "limit: "),
            (#"{"all": [{"is": {"loved": true}}], "limit": -1}"#, "limit: "),
            (#"{"all": [{"is": {"loved": true}}], "limit": 1.5}"#, "limit: "),
            (#"{"all": [{"is": {"loved": true}}], "limit": "5"}"#, "limit: "),
            (
                #"{"all": [{"any": [{"all": [{"any": [{"all": [{"is": {"loved": true}}]}]}]}]}]}"#,
                "all[0].any[0].all[0].any[0].all: "
            ),
            (#"{"all": [{"is": {"x\u0000\ny": 1}}]}"#, "all[0]: no field called x  y")
        ])
    func places(_ text: String, _ wanted: String) throws {
        do {
            let found = try rules(text)
            Issue.record("\(text) was read as \(found)")
        } catch let fault as SmartFault {
            #expect("\(fault)".hasPrefix(wanted), "\(fault)")
        }
    }

    @Test("Rules are bounded in width and depth, and those at the bounds are read")
    func bounds() throws {
        let one = #"{"is": {"loved": true}}"#
        func group(_ parts: [String]) -> String { #"{"all": [\#(parts.joined(separator: ","))]}"# }
        #expect(try rules(group(Array(repeating: one, count: 50))).tests.count == 50)
        #expect(throws: SmartFault(place: "all[50]", reason: "more than 50 conditions")) {
            try rules(group(Array(repeating: one, count: 51)))
        }
        let half = group(Array(repeating: one, count: 26))
        #expect(throws: SmartFault(place: "all[1].all[24]", reason: "more than 50 conditions")) { try rules(group([half, half])) }
        #expect(try rules(group([group([group([group([one])])])])).tests.count == 1)
        var deep = one
        for _ in 0..<100 { deep = group([deep]) }
        #expect(throws: SmartFault.self) { try rules(deep) }
        let long = String(repeating: "ä", count: 251)
        #expect(throws: SmartFault.self) { try rules(#"{"all": [{"is": {"title": "\#(long)"}}]}"#) }
        let name = String(repeating: "x", count: 10_000)
        do { _ = try rules(#"{"all": [{"is": {"\#(name)": 1}}]}"#) } catch { #expect("\(error)".utf8.count < 200) }
    }

    @Test("Days are those of the calendar")
    func days() {
        #expect(CalendarDay.number("1970-01-01") == 0 && CalendarDay.text(0) == "1970-01-01")
        for text in ["0001-01-01", "1600-02-29", "1969-12-31", "2000-02-29", "2026-11-30", "9999-12-31"] {
            #expect(CalendarDay.number(text).map(CalendarDay.text) == text)
        }
        for text in ["2100-02-29", "2026-00-01", "2026-13-01", "2026-01-00", "0000-01-01", "2026-01-01T", "２026-01-01"] {
            #expect(CalendarDay.number(text) == nil, "\(text)")
        }
        #expect(CalendarDay.containing(-1) == -1 && CalendarDay.containing(86_400_000) == 1)
        let all = (-800_000..<2_000_000).filter { CalendarDay.number(CalendarDay.text($0)) != $0 && $0 > -719_163 }
        #expect(all.isEmpty)
    }

    @Test("Every field has operators of its kind, and no field or operator is without the other")
    func tables() {
        for field in SmartField.allCases {
            #expect(!SmartOperator.all(for: field.kind).isEmpty)
            #expect(field.rawValue == field.rawValue.lowercased())
        }
        let used = Set(SmartField.allCases.flatMap { SmartOperator.all(for: $0.kind) })
        #expect(used == Set(SmartOperator.allCases))
    }
}
