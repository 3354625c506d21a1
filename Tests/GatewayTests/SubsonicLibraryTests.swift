import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// What a client reads and changes of a library.
@Suite("A library by Subsonic", .tags(.codec, .http), .serialized, .server(), .timeLimit(.minutes(10)))
struct SubsonicLibraryTests {
    private let subsonic: SubsonicServer
    /// Two songs of one album, one of another, and one of none.
    private let songs: [String]

    init() async throws {
        subsonic = try SubsonicServer()
        try await subsonic.server.empty()
        var songs: [String] = []
        let all: [[String: Any]] = [
            ["title": "One & <1>", "artist": "Ärtist", "album": "First", "track": 1, "disc": 1, "year": 1999, "genres": ["Rock"]],
            [
                "title": "Two", "artist": "Ärtist", "album": "First", "track": 2, "disc": 1, "year": 1999,
                "genres": ["Rock", "Pop"]
            ],
            ["title": "Three", "artist": "Other", "album": "Second", "year": 2005],
            ["title": "Four", "artist": "Other", "album": ""]
        ]
        for (number, tags) in all.enumerated() {
            songs.append(try await subsonic.song(700 + UInt64(number), seconds: 2, tags))
        }
        self.songs = songs
    }

    private func list(_ name: String, _ parameters: KeyValuePairs<String, String>, _ path: String...) async throws -> [JSON] {
        var value: JSON? = try await subsonic.get(name, parameters)
        for member in path { value = value?[member] }
        return try #require(value?.list, "\(name)")
    }

    private func names(_ name: String, _ parameters: KeyValuePairs<String, String>, _ path: String...) async throws -> [String?] {
        var value: JSON? = try await subsonic.get(name, parameters)
        for member in path { value = value?[member] }
        return try #require(value?.list, "\(name)").map { ($0["name"] ?? $0["title"])?.text }
    }

