import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

private let path = "/api/v1/playlists"

@Suite("Smart playlists over HTTP", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct SmartPlaylistTests {
    private let subsonic: SubsonicServer
    private var server: RunningServer { subsonic.server }
    private let songs: [String]

    init() async throws {
        subsonic = try SubsonicServer()
        try await subsonic.server.empty()
        var songs: [String] = []
        for (number, title) in ["Eins", "Zwei", "Drei", "Vier"].enumerated() {
            songs.append(
                try await subsonic.song(
                    40_700 + UInt64(number),
                    ["title": title, "artist": "Ärtist", "album": "A", "year": 1990 + number, "track": 1 + number]))
        }
        self.songs = songs
    }

    private func send(_ method: HTTPMethod, _ path: String, _ text: String) async throws -> Reply {
        try await server.send(method, path, body: Array(text.utf8))
    }

    private func titles(_ place: String, _ query: String = "") async throws -> [String?] {
        (try await server.get("\(place)/tracks\(query)").json["items"]?.list ?? []).map { $0["title"]?.text }
    }

    @Test("Rules make a playlist whose tracks, count and length are those of now, and are shown, changed and frozen")
    func life() async throws {
        let made = try await send(
            .POST, path, #"{"name": "S", "rules": {"any": [{"gt": {"year": 1991}}, {"is": {"loved": true}}], "sort": "-year"}}"#)
        let place = try #require(made["Location"])
        #expect(try made.status == 201 && made.json["tracks"] == .number(2))
        #expect(try await titles(place) == ["Vier", "Drei"])
        #expect(try await server.send(.PUT, "/api/v1/tracks/\(songs[0])/favourite").status == 204)
        #expect(try await titles(place, "?at=1") == ["Drei", "Eins"])
        let document = try await server.get(place).json
        #expect(document["tracks"] == .number(3) && document["duration"] == .number(0.9))
        #expect(document["rules"]?["sort"]?.text == "-year" && document["rules"]?.keys == ["any", "sort"])
        #expect(try await server.get(path).json["items"]?.list?.first?["rules"] == document["rules"])
        let first = try await server.get("\(place)/tracks?limit=2").json
        let next = try #require(first["next"]?.text)
        #expect(try await titles(place, "?limit=2&after=\(next)") == ["Eins"])

        #expect(try await send(.PATCH, place, #"{"tracks": ["\#(songs[0])"]}"#).status == 409)
        #expect(try await send(.PATCH, place, #"{"name": "T"}"#).json["tracks"] == .number(3))
        let changed = try await send(.PATCH, place, #"{"rules": {"all": [{"contains": {"title": "EI"}}], "limit": 2}}"#)
        #expect(try changed.status == 200 && changed.json["name"]?.text == "T")
        #expect(try await titles(place) == ["Drei", "Eins"])
        let frozen = try await server.send(.POST, place + "/frozen")
        let copy = try #require(frozen["Location"])
        #expect(try frozen.status == 201 && frozen.json["rules"] == .null)
        #expect(try await titles(copy) == ["Drei", "Eins"])
        #expect(try await send(.PATCH, copy, #"{"rules": {"all": [{"is": {"loved": true}}]}}"#).status == 409)
        #expect(try await server.send(.POST, copy + "/frozen").status == 409)
        #expect(try await server.send(.POST, "\(path)/\(String(repeating: "x", count: 22))/frozen").status == 404)
        #expect(try await server.send(.DELETE, place).status == 204)
    }

    @Test("A file of Navidrome is taken as it is")
    func file() async throws {
        let text = #"""
            {"name": "File", "comment": "c", "all": [{"is": {"albumArtist": "artist"}}, {"inTheRange": {"year": [1990, 1991]}}],
            "sort": "year", "order": "desc", "limit": 25}
            """#
        let made = try await send(.POST, path, text)
        #expect(made.status == 201)
        #expect(try await titles(try #require(made["Location"])) == ["Zwei", "Eins"])
    }

    @Test("Fields are told with their operators, and each is taken")
    func fields() async throws {
        let fields = try #require(try await server.get(path + "/fields").json["fields"]?.list)
        #expect(fields.count == SmartField.allCases.count)
        let values = [
            "text": #""a""#, "number": "5", "date": #""2026-11-30""#, "bool": "true",
            "playlist": #""\#(String(repeating: "x", count: 22))""#
        ]
        for field in fields {
            let (name, kind) = (try #require(field["name"]?.text), try #require(field["kind"]?.text))
            for comparison in try #require(field["operators"]?.list).compactMap(\.text) {
                var value = try #require(values[kind])
                if comparison.hasSuffix("TheLast") { value = "5" }
                if comparison == "inTheRange" { value = "[\(value), \(value)]" }
                let made = try await send(.POST, path, #"{"name": "f", "all": [{"\#(comparison)": {"\#(name)": \#(value)}}]}"#)
                #expect(made.status == (kind == "playlist" ? 400 : 201), "\(name) \(comparison): \(made.text)")
                if let place = made["Location"] { #expect(try await server.send(.DELETE, place).status == 204) }
            }
        }
    }

    @Test("Hostile rules are refused with the place, and change nothing")
    func hostile() async throws {
        let one = #"{"is": {"loved": true}}"#
        func rules(_ text: String) -> String { #"{"name": "h", "rules": \#(text)}"# }
        let wide = Array(repeating: one, count: 51).joined(separator: ",")
        let deep = String(repeating: #"{"all": ["#, count: 5) + one + String(repeating: "]}", count: 5)
        let told = [
            (rules(#"{"all": [\#(one), \#(one), {"is": {"xyz": 1}}]}"#), "all[2]: no field called xyz"),
            (rules(#"{"all": [\#(wide)]}"#), "all[50]: more than 50 conditions"),
            (rules(deep), "all[0].all[0].all[0].all[0].all: more than 4 groups"),
            (rules(#"{"all": [{"is": {"year": 1e999}}]}"#), "all[0]: year must be a number"),
            (rules(#"{"all": [{"is": {"title": "a\u0000"}}]}"#), "all[0]: title must have"),
            (rules(#"{"all": [{"is": {"id' OR 1=1 --": "a"}}]}"#), "all[0]: no field called id' OR 1=1 --"),
            (rules(#"{"all": [\#(one)], "sort": "title; DROP TABLE track"}"#), "sort: no field called"),
            (rules(#"{"all": [{"inPlaylist": {"id": "\#(String(repeating: "x", count: 22))"}}]}"#), "all[0]: no playlist"),
            (rules("[]"), "rules: "), (rules("5"), "rules: "), (#"{"name": "h", "all": 5}"#, "all: ")
        ]
        for (body, detail) in told {
            let reply = try await send(.POST, path, body)
            #expect(try reply.status == 400 && (reply.json["detail"]?.text ?? "").hasPrefix(detail), "\(reply.text)")
        }
        let long = rules(#"{"all": [\#(Array(repeating: one, count: 4_000).joined(separator: ","))]}"#)
        let bottomless = rules(String(repeating: "[", count: 30_000) + String(repeating: "]", count: 30_000))
        let both = #"{"name": "h", "tracks": [], "rules": {"all": [\#(one)]}}"#
        for body in [long, bottomless, both, rules(#"{"all": [{"is": "#)] {
            #expect(try await send(.POST, path, body).status == 400, "\(body.prefix(80))")
        }
        #expect(try await server.get(path).json["items"]?.list?.isEmpty == true)
        // SQL in a value is a value.
        let quoted = try await send(
            .POST, path,
            rules(#"{"any": [{"is": {"title": "' OR 1=1 --"}}, {"contains": {"album": "%"}}, {"startsWith": {"genre": "_"}}]}"#))
        #expect(try quoted.status == 201 && quoted.json["tracks"] == .number(0))
        #expect(try await server.get("/api/v1/tracks").json["items"]?.list?.count == 4)
    }

    @Test("Subsonic's clients see a playlist that is read only: its songs are refused, its name is taken, and it is deleted")
    func readOnly() async throws {
        let made = try await send(
            .POST, path, #"{"name": "S", "rules": {"all": [{"gt": {"year": 1991}}], "sort": "random"}}"#)
        let id = try #require(try made.json["id"]?.text)
        let shown = try #require(try await subsonic.get("getPlaylists")["playlists"]?["playlist"]?.list?.first)
        #expect(shown["readonly"] == .bool(true) && shown["songCount"]?.integer == 2 && shown["validUntil"] == nil)
        #expect(shown["coverArt"]?.text == id)
        let whole = try #require(try await subsonic.get("getPlaylist", ["id": id])["playlist"])
        #expect(Set(whole["entry"]?.list?.compactMap { $0["title"]?.text } ?? []) == ["Drei", "Vier"])
        #expect(try await subsonic.get("getPlaylist", ["id": id])["playlist"]?["entry"] == whole["entry"])
        #expect(try await subsonic.code("updatePlaylist", ["playlistId": id, "songIdToAdd": songs[0]]) == 50)
        #expect(try await subsonic.code("updatePlaylist", ["playlistId": id, "songIndexToRemove": "0"]) == 50)
        #expect(try await subsonic.code("createPlaylist", ["playlistId": id, "songId": songs[0]]) == 50)
        _ = try await subsonic.get("updatePlaylist", ["playlistId": id, "name": "Neu", "comment": "c"])
        #expect(try await subsonic.get("getPlaylist", ["id": id])["playlist"]?["name"]?.text == "Neu")
        _ = try await subsonic.get("createShare", ["id": id])
        _ = try await subsonic.get("deletePlaylist", ["id": id])
        #expect(try await subsonic.code("getPlaylist", ["id": id]) == 70)
    }

    @Test("A radio starts from a smart playlist, a share follows it, and the export has its rules")
    func elsewhere() async throws {
        let made = try await send(.POST, path, #"{"name": "S/1", "rules": {"all": [{"gt": {"year": 1991}}]}}"#)
        let id = try #require(try made.json["id"]?.text)
        #expect(try await server.get("/api/v1/radio?seed=playlist:\(id)").status == 200)
        let share = try await send(.POST, "/api/v1/shares", #"{"playlist": "\#(id)"}"#)
        #expect(try share.status == 201 && share.json["tracks"] == .number(2))
        let url = try #require(try share.json["url"]?.text)
        let token = String(try #require(url.split(separator: "/").last))
        let items = try #require(try await server.get("/api/v1/shared/\(token)").json["items"]?.list)
        #expect(items.map { $0["title"]?.text } == ["Drei", "Vier"])
        let (track, ticket) = (try #require(items[0]["id"]?.text), try #require(items[0]["ticket"]?.text))
        #expect(try await server.get("/stream/\(track)/mp3-64.mp3?ticket=\(ticket.queryEncoded)").status == 200)
        let archive = try await server.get("/api/v1/me/export").body
        let wanted = #""name":"S/1""#
        let text = String(decoding: archive, as: UTF8.self)
        #expect(text.contains("playlists/S_1.nsp") && text.contains(wanted) && !text.contains("playlists/S_1.m3u8"))
    }

    @Test("The types of files that rules know are those of the originals")
    func types() {
        let containers = [
            "flac", "mp3", "wav", "aiff", "mp4", "adts", "ogg", "wavpack", "ape", "tta", "musepack", "asf", "matroska", "caf"
        ]
        for container in containers {
            for codec in ["opus", "speex", "vorbis", "flac", "aac"] {
                #expect(
                    OriginalExtension.of(container: container, codec: codec)
                        == OriginalType(container: container, codec: codec).fileExtensions[0])
            }
        }
    }
}
