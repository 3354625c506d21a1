import Foundation
import Locker
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

/// What all endpoints have in common.
@Suite("Subsonic's endpoints", .tags(.codec, .http), .server(access: .accounts), .timeLimit(.minutes(10)))
struct SubsonicEndpointTests {
    private let subsonic: SubsonicServer
    private var server: RunningServer { subsonic.server }

    init() throws { subsonic = try SubsonicServer() }

    private func key(_ scopes: Scope = .all, account: Int64? = nil) async throws -> String {
        let catalogue = server.application.catalogue
        var known = account
        if known == nil {
            known = try await catalogue.addAccount(named: uniqueName("subsonic"), password: .ofNobody, plan: "unlimited")
        }
        return try await catalogue.addKey(account: try #require(known), label: "", scopes: scopes).secret.text
    }

    private func usual(_ key: String) -> String { "apiKey=\(key)&v=1.16.1&c=tests&f=json" }

    /// Every endpoint that the server has.
    private var names: [String] {
        server.application.paths.filter { $0.hasPrefix("/rest/") && !$0.hasSuffix(".view") }.map { String($0.dropFirst(6)) }
            .sorted()
    }

    @Test("Every endpoint is there with and without .view, by GET, HEAD and a form, and refuses requests without credentials")
    func forms() async throws {
        #expect(names.count > 70)
        for name in names where name != "getOpenSubsonicExtensions" {
            let failed = name == SubsonicErrors.plainEndpoint ? 400 : 200
            for suffix in ["", ".view"] {
                let path = "/rest/\(name)\(suffix)"
                let get = try await server.get("\(path)?v=1.16.1&c=tests&f=json")
                #expect(get.status == failed && get["Content-Type"] == "application/json", "\(path)")
                #expect(try get.json["subsonic-response"]?["error"]?["code"]?.integer == 10, "\(path)")
                #expect(get["Access-Control-Allow-Origin"] == "*", "\(path)")
                let head = try await server.send(.HEAD, "\(path)?v=1.16.1&c=tests&f=json")
                #expect(head.status == failed && head.body.isEmpty && head["Content-Length"] == get["Content-Length"], "\(path)")
                let form = [("Content-Type", "application/x-www-form-urlencoded")]
                let post = try await server.send(.POST, path, form, body: Array("v=1.16.1&c=tests&f=json".utf8))
                #expect(post.status == failed && post.body == get.body, "\(path)")
                let options = try await server.send(
                    .OPTIONS, path, [("Origin", "https://x"), ("Access-Control-Request-Method", "POST")])
                #expect(options.status == 204 && options["Access-Control-Allow-Methods"] == "GET, HEAD, POST", "\(path)")
                #expect(options["Access-Control-Allow-Headers"]?.contains("Cache-Control, Pragma,") == true, "\(path)")
                let put = try await server.send(.PUT, path)
                #expect(put.status == 405 && put["Content-Type"] == "text/xml; charset=utf-8", "\(path)")
            }
        }
    }

    @Test("The extensions are for everybody")
    func extensions() async throws {
        let reply = try await server.get("/rest/getOpenSubsonicExtensions?f=json")
        let list = try #require(try reply.json["subsonic-response"]?["openSubsonicExtensions"]?.list)
        let names = list.compactMap { $0["name"]?.text }
        #expect(
            Set(names) == [
                "apiKeyAuthentication", "formPost", "indexBasedQueue", "playbackReport", "songLyrics", "sonicSimilarity",
                "topSongsByArtistId",
                "transcodeOffset", "transcoding"
            ])
        #expect(list.first { $0["name"]?.text == "songLyrics" }?["versions"] == .list([.number(1), .number(2)]))
        #expect(try await server.get("/rest/getOpenSubsonicExtensions").text.contains("<versions>2</versions>"))
    }