    @Test("A song says all that is known of it, and fields that are not known are empty")
    func song() async throws {
        let song = try #require(try await subsonic.get("getSong", ["id": songs[1]])["song"])
        #expect(song["id"]?.text == songs[1] && song["title"]?.text == "Two" && song["isDir"] == .bool(false))
        #expect(song["album"]?.text == "First" && song["artist"]?.text == "Ärtist" && song["parent"] == song["albumId"])
        #expect(song["track"]?.integer == 2 && song["discNumber"]?.integer == 1 && song["year"]?.integer == 1999)
        #expect(song["suffix"]?.text == "wav" && song["contentType"]?.text == "audio/wav" && song["duration"]?.integer == 2)
        #expect(song["size"]?.integer == 44 + 2 * 44_100 * 4 && song["bitRate"]?.integer == 1411)
        #expect(song["path"]?.text == "Ärtist/First/1-02 Two.wav")
        #expect(song["samplingRate"]?.integer == 44_100 && song["bitDepth"]?.integer == 16 && song["channelCount"]?.integer == 2)
        #expect(song["genres"] == .list([.object(["name": .text("Rock")]), .object(["name": .text("Pop")])]))
        #expect(song["artists"]?.list?.first?["name"]?.text == "Ärtist" && song["displayArtist"]?.text == "Ärtist")
        #expect(song["replayGain"]?.keys == ["trackGain", "trackPeak", "albumGain", "albumPeak"])
        for member in ["isrc", "moods", "contributors", "works", "movements", "groupings"] { #expect(song[member] == .list([])) }
        for member in ["musicBrainzId", "comment", "sortName", "displayComposer", "explicitStatus"] {
            #expect(song[member] == .text(""))
        }
        #expect(song["userRating"] == nil && song["starred"] == nil && song["played"] == nil && song["playCount"]?.integer == 0)
        let created = try #require(song["created"]?.text)
        #expect(
            created.hasSuffix("Z")
                && (try? Date(created, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))) != nil)
        #expect(song.keys.allSatisfy { song[$0] != .null })
    }

    @Test("What only the file's tags know is shown: comment, tempo, code, moods, composers, and the titles of discs")
    func tags() async throws {
        let texts = [
            ("TIT2", "Five"), ("TALB", "Box"), ("TPE1", "A"), ("TPOS", "2"), ("TSST", "Night"), ("TBPM", "121"),
            ("TMOO", "Calm\0Happy"), ("TSRC", "GBAYE0601498"), ("TCOM", "Clara\0Fanny")
        ]
        var frames: [(String, [UInt8])] = texts.map { ($0, [3] + Array($1.utf8)) }
        frames.append(("COMM", Array("\u{3}eng\0by hand".utf8)))
        let file = Sound.wav(seconds: 1, seed: 705, id3: frames)
        let id = try #require(try await subsonic.server.upload(file, name: "five.wav")["id"]?.text)
        let song = try #require(try await subsonic.get("getSong", ["id": id])["song"])
        #expect(song["title"]?.text == "Five" && song["comment"]?.text == "by hand" && song["bpm"]?.integer == 121)
        #expect(song["isrc"] == .list([.text("GBAYE0601498")]) && song["moods"] == .list([.text("Calm"), .text("Happy")]))
        #expect(song["displayComposer"]?.text == "Clara, Fanny")
        let albumID = try #require(song["albumId"]?.text)
        let album = try await subsonic.get("getAlbum", ["id": albumID])["album"]
        #expect(album?["discTitles"] == .list([.object(["disc": .number(2), "title": .text("Night")])]))
    }

    @Test("The library is browsed by artists and by folders, and what has no album is found too")
    func browsing() async throws {
        let index = try await list("getArtists", [:], "artists", "index")
        #expect(index.map { $0["name"]?.text } == ["A", "O"])
        let artist = try #require(index.first?["artist"]?.list?.first)
        #expect(artist["name"]?.text == "Ärtist" && artist["albumCount"]?.integer == 1)
        let id = try #require(artist["id"]?.text)
        #expect(try await names("getArtist", ["id": id], "artist", "album") == ["First"])
        #expect(try await names("getMusicDirectory", ["id": id], "directory", "child") == ["First"])
        #expect(try await names("getMusicDirectory", ["id": "1"], "directory", "child") == ["Ärtist", "Other"])
        let album = try #require(try await list("getArtist", ["id": id], "artist", "album").first)
        #expect(album["songCount"]?.integer == 2 && album["duration"]?.integer == 4 && album["artist"]?.text == "Ärtist")
        let albumID = try #require(album["id"]?.text)
        for (name, member, children) in [("getAlbum", "album", "song"), ("getMusicDirectory", "directory", "child")] {
            #expect(try await names(name, ["id": albumID], member, children) == ["One & <1>", "Two"])
        }
        let loose = try #require(try await subsonic.get("getSong", ["id": songs[3]])["song"])
        #expect(loose["album"]?.text == "[Unknown Album]")
        let parent = try #require(loose["albumId"]?.text)
        #expect(try await names("getAlbum", ["id": parent], "album", "song") == ["Four"])
        let all = try await names("getAlbumList2", ["type": "alphabeticalByName", "size": "500"], "albumList2", "album")
        #expect(all == ["First", "Second", "[Unknown Album]"])
    }

    @Test("Artists are sent again only if something changed")
    func modified() async throws {
        let indexes = try #require(try await subsonic.get("getIndexes")["indexes"])
        let changed = try #require(indexes["lastModified"]?.integer)
        let same = try await subsonic.get("getIndexes", ["ifModifiedSince": "\(changed)"])["indexes"]
        #expect(same?["index"] == nil && same?["lastModified"]?.integer == changed)
        #expect(try await subsonic.get("getIndexes", ["ifModifiedSince": "\(changed - 1)"])["indexes"]?["index"] != nil)
        _ = try await subsonic.get("setRating", ["id": songs[0], "rating": "3"])
        let later = try await subsonic.get("getIndexes", ["ifModifiedSince": "\(changed)"])["indexes"]
        #expect(later?["index"] != nil && later?["lastModified"]?.integer ?? 0 > changed)
    }

    @Test("Albums are listed in every order, and a page behind the end is empty")
    func albums() async throws {
        func albums(_ parameters: KeyValuePairs<String, String>) async throws -> [String?] {
            try await names("getAlbumList2", parameters, "albumList2", "album")
        }
        _ = try await subsonic.get("scrobble", ["id": songs[2]])
        let second = try #require(try await subsonic.get("getSong", ["id": songs[2]])["song"]?["albumId"]?.text)
        _ = try await subsonic.get("star", ["albumId": second])
        _ = try await subsonic.get("setRating", ["id": second, "rating": "4"])
        for type in ["frequent", "recent", "starred", "highest"] {
            #expect(try await albums(["type": type]) == ["Second"], "\(type)")
        }
        #expect(try await albums(["type": "newest"]) == ["Second", "First", "[Unknown Album]"])
        #expect(try await albums(["type": "byYear", "fromYear": "1990", "toYear": "2010"]) == ["First", "Second"])
        #expect(try await albums(["type": "byYear", "fromYear": "2010", "toYear": "1990"]) == ["Second", "First"])
        #expect(try await albums(["type": "byGenre", "genre": "pop"]) == ["First"])
        #expect(try await Set(albums(["type": "random"])) == ["First", "Second", "[Unknown Album]"])
        #expect(try await albums(["type": "alphabeticalByName", "offset": "1", "size": "1"]) == ["Second"])
        #expect(try await albums(["type": "alphabeticalByName", "offset": "99"]).isEmpty)
        for (offset, count) in [("2", 1), ("3", 0), ("500", 0)] {
            #expect(try await albums(["type": "random", "size": "500", "offset": offset]).count == count, "\(offset)")
        }
        // What scripts write for nothing.
        for nothing in ["undefined", "null", "NaN"] {
            #expect(try await albums(["type": "newest", "size": nothing, "offset": nothing]).count == 3)
            #expect(try await subsonic.code("getAlbumList2", ["type": "byYear", "fromYear": nothing, "toYear": "2000"]) == 10)
        }
        for parameters in [
            [:], ["type": "x"], ["type": "byYear", "fromYear": "1"], ["type": "byGenre"], ["type": "newest", "size": "x"]
        ] as [KeyValuePairs<String, String>] {
            #expect(try await subsonic.code("getAlbumList2", parameters) == 10)
            #expect(try await subsonic.code("getAlbumList", parameters) == 10)
        }
        let directories = try await list("getAlbumList", ["type": "newest"], "albumList", "album")
        #expect(directories.allSatisfy { $0["isDir"] == .bool(true) && $0["title"]?.text?.isEmpty == false })
    }

    @Test(
        "A search for nothing finds everything, page by page, however nothing is written", arguments: ["", "\"\"", "''", "*", nil]
    )
    func everything(query: String?) async throws {
        func page(_ offset: Int, _ count: Int) async throws -> JSON {
            let asked = query.map { "&" + SubsonicServer.query(["query": $0]) } ?? ""
            let usual = SubsonicServer.usual + asked
            return try #require(
                try await subsonic.get(
                    "search3",
                    [
                        "songCount": "\(count)", "songOffset": "\(offset)", "albumCount": "\(count)", "albumOffset": "\(offset)",
                        "artistCount": "\(count)", "artistOffset": "\(offset)", "musicFolderId": "0"
                    ], usual: usual)["searchResult3"])
        }
        let whole = try await page(0, 10_000)
        #expect(whole["song"]?.list?.map { $0["id"]?.text } == songs)
        for (kind, count) in [("song", 4), ("album", 3), ("artist", 2)] {
            #expect(whole[kind]?.list?.count == count)
            for offset in 0...count + 1 {
                #expect(try await page(offset, 2)[kind]?.list == Array((whole[kind]?.list ?? []).dropFirst(offset).prefix(2)))
            }
            #expect(try await page(0, 0)[kind] == .list([]))
        }
    }

    @Test("A search finds songs by their artists and albums, with an offset for each kind")
    func search() async throws {
        let found = try await subsonic.get("search3", ["query": "artist", "songCount": "100"])["searchResult3"]
        #expect(found?["song"]?.list?.count == 2 && found?["artist"]?.list?.count == 1 && found?["album"]?.list?.count == 1)
        let piece = try await subsonic.get("search3", ["query": "artist", "songOffset": "1", "artistCount": "0"])["searchResult3"]
        #expect(piece?["song"]?.list == Array((found?["song"]?.list ?? []).dropFirst()) && piece?["artist"] == .list([]))
        #expect(
            try await subsonic.get("search2", ["query": "sec"])["searchResult2"]?["album"]?.list?.first?["isDir"] == .bool(true))
        #expect(try await subsonic.get("search", ["title": "two"])["searchResult"]?["totalHits"]?.integer == 1)
        let four = try #require(try await subsonic.get("getSong", ["id": songs[3]])["song"]?["created"]?.text)
        let date = try Date(four, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        let time = Int((date.timeIntervalSince1970 * 1000).rounded())
        for (parameters, hits, titles) in [
            (["any": "artist", "count": "1"], 2, 1), (["any": "artist", "offset": "1"], 2, 1), (["count": "3"], 4, 3),
            (["any": "artist", "newerThan": "\(time)"], 0, 0), (["newerThan": "\(time - 1)", "count": "9"], 1, 1)
        ] as [(KeyValuePairs<String, String>, Int, Int)] {
            let result = try await subsonic.get("search", parameters)["searchResult"]
            #expect(result?["totalHits"]?.integer == hits && result?["match"]?.list?.count == titles, "\(parameters)")
        }
    }

    @Test("Playlists are made, amended and replaced, in their order and with doubles")
    func playlists() async throws {
        func entries(_ id: String) async throws -> [String?] {
            try await list("getPlaylist", ["id": id], "playlist", "entry").map { $0["id"]?.text }
        }
        let made = try await subsonic.get(
            "createPlaylist", ["name": "P & <p>", "songId": songs[0], "songId": songs[1], "songId": songs[0]])["playlist"]
        let id = try #require(made?["id"]?.text)
        #expect(made?["songCount"]?.integer == 3 && made?["duration"]?.integer == 6 && made?["owner"]?.text == "tester")
        #expect(try await entries(id) == [songs[0], songs[1], songs[0]])
        let changes: KeyValuePairs = [
            "playlistId": id, "comment": "two\nlines", "public": "True", "songIndexToRemove": "0", "songIndexToRemove": "1",
            "songIdToAdd": songs[2]
        ]
        _ = try await subsonic.get("updatePlaylist", changes)
        _ = try await subsonic.get("updatePlaylist", ["playlistId": id, "name": "", "public": "x"])
        #expect(try await entries(id) == [songs[0], songs[2]])
        let lists = try await list("getPlaylists", [:], "playlists", "playlist")
        #expect(lists.count == 1 && lists[0]["comment"]?.text == "two\nlines" && lists[0]["name"]?.text == "P & <p>")
        #expect(lists[0]["entry"] == nil)
        _ = try await subsonic.get("createPlaylist", ["playlistId": id, "songId": songs[3]])
        #expect(try await entries(id) == [songs[3]])
        #expect(try await subsonic.code("createPlaylist", ["playlistId": id, "songId": songs[0], "songId": "x"]) == 70)
        #expect(try await entries(id) == [songs[3]])
        for name in ["", "%20"] {
            let usual = "\(SubsonicServer.usual)&name=\(name)&songId=\(songs[0])"
            #expect(try await subsonic.code("createPlaylist", usual: usual) == 10)
        }
        #expect(try await subsonic.code("createPlaylist", ["songId": songs[0]]) == 10)
        #expect(try await subsonic.code("getPlaylists", ["username": "other"]) == 50)
        _ = try await subsonic.get("deletePlaylist", ["id": id])
        #expect(try await subsonic.code("getPlaylist", ["id": id]) == 70)
    }

    /// Says the names in an archive whose sums are right.
    private static let listing = """
        import sys, zipfile
        archive = zipfile.ZipFile(sys.argv[1])
        assert archive.testzip() is None
        sys.stdout.buffer.write('\\n'.join(archive.namelist()).encode())
        """

    @Test(
        "An album, an artist and a playlist are downloaded as an archive of their originals, as long as it was said to be",
        .enabled(if: areInstalled("python3"), "python3 is not installed"))
    func archives() async throws {
        let song = try #require(try await subsonic.get("getSong", ["id": songs[0]])["song"])
        let (album, artist) = (song["albumId"]?.text ?? "", song["artistId"]?.text ?? "")
        let list = try await subsonic.get(
            "createPlaylist", ["name": "../p", "songId": songs[2], "songId": songs[1], "songId": songs[2]])["playlist"]
        let playlist = try #require(list?["id"]?.text)
        for (id, names) in [
            (album, ["01 One & _1_.wav", "02 Two.wav"]), (artist, ["01 One & _1_.wav", "02 Two.wav"]),
            (playlist, ["Three.wav", "02 Two.wav"])
        ] {
            let path = "/rest/download?\(SubsonicServer.usual)&id=\(id)"
            let reply = try await subsonic.server.get(path)
            #expect(reply.status == 200 && reply["Content-Type"] == "application/zip", "\(id)")
            #expect(reply["Content-Length"] == "\(reply.body.count)" && reply.body.count > 2 * 2 * 44_100 * 4)
            #expect(reply.body.suffix(22).starts(with: [0x50, 0x4B, 5, 6]), "it has its end")
            #expect(reply["Content-Disposition"]?.hasPrefix("attachment; ") == true)
            let folder = try TemporaryFolder()
            let file = try folder.write(reply.body, to: "archive.zip")
            let listed = try runBlocking("python3", ["-c", Self.listing, file])
            #expect(listed.status == 0, "\(listed.errors)")
            let paths = String(decoding: listed.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
            #expect(paths.count == names.count && paths.allSatisfy { $0.hasPrefix("music/") })
            for (path, name) in zip(paths, names) { #expect(path.hasSuffix("/\(name)")) }
            let head = try await subsonic.server.send(.HEAD, path)
            #expect(head.status == 200 && head["Content-Length"] == reply["Content-Length"] && head.body.isEmpty)
        }
        _ = try await subsonic.get("deletePlaylist", ["id": playlist])
        #expect(try await subsonic.code("download", ["id": playlist]) == 70)
    }

    @Test("A playlist of thousands of songs comes by one form, whole or not at all")
    func longPlaylist() async throws {
        let form = [("Content-Type", "application/x-www-form-urlencoded")]
        let ids = (0..<2000).map { songs[$0 % songs.count] }
        func send(_ ids: [String]) async throws -> JSON? {
            let body = "\(SubsonicServer.usual)&name=long" + ids.map { "&songId=\($0)" }.joined()
            return try await subsonic.server.send(.POST, "/rest/createPlaylist.view", form, body: Array(body.utf8)).json[
                "subsonic-response"]
        }
        let made = try await send(ids)?["playlist"]
        #expect(made?["entry"]?.list?.map { $0["id"]?.text } == ids)
        _ = try await subsonic.get("deletePlaylist", ["id": made?["id"]?.text ?? ""])
        #expect(try await send(ids + ["x"])?["error"]?["code"]?.integer == 70)
        #expect(try await list("getPlaylists", [:], "playlists", "playlist").isEmpty)
    }

    @Test("Marks of songs, albums and artists show wherever these are shown")
    func marks() async throws {
        // Albums keep their marks while they have no songs.
        for album in try await list("getStarred2", [:], "starred2", "album") {
            _ = try await subsonic.get("unstar", ["albumId": album["id"]?.text ?? ""])
        }
        let song = try #require(try await subsonic.get("getSong", ["id": songs[0]])["song"])
        let (album, artist) = (song["albumId"]?.text ?? "", song["artistId"]?.text ?? "")
        // A folder's id is an album's or an artist's.
        _ = try await subsonic.get("star", ["id": songs[0], "id": album, "artistId": artist])
        let starred = try #require(try await subsonic.get("getStarred2")["starred2"])
        for (kind, id) in [("song", songs[0]), ("album", album), ("artist", artist)] {
            #expect(starred[kind]?.list?.map { $0["id"]?.text } == [id])
            #expect(starred[kind]?.list?.first?["starred"]?.text?.hasSuffix("Z") == true)
        }
        _ = try await subsonic.get("unstar", ["albumId": album])
        #expect(try await subsonic.get("getStarred")["starred"]?["album"] == .list([]))
        _ = try await subsonic.get("setRating", ["id": songs[0], "rating": "5"])
        #expect(try await subsonic.get("getSong", ["id": songs[0]])["song"]?["userRating"]?.integer == 5)
        _ = try await subsonic.get("setRating", ["id": songs[0], "rating": "0"])
        #expect(try await subsonic.get("getSong", ["id": songs[0]])["song"]?["userRating"] == nil)
        #expect(try await subsonic.code("setRating", ["id": songs[0], "rating": "6"]) == 10)
        #expect(try await subsonic.code("star") == 10)
        #expect(try await subsonic.code("star", ["id": "x"]) == 70)
    }

    @Test("An artist's top songs are without those that are not to be suggested")
    func topSongs() async throws {
        let artist = try #require(try await subsonic.get("getSong", ["id": songs[0]])["song"]?["artistId"]?.text)
        func top() async throws -> Set<String?> { Set(try await names("getTopSongs", ["id": artist], "topSongs", "song")) }
        #expect(try await top() == ["One & <1>", "Two"])
        #expect(try await subsonic.server.send(.PUT, "/api/v1/hidden/\(songs[0])").status == 204)
        #expect(try await top() == ["Two"])
        #expect(try await subsonic.server.send(.DELETE, "/api/v1/hidden/\(songs[0])").status == 204)
    }

    @Test("A play counts once, when it is submitted; what is played now does not")
    func plays() async throws {
        func count(_ place: Int) async throws -> Int? {
            try await subsonic.get("getSong", ["id": songs[place]])["song"]?["playCount"]?.integer
        }
        _ = try await subsonic.get("scrobble", ["id": songs[0], "submission": "false"])
        #expect(try await count(0) == 0)
        let now = try await list("getNowPlaying", [:], "nowPlaying", "entry")
        #expect(now.map { $0["id"]?.text } == [songs[0]] && now[0]["playerName"]?.text == "tests")
        #expect(now[0]["username"]?.text == "tester" && now[0]["minutesAgo"]?.integer == 0 && now[0]["playerId"]?.integer == 1)
        _ = try await subsonic.get("scrobble", ["id": songs[0]])
        #expect(try await count(0) == 1)
        // The song again, by a player that says no time.
        _ = try await subsonic.get("scrobble", ["id": songs[0], "submission": "false"])
        _ = try await subsonic.get("scrobble", ["id": songs[0]])
        #expect(try await count(0) == 2)
        // Several at once, one with its time in seconds.
        _ = try await subsonic.get(
            "scrobble", ["id": songs[1], "id": songs[2], "time": "1600000000000", "time": "1600000100", "submission": "True"])
        let played = try await subsonic.get("getSong", ["id": songs[2]])["song"]?["played"]?.text
        #expect(played == "2020-09-13T12:28:20.000Z")
        // A time that is left empty is of its own song.
        _ = try await subsonic.get("scrobble", ["id": songs[0], "id": songs[3], "time": "", "time": "1600000100000"])
        #expect(try await subsonic.get("getSong", ["id": songs[3]])["song"]?["played"]?.text == played)
        #expect(try await count(1) == 1)
        // The same play again is the same.
        _ = try await subsonic.get("scrobble", ["id": songs[1], "time": "1600000000000"])
        #expect(try await count(1) == 1)
        #expect(try await subsonic.code("scrobble", ["id": "x"]) == 70)
        #expect(try await subsonic.code("scrobble") == 10)
    }

    @Test("What getArtist lists is what lists of artists count, and all albums together are the length of their list")
    func albumCounts() async throws {
        let artists = try await list("getArtists", [:], "artists", "index").flatMap { $0["artist"]?.list ?? [] }
        var sum = 0
        for artist in artists {
            let albums = try await list("getArtist", ["id": try #require(artist["id"]?.text)], "artist", "album")
            #expect(artist["albumCount"]?.integer == albums.count && !albums.isEmpty, "\(artist)")
            sum += albums.count
        }
        let all = try await list("getAlbumList2", ["type": "newest", "size": "500"], "albumList2", "album")
        #expect(all.count == 3 && sum == 3)
        for type in ["newest", "alphabeticalByName", "random"] {
            let reply = try await subsonic.server.get("/rest/getAlbumList2?\(SubsonicServer.usual)&type=\(type)&size=1")
            #expect(reply["X-Total-Count"] == (type == "random" ? nil : "3"), "\(type)")
        }
        #expect(try await list("getAlbumList2", ["type": "random", "size": "500"], "albumList2", "album").count == 3)
        let folders = try await list("getAlbumList", ["type": "newest", "size": "500"], "albumList", "album")
        #expect(folders.allSatisfy { $0["name"] == $0["title"] && $0["songCount"]?.integer ?? 0 > 0 })
    }

    @Test("A link opens songs, an album or a playlist, says its end, and is taken back")
    func shares() async throws {
        func share(_ parameters: KeyValuePairs<String, String>) async throws -> JSON {
            try #require(try await list("createShare", parameters, "shares", "share").first)
        }
        let album = try #require(try await subsonic.get("getSong", ["id": songs[0]])["song"]?["albumId"]?.text)
        #expect(try await list("getShares", [:], "shares", "share").isEmpty)
        let one = try await share(["id": songs[1], "id": songs[0], "description": "für dich", "expires": "4102444800000"])
        #expect(one["entry"]?.list?.map { $0["id"]?.text } == [songs[1], songs[0]])
        #expect(one["description"]?.text == "für dich" && one["expires"]?.text == "2100-01-01T00:00:00.000Z")
        #expect(one["username"]?.text == "tester" && one["visitCount"]?.integer == 0 && one["lastVisited"] == nil)
        let whole = try await share(["id": album])
        #expect(whole["entry"]?.list?.count == 2 && whole["expires"] == nil)
        let mixed = try await share(["id": album, "id": songs[2]])
        #expect(mixed["entry"]?.list?.count == 3)
        #expect(try await list("getShares", [:], "shares", "share").count == 3)
        let artist = try #require(try await subsonic.get("getSong", ["id": songs[0]])["song"]?["artistId"]?.text)
        let all = try await share(["id": artist])
        #expect(Set(all["entry"]?.list?.compactMap { $0["id"]?.text } ?? []) == Set(songs.prefix(2)))
        let url = try #require(one["url"]?.text)
        #expect(url.hasPrefix("http://"))
        let token = try #require(url.split(separator: "/").last)
        #expect(try await subsonic.server.get("/api/v1/shared/\(token)").json["items"]?.list?.count == 2)
        let id = try #require(one["id"]?.text)
        _ = try await subsonic.get("updateShare", ["id": id, "description": "x", "expires": "0"])
        let changed = try await list("getShares", [:], "shares", "share").first { $0["id"]?.text == id }
        #expect(changed?["description"]?.text == "x" && changed?["expires"] == nil && changed?["visitCount"]?.integer == 1)
        _ = try await subsonic.get("deleteShare", ["id": id])
        #expect(try await subsonic.code("deleteShare", ["id": id]) == 70)
        #expect(try await subsonic.server.get("/api/v1/shared/\(token)").status == 404)
        #expect(try await subsonic.code("createShare") == 10)
        #expect(try await subsonic.code("createShare", ["id": "x"]) == 70)
        #expect(try await subsonic.code("createShare", ["id": songs[0], "expires": "1000"]) == 10)
        #expect(try await subsonic.code("updateShare", ["id": "x"]) == 70)
    }

    @Test("A player that reports its positions has a play counted at half of the song, once")
    func reports() async throws {
        func report(_ position: Int, _ state: String, _ further: String = "false") async throws -> Int? {
            _ = try await subsonic.get(
                "reportPlayback",
                [
                    "mediaId": songs[0], "mediaType": "song", "positionMs": "\(position)", "state": state,
                    "ignoreScrobble": further
                ])
            return try await subsonic.get("getSong", ["id": songs[0]])["song"]?["playCount"]?.integer
        }
        #expect(try await report(0, "starting") == 0)
        #expect(try await report(900, "playing") == 0)
        #expect(try await report(1100, "playing", "true") == 0)
        #expect(try await report(1200, "paused") == 1)
        let now = try await list("getNowPlaying", [:], "nowPlaying", "entry")
        #expect(now[0]["state"]?.text == "paused" && now[0]["positionMs"]?.integer == 1200)
        // The next begins, and stands until it plays.
        _ = try await subsonic.get(
            "reportPlayback",
            [
                "mediaId": songs[1], "mediaType": "song", "positionMs": "0.0", "state": "starting", "playbackRate": ""
            ])
        let next = try await list("getNowPlaying", [:], "nowPlaying", "entry")
        #expect(next.count == 1 && next[0]["state"]?.text == "starting" && next[0]["positionMs"]?.integer == 0)
        #expect(try await report(1300, "playing") == 1)
        #expect(try await report(1900, "stopped") == 1)
        #expect(try await list("getNowPlaying", [:], "nowPlaying", "entry").isEmpty)
        let play = try await subsonic.server.get("/api/v1/history?limit=1").json["items"]?.list?.first
        #expect(play?["source"]?.text == "subsonic" && play?["stopped"] == .number(1.9))
        // The end of the same play by the other way.
        _ = try await subsonic.get("scrobble", ["id": songs[0]])
        let song = try await subsonic.get("getSong", ["id": songs[0]])["song"]
        #expect(song?["playCount"]?.integer ?? 9 <= 2)
        #expect(try await report(0, "starting") ?? 9 <= 2)
        for parameters in [
            ["mediaId": songs[0], "mediaType": "song", "positionMs": "0", "state": "x"],
            ["mediaId": songs[0], "mediaType": "cake", "positionMs": "0", "state": "playing"],
            ["mediaId": songs[0], "mediaType": "song", "state": "playing"],
            ["mediaType": "song", "positionMs": "0", "state": "playing"]
        ] as [KeyValuePairs<String, String>] {
            #expect(try await subsonic.code("reportPlayback", parameters) == 10)
        }
    }

    @Test("A play counts once, however its reports are mixed with those of another, and by whichever way it is told")
    func mixedPlays() async throws {
        func report(_ place: Int, _ position: Int, _ state: String) async throws {
            _ = try await subsonic.get(
                "reportPlayback",
                ["mediaId": songs[place], "mediaType": "song", "positionMs": "\(position)", "state": state])
        }
        func counts() async throws -> [Int?] {
            var counts: [Int?] = []
            for song in songs { counts.append(try await subsonic.get("getSong", ["id": song])["song"]?["playCount"]?.integer) }
            return counts
        }
        // Two devices of one name, and the beginning of the next before the end of the last.
        for position in [900, 1200, 1500] { for place in [0, 1] { try await report(place, position, "playing") } }
        try await report(2, 0, "starting")
        for place in [1, 0] { try await report(place, 1900, "stopped") }
        #expect(try await counts() == [1, 1, 0, 0])
        // Those are submitted too: without a time, and with one.
        let now = Int(Date.now.timeIntervalSince1970 * 1000)
        _ = try await subsonic.get("scrobble", ["id": songs[2], "submission": "false"])
        _ = try await subsonic.get("scrobble", ["id": songs[0]])
        _ = try await subsonic.get("scrobble", ["id": songs[1], "time": "\(now).0"])
        #expect(try await counts() == [1, 1, 0, 0])
        // Positions that follow are of the play that was submitted.
        _ = try await subsonic.get("scrobble", ["id": songs[3], "time": "\(now)"])
        try await report(3, 1900, "stopped")
        #expect(try await counts() == [1, 1, 0, 1])
        // Another time is another play.
        _ = try await subsonic.get("scrobble", ["id": songs[1], "time": "1600000000"])
        #expect(try await counts() == [1, 2, 0, 1])
    }

    @Test("The queue is kept by the id and by the place of the current song, with doubles")
    func queue() async throws {
        let empty = try await subsonic.get("getPlayQueue")["playQueue"]
        #expect(empty?["current"] == nil && empty?["username"]?.text == "tester")
        _ = try await subsonic.get(
            "savePlayQueue", ["id": songs[0], "id": songs[1], "current": songs[1], "position": "1234"])
        let queue = try await subsonic.get("getPlayQueue")["playQueue"]
        #expect(
            queue?["current"]?.text == songs[1] && queue?["position"]?.integer == 1234 && queue?["changedBy"]?.text == "tests")
        #expect(queue?["entry"]?.list?.map { $0["id"]?.text } == [songs[0], songs[1]])
        _ = try await subsonic.get(
            "savePlayQueueByIndex", ["id": songs[0], "id": songs[0], "currentIndex": "1", "position": "-250"])
        let second = try await subsonic.get("getPlayQueueByIndex")["playQueueByIndex"]
        #expect(second?["currentIndex"]?.integer == 1 && second?["entry"]?.list?.count == 2)
        #expect(second?["position"]?.integer == 0)
        for parameters in [
            ["id": songs[0]], ["id": songs[0], "currentIndex": "1"], ["id": songs[0], "currentIndex": "-1"], ["currentIndex": "0"]
        ] as [KeyValuePairs<String, String>] {
            #expect(try await subsonic.code("savePlayQueueByIndex", parameters) == 10, "\(parameters)")
        }
        #expect(try await subsonic.code("savePlayQueue", ["id": songs[0]]) == 10)
        #expect(try await subsonic.code("savePlayQueue", ["id": songs[0], "current": songs[1]]) == 10)
        // One song that is gone does not cost the queue; if it is the current one, the first is.
        for (current, expected) in [(songs[2], songs[2]), ("gone", songs[1])] {
            _ = try await subsonic.get(
                "savePlayQueue", ["id": songs[1], "id": "gone", "id": songs[2], "current": current, "position": "61.5"])
            let queue = try await subsonic.get("getPlayQueue")["playQueue"]
            #expect(queue?["entry"]?.list?.map { $0["id"]?.text } == [songs[1], songs[2]])
            #expect(queue?["current"]?.text == expected && queue?["position"]?.integer == (current == "gone" ? 0 : 61))
            let second = try await subsonic.get("getPlayQueueByIndex")["playQueueByIndex"]
            #expect(second?["currentIndex"]?.integer == (current == "gone" ? 0 : 1))
        }
        #expect(try await subsonic.code("savePlayQueue", ["id": "gone", "current": "gone"]) == 70)
        _ = try await subsonic.get("savePlayQueue")
        let cleared = try await subsonic.get("getPlayQueue")["playQueue"]
        #expect(cleared?["entry"] == .list([]) && cleared?["current"] == nil)
    }

    @Test("A bookmark has one song, and the song says where it is")
    func bookmarks() async throws {
        _ = try await subsonic.get("createBookmark", ["id": songs[0], "position": "777", "comment": "c"])
        let bookmark = try #require(try await list("getBookmarks", [:], "bookmarks", "bookmark").first)
        #expect(bookmark["position"]?.integer == 777 && bookmark["comment"]?.text == "c")
        #expect(bookmark["entry"]?["id"]?.text == songs[0] && bookmark["entry"]?["bookmarkPosition"]?.integer == 777)
        _ = try await subsonic.get("createBookmark", ["id": songs[0], "position": "-1"])
        #expect(try await list("getBookmarks", [:], "bookmarks", "bookmark").first?["position"]?.integer == 0)
        // Again, and of a song that has none.
        for _ in 0..<2 { _ = try await subsonic.get("deleteBookmark", ["id": songs[0]]) }
        #expect(try await list("getBookmarks", [:], "bookmarks", "bookmark").isEmpty)
        #expect(try await subsonic.code("deleteBookmark", ["id": "x"]) == 70)
        #expect(try await subsonic.code("createBookmark", ["id": songs[0]]) == 10)
    }

    @Test("What a locker does not have is empty or refused, and never unknown")
    func absent() async throws {
        let lists = [
            ("getPodcasts", "podcasts", "channel"), ("getNewestPodcasts", "newestPodcasts", "episode"),
            ("getInternetRadioStations", "internetRadioStations", "internetRadioStation"),
            ("getChatMessages", "chatMessages", "chatMessage"), ("getVideos", "videos", "video")
        ]
        for (name, member, item) in lists { #expect(try await subsonic.get(name)[member]?[item] == .list([]), "\(name)") }
        #expect(try await subsonic.code("jukeboxControl", ["action": "get"]) == 50)
        #expect(try await subsonic.code("jukeboxControl") == 10)
        #expect(try await subsonic.code("createUser", ["username": "x", "password": "y", "email": "z"]) == 50)
        #expect(try await subsonic.code("getAvatar", ["username": "tester"]) == 70)
        #expect(try await subsonic.get("getScanStatus")["scanStatus"]?["scanning"] == .bool(false))
    }

    @Test("An open server answers pages of its own origin alone, by GET too")
    func origins() async throws {
        let path = "/rest/getArtists?\(SubsonicServer.usual)"
        for headers in [[("Origin", "https://evil.example")], [("Sec-Fetch-Site", "cross-site")]] {
            let reply = try await subsonic.server.send(.GET, path, headers)
            #expect(reply.status == 200)
            #expect(try reply.json["subsonic-response"]?["error"]?["code"]?.integer == 50)
        }
    }
}
