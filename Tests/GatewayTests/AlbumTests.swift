import Foundation
import NIOHTTP1
import TestSupport
import Testing

@Suite("Albums of tagged files", .tags(.codec, .http), .server(), .serialized, .timeLimit(.minutes(10)))
struct AlbumTests {
    let server: RunningServer

    init() throws { server = try #require(RunningServer.current) }

    private func list(_ path: String) async throws -> [JSON] { try await server.get("/api/v1" + path).json["items"]?.list ?? [] }

    private func names(_ credits: JSON?) -> [String?] { (credits?.list ?? []).map { $0["name"]?.text } }

    /// Deletes what a test has uploaded.
    private func remove(_ tracks: [JSON]) async throws {
        for track in tracks { _ = try await server.send(.DELETE, "/api/v1/tracks/\(try #require(track["id"]?.text))") }
        #expect(try await list("/albums").isEmpty)
    }

    /// The kinds of files a tag can be in, and how ffmpeg is told of it.
    private static let kinds: [(name: String, arguments: [String])] = [
        ("mp3", ["-c:a", "libmp3lame", "-id3v2_version", "4"]), ("mp3", ["-c:a", "libmp3lame", "-id3v2_version", "3"]),
        ("flac", ["-c:a", "flac"]), ("ogg", ["-c:a", "libopus", "-b:a", "32k"]), ("m4a", ["-c:a", "aac"])
    ]

    private func tagged(_ kind: Int, _ seed: UInt64, _ tags: [(String, String)], path: String) async throws -> JSON {
        let (name, arguments) = Self.kinds[kind]
        let file = try Sound.encoded(
            Sound.wav(seconds: 0.3, seed: seed), arguments + tags.flatMap { ["-metadata", "\($0)=\($1)"] }, extension: name)
        let track = try await server.upload(file, name: "\(path).\(name)".replacing("/", with: "%2F").replacing(" ", with: "%20"))
        return track
    }

    @Test(
        "navidrome#622: a compilation of every format is one album by Various Artists",
        .enabled(if: Sound.hasEncoder, "no ffmpeg"), arguments: 0..<5)
    func compilations(kind: Int) async throws {
        var tracks: [JSON] = []
        for (place, artist) in ["Ann", "Bob"].enumerated() {
            let tags = [
                ("title", "T\(place)"), ("artist", artist), ("album", "Hits 99"), ("track", "\(place + 1)"), ("compilation", "1")
            ]
            tracks.append(try await tagged(kind, UInt64(kind * 10 + place), tags, path: "\(place)"))
        }
        let albums = try await list("/albums")
        #expect(albums.count == 1 && albums[0]["artist"] == .text("Various Artists") && albums[0]["compilation"] == .bool(true))
        #expect(albums[0]["tracks"] == .number(2) && names(albums[0]["artists"]) == ["Various Artists"])
        #expect(tracks.map { $0["artist"]?.text } == ["Ann", "Bob"] && names(tracks[0]["albumArtists"]) == ["Various Artists"])
        #expect(names(tracks[1]["artists"]) == ["Bob"] && tracks[1]["albumArtist"] == .text(""))
        let bob = try #require(tracks[1]["artistId"]?.text)
        #expect(try await list("/albums?appearsOn=\(bob)") == albums)
        #expect(try await list("/albums?artist=\(bob)").isEmpty)
        #expect(try await list("/tracks?artist=\(bob)").count == 1)
        try await remove(tracks)
    }

    @Test("Albums of one title are told apart by year and folder, and discs are not", .enabled(if: Sound.hasEncoder, "no ffmpeg"))
    func folders() async throws {
        var tracks: [JSON] = []
        for (seed, song) in [("1994", "Weezer/1994/1"), ("2001", "Weezer/2001/1"), ("2001", "Weezer/2001/CD2/1")].enumerated() {
            let tags = [("title", "\(seed)"), ("artist", "Weezer"), ("album", "Weezer"), ("track", "1"), ("date", song.0)]
            tracks.append(try await tagged(2, UInt64(100 + seed), tags, path: song.1))
        }
        let albums = tracks.map { $0["albumId"]?.text }
        #expect(albums[0] != albums[1] && albums[1] == albums[2])
        #expect(try await list("/albums?sort=year").map { $0["year"] } == [.number(1994), .number(2001)])
        #expect(tracks[1]["title"] == .text("1"))
        try await remove(tracks)
    }

    /// The cases of the reports, where they lie.
    private static let cases: URL? = {
        let named = ProcessInfo.processInfo.environment["SWEETSPOT_CORPUS"] ?? "../shared/corpus"
        let folder = URL(fileURLWithPath: named).deletingLastPathComponent().appending(path: "cases/albums")
        return FileManager.default.fileExists(atPath: folder.path) ? folder : nil
    }()

    private func upload(_ folders: [String], naming: (String, Int) -> String) async throws -> [JSON] {
        let root = try #require(Self.cases)
        var tracks: [JSON] = []
        for folder in folders {
            for number in 1...3 {
                let file = root.appending(path: "\(folder)/\(number).mp3")
                guard let bytes = try? Data(contentsOf: file) else { continue }
                tracks.append(try await server.upload(Array(bytes), name: naming(folder, number)))
            }
        }
        return tracks
    }

    @Test(
        "lollypop#307, guayadeque#85, picard#159: the reported files are on their albums",
        .enabled(if: cases != nil, "no ../shared/cases"))
    func reported() async throws {
        let tracks = try await upload(["comp", "feat", "multi", "weezer1994", "weezer2001"]) { "\($0)-\($1).mp3" }
        let albums = try await list("/albums")
        let shown = albums.map { "\($0["name"]?.text ?? "") \($0["artist"]?.text ?? "") \($0["compilation"] == .bool(true))" }
        #expect(
            shown == [
                "Duo Ida, Jon false", "Feat Album Dora false", "Hits 99 Various Artists true", "Weezer Weezer false",
                "Weezer Weezer false"
            ])
        #expect(albums.map { $0["tracks"] } == [1, 3, 3, 2, 2].map(JSON.number))
        #expect(Set(albums[3...].map { $0["year"] == .number(1994) }) == [true, false])
        let multi = tracks[6]
        #expect(names(multi["artists"]) == ["Ida", "Jon"] && multi["artist"] == .text("Ida, Jon"))
        for credit in multi["artists"]?.list ?? [] {
            let id = try #require(credit["id"]?.text)
            #expect(try await server.get("/api/v1/artists/\(id)").json["name"] == credit["name"])
            #expect(try await list("/albums?artist=\(id)") == [albums[0]])
            #expect(try await list("/tracks?artist=\(id)").map { $0["id"] } == [multi["id"]])
        }
        #expect(tracks[4]["artist"] == .text("Dora feat. Eve") && names(tracks[4]["artists"]) == ["Dora", "Eve"])
        try await remove(tracks)
    }
}
