import Audio
import Foundation
import Testing

@testable import Locker

extension Operations {
    func smartPlaylists(_ ada: Int64) async throws {
        func rules(_ conditions: String, _ more: String = "") throws -> SmartRules {
            try SmartRules(JSONDecoder().decode(SmartJSON.self, from: Data(#"{"any": [\#(conditions)]\#(more)}"#.utf8)))
        }
        let values: [SmartOperator: [SmartField.Kind: String]] = [
            .is: [.text: #""a""#, .number: "5", .date: #""2026-11-30""#, .bool: "true"],
            .gt: [.number: "5"], .lt: [.number: "5"], .contains: [.text: #""a""#], .startsWith: [.text: #""a""#],
            .endsWith: [.text: #""a""#], .inTheRange: [.number: "[1, 2]", .date: #"["2026-11-30", "2026-11-30"]"#],
            .before: [.date: #""2026-11-30""#], .after: [.date: #""2026-11-30""#], .inTheLast: [.date: "5"]
        ]
        var lists: [Playlist] = []
        for field in SmartField.allCases where field.kind != .playlist {
            let tests = SmartOperator.all(for: field.kind).compactMap { comparison in
                values[comparison.opposite ?? comparison]?[field.kind].map {
                    #"{"\#(comparison.rawValue)": {"\#(field.rawValue)": \#($0)}}"#
                }
            }
            #expect(tests.count == SmartOperator.all(for: field.kind).count)
            let made = try await catalogue.addPlaylist(
                named: "s", rules: rules(tests.joined(separator: ","), #", "sort": "\#(field.rawValue),random""#), account: ada,
                ofAtMost: 99)
            lists.append(made)
        }
        let known = try await catalogue.addPlaylist(
            named: "k", rules: rules(#"{"is": {"genre": ""}}, {"inPlaylist": {"id": "\#(lists[0].id)"}}"#), account: ada)
        #expect(
            try await catalogue.changePlaylist(
                id: known.id, name: "l", rules: rules(#"{"gt": {"playcount": -1}}"#), account: ada)?.tracks == 3)
        #expect(try await catalogue.tracks(ofPlaylist: known.id, account: ada, at: 1)?.total == 3)
        #expect(try await catalogue.songs(ofPlaylist: known.id, account: ada)?.count == 3)
        #expect(try await catalogue.freezePlaylist(id: known.id, account: ada)?.tracks == 3)
        for path in ["/m/a.nsp", "/m/b.nsp"] {
            _ = try await catalogue.setPlaylist(
                ofFile: Array(path.utf8), named: "l", comment: "", rules: rules(#"{"gt": {"size": 0}}"#), account: ada)
        }
        for list in try await catalogue.playlists(account: ada, limit: 500).items {
            #expect(try await catalogue.removePlaylist(id: list.id, account: ada))
        }
    }
}