    @Test("An API key is the one credential, and a wrong one is told so")
    func apiKeys() async throws {
        let key = try await key()
        #expect(try await subsonic.get("ping", usual: usual(key))["openSubsonic"] == .bool(true))
        #expect(try await subsonic.code("ping", usual: usual("wrong")) == 44)
        #expect(try await subsonic.code("ping", usual: usual(key) + "&u=x") == 43)
        #expect(try await subsonic.code("ping", usual: "v=1.16.1&c=tests&f=json") == 10)
        #expect(try await subsonic.code("ping", usual: "u=nobody&p=x&v=1.16.1&c=tests&f=json") == 40)
        let me = try await subsonic.get("tokenInfo", usual: usual(key))["tokenInfo"]?["username"]?.text
        #expect(me?.hasPrefix("subsonic") == true)
        #expect(
            try await subsonic.get("getUser", ["username": me?.uppercased() ?? ""], usual: usual(key))["user"]?["username"]?.text
                == me)
        #expect(try await subsonic.code("getUser", ["username": "other"], usual: usual(key)) == 50)
        // A key for media is not for the library.
        let stream = try await self.key(.stream)
        #expect(try await subsonic.code("getArtists", usual: usual(stream)) == 50)
        #expect(try await subsonic.get("ping", usual: usual(stream))["status"]?.text == "ok")
    }

    @Test(
        "What every request has to say is checked",
        arguments: [
            ("v=1.16.1&c=x", nil), ("v=1.2.0&c=x", nil), ("v=1.16.9&c=x", nil), ("v=1.13&c=x", nil), ("c=x", 10),
            ("v=1.16.1&c=x&f=JSON", nil),
            ("v=1.16.1", 10),
            ("v=1.16.1&c=", 10), ("v=x&c=x", 10), ("v=2.0.0&c=x", 30), ("v=1.17.0&c=x", 30), ("v=0.9.0&c=x", 20),
            ("v=1.16.1&c=x&f=jsonp", 10), ("v=1.16.1&c=x&f=jsonp&callback=a(b)", 10)
        ] as [(String, Int?)])
    func common(query: String, code: Int?) async throws {
        let key = try await key()
        let form = query.contains("f=") ? "" : "&f=json"
        let reply = try await server.get("/rest/ping?apiKey=\(key)&\(query)\(form)")
        #expect(reply.status == 200)
        #expect(try reply.json["subsonic-response"]?["error"]?["code"]?.integer == code, "\(reply.text)")
    }

    @Test("Nothing under /rest is a problem document")
    func problems() async throws {
        let key = try await key()
        for path in [
            "/rest", "/rest/", "//rest", "//rest/nothing", "//rest//ping", "/rest/nothing", "/rest/ping/", "/rest//ping",
            "/rest/ping/x", "/rest/%70ing",
            "/rest/getAlbum.view?\(usual(key))&id=%00", "/rest/getAlbum?\(usual(key))&id=%0a",
            "/rest/getAlbum?\(usual(key))&id=x", "/rest/getAlbumList2?\(usual(key))&type=newest&size=many",
            "/rest/getAlbumList2?\(usual(key))&type=newest&offset=99999999999999999999"
        ] {
            for method in [HTTPMethod.GET, .POST, .HEAD] {
                let reply = try await server.send(method, path)
                #expect(reply.status == 200, "\(path)")
                #expect(["text/xml; charset=utf-8", "application/json"].contains(reply["Content-Type"] ?? ""), "\(path)")
                if method != .HEAD { #expect(reply.text.contains("failed"), "\(path)") }
                #expect(reply["Access-Control-Allow-Origin"] == "*", "\(path)")
            }
        }
    }

    @Test("A server's address may end with a slash")
    func slashes() async throws {
        for slashes in ["//", "///"] {
            let path = "\(slashes)rest/ping.view?\(usual(try await key()))"
            for method in [HTTPMethod.GET, .POST] {
                let reply = try await server.send(method, path)
                #expect(try reply.json["subsonic-response"]?["status"]?.text == "ok")
                #expect(reply["Access-Control-Allow-Origin"] == "*")
            }
        }
    }

    @Test("URLs of a megabyte are read")
    func longURL() async throws {
        let ids = String(repeating: "&id=\(String(repeating: "a", count: 22))", count: 1 << 15)
        #expect(try await subsonic.get("ping", usual: usual(try await key()) + ids)["status"]?.text == "ok")
        #expect(try await subsonic.code("scrobble", usual: usual(try await key()) + ids) == 70)
    }

    @Test("A client that has no artists yet is sent all of a library, also if there are none")
    func emptyIndexes() async throws {
        let indexes = try await subsonic.get("getIndexes", ["ifModifiedSince": "0"], usual: usual(try await key()))["indexes"]
        #expect(indexes?["index"] == .list([]))
    }

    @Test("A share whose end has passed can be given other words along with that end, and no other end of before")
    func endedShare() async throws {
        let catalogue = server.application.catalogue
        let account = try await catalogue.addAccount(named: uniqueName("sharer"), password: .ofNobody, plan: "unlimited")
        let own = try await key(account: account)
        let song = try await subsonic.song(602, ["title": "T"], [("Authorization", "Bearer \(own)")])
        let shares = try await subsonic.get("createShare", ["id": song], usual: usual(own))["shares"]
        let id = try #require(shares?["share"]?.list?.first?["id"]?.text)
        _ = try await catalogue.changeShare(id: id, description: nil, expires: .some(1000), account: account)
        _ = try await subsonic.get("updateShare", ["id": id, "description": "x", "expires": "1000"], usual: usual(own))
        let share = try #require(try await catalogue.share(id: id, account: account))
        #expect(share.description == "x" && share.expires == 1000)
        #expect(try await subsonic.code("updateShare", ["id": id, "expires": "2000"], usual: usual(own)) == 10)
    }

    @Test(
        "Information links to covers, which open by themselves and open nothing else; a key that is not for media gets no links",
        .enabled(if: Sound.hasEncoder, "ffmpeg is not installed"))
    func images() async throws {
        let catalogue = server.application.catalogue
        let account = try await catalogue.addAccount(named: uniqueName("painter"), password: .ofNobody, plan: "unlimited")
        let own = try await key(account: account)
        let file = try SubsonicServer.pictured(seed: 603)
        let track = try await server.upload(file, name: "seen.flac", [("Authorization", "Bearer \(own)")])
        let library = try await key(.library, account: account)
        for (name, member, kind) in [
            ("getArtistInfo", "artistInfo", "artistId"), ("getArtistInfo2", "artistInfo2", "artistId"),
            ("getAlbumInfo", "albumInfo", "albumId"), ("getAlbumInfo2", "albumInfo", "albumId")
        ] {
            let id = try #require(track[kind]?.text)
            let info = try #require(try await subsonic.get(name, ["id": id], usual: usual(own))[member])
            for (image, size) in [("smallImageUrl", 160), ("mediumImageUrl", 320), ("largeImageUrl", 640)] {
                let link = try #require(info[image]?.text)
                let path = try #require(link.firstRange(of: "/art/").map { String(link[$0.lowerBound...]) })
                #expect(link.hasPrefix("http://") && path.hasSuffix("&size=\(size)"))
                let picture = try await server.get(path)
                #expect(picture.status == 200 && picture["Content-Type"] == "image/jpeg", "\(name) \(image)")
                let song = try await server.get(path.replacing("/art/", with: "/stream/").replacing("?", with: "/original?"))
                #expect(song.status == 401)
            }
            let plain = try #require(try await subsonic.get(name, ["id": id], usual: usual(library))[member])
            #expect(plain.keys.allSatisfy { !$0.hasSuffix("ImageUrl") })
        }
    }

    @Test("Another account's ids are not found, whatever is asked of them")
    func strangers() async throws {
        let catalogue = server.application.catalogue
        let account = try await catalogue.addAccount(named: uniqueName("owner"), password: .ofNobody, plan: "unlimited")
        let (own, other) = (try await key(account: account), try await key())
        let bearer = ("Authorization", "Bearer \(own)")
        let song = try await subsonic.song(601, ["title": "T", "artist": "A", "album": "L"], [bearer])
        let track = try #require(try await catalogue.track(id: song, account: account))
        let list = try await subsonic.get("createPlaylist", ["name": "p", "songId": song], usual: usual(own))
        let playlist = try #require(list["playlist"]?["id"]?.text)
        let requests: [(String, KeyValuePairs<String, String>)] = [
            ("getSong", ["id": song]), ("getAlbum", ["id": track.albumID]), ("getArtist", ["id": track.artistID]),
            ("getMusicDirectory", ["id": track.albumID]), ("getMusicDirectory", ["id": track.artistID]),
            ("getAlbumInfo2", ["id": track.albumID]), ("getArtistInfo2", ["id": track.artistID]),
            ("getSimilarSongs", ["id": song]), ("getTopSongs", ["id": track.artistID]), ("getLyricsBySongId", ["id": song]),
            ("getPlaylist", ["id": playlist]), ("updatePlaylist", ["playlistId": playlist, "name": "x"]),
            ("createPlaylist", ["playlistId": playlist, "songId": song]), ("createPlaylist", ["name": "x", "songId": song]),
            ("deletePlaylist", ["id": playlist]), ("star", ["id": song]), ("star", ["albumId": track.albumID]),
            ("star", ["artistId": track.artistID]), ("setRating", ["id": song, "rating": "5"]), ("scrobble", ["id": song]),
            ("reportPlayback", ["mediaId": song, "mediaType": "song", "positionMs": "1", "state": "playing"]),
            ("savePlayQueue", ["id": song, "current": song]), ("createBookmark", ["id": song, "position": "1"]),
            ("deleteBookmark", ["id": song]), ("download", ["id": song]), ("download", ["id": track.albumID]),
            ("download", ["id": track.artistID]), ("download", ["id": playlist])
        ]
        for (name, parameters) in requests {
            #expect(try await subsonic.code(name, parameters, usual: usual(other)) == 70, "\(name) \(parameters)")
        }
        #expect(try await subsonic.get("getPlaylist", ["id": playlist], usual: usual(own))["playlist"]?["name"]?.text == "p")
        let found = try await subsonic.get("search3", ["query": ""], usual: usual(other))["searchResult3"]
        #expect(found?["song"]?.list?.isEmpty == true && found?["album"]?.list?.isEmpty == true)
    }
}
