import Audio
import Configuration
import Foundation
import Logging
import NIOHTTP1
import TestSupport
import Testing

@testable import Gateway

@Suite("Configuration", .tags(.codec, .http))
struct ConfigurationTests {
    /// What a YAML file says, without the environment.
    static func read(_ yaml: String, access: ServerConfiguration.Access = .open) async throws -> ServerConfiguration {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(yaml.utf8).write(to: file)
        return try ServerConfiguration(access: access, reading: try await configurationReader(file: file.path))
    }

    private static let folder = URL(filePath: #filePath).appending(path: "../../../Config").standardized

    @Test("Every file in Config is accepted, and Config/sweetspot.yaml holds the defaults")
    func files() async throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).filter { $0.hasSuffix(".yaml") }
        #expect(files.contains("sweetspot.yaml"))
        for file in files {
            let reader = try await configurationReader(file: Self.folder.appending(path: file).path)
            var read = try ServerConfiguration(access: .token("t"), reading: reader)
            try read.validate()
            guard file == "sweetspot.yaml" else { continue }
            var defaults = ServerConfiguration(access: .token("t"))
            #expect(read.renditions == defaults.renditions)
            // The one property without an order of its own.
            (read.renditions, defaults.renditions) = ([], [])
            #expect("\(read)" == "\(defaults)")
        }
    }

    @Test("A plan bounds playlists and history even if it does not say so; a server with one owner does not")
    func plans() async throws {
        let read = try await Self.read("plans: { a: { quota: 1GB }, b: { playlists: 5, playlistTracks: 6, history: 7 } }")
        let (usual, set) = (try #require(try read.plans.plan("a")), try #require(try read.plans.plan("b")))
        #expect(usual.playlists == 1000 && usual.playlistTracks == 10_000 && usual.history == 50_000)
        #expect(set.playlists == 5 && set.playlistTracks == 6 && set.history == 7 && set.quota == nil)
        #expect(Plan.unlimited.playlists == nil && Plan.unlimited.history == nil)
        for text in ["playlists: -1", "playlistTracks: 10001", "history: \"+5\"", "streams: \"+5\""] {
            let read = try await Self.read("plans: { a: { \(text) } }")
            #expect(throws: ServerConfiguration.Invalid.self, "\(text)") { try read.plans.plan("a") }
        }
    }

    @Test("A plan's title and price limit nothing, and take no limit away")
    func titles() async throws {
        let read = try await Self.read("plans: { free: { title: Free, price: 0 }, b: { title: B }, c: { streams: 2, title: C } }")
        let free = try #require(try read.plans.plan("free"))
        #expect(free.quota?.bytes == 2_000_000_000 && free.streams == 3 && free.title == "Free" && free.price == "0")
        let (open, limited) = (try #require(try read.plans.plan("b")), try #require(try read.plans.plan("c")))
        #expect(open.title == "B" && open.streams == nil && limited.title == "C" && limited.streams == 2)
        for text in ["title: \"\"", "title: \"a\\nb\"", "price: \"\\e[2J\"", "price: \(String(repeating: "x", count: 201))"] {
            let read = try await Self.read("plans: { a: { \(text) } }")
            #expect(throws: ServerConfiguration.Invalid.self, "\(text)") { try read.plans.plan("a") }
        }
    }

    @Test("Offers and upgrades that cannot be are refused")
    func offers() async throws {
        for text in [
            "offers: { perWeek: 8 }", "offers: { perWeek: -1 }", "offers: { region: de }", "offers: { region: DE- }",
            "offers: { feed: [a, b] }", "upgrade: { url: \"javascript:alert(1)\" }", "upgrade: { url: \"https://{plan}/\" }",
            "upgrade: { url: \"https://a/{other}\" }", "upgrade: { url: a.example }"
        ] { await #expect(throws: ServerConfiguration.Invalid.self, "\(text)") { try await Self.read(text) } }
        let read = try await Self.read("upgrade: { plans: [free, gold] }")
        #expect(throws: ServerConfiguration.Invalid.self) {
            try OfferedPlans(read.plans, names: [], shown: read.upgrade.plans, renditions: [])
        }
        #expect(throws: Never.self) { try OfferedPlans(read.plans, names: [], shown: ["free"], renditions: []) }
    }

    @Test("Each key sets what it names")
    func keys() async throws {
        let read = try await Self.read(
            """
            listen: { host: 127.0.0.2, port: 0 }
            proxy: { trusted: [10.0.0.0/8, "::1"] }
            cookie: { secure: true }
            data: /somewhere
            codec: /a/codec
            web: /a/web
            workers: 3
            cache: { memory: 64MiB, disk: 3GiB, diskFloor: 5MB, public: yes }
            renditions: { mp3: [mp3-64, mp3-320], opus: opus-96, aac: [aac-64], flac: [] }
            ingest: { extra: no }
            offers: { feed: /a/offers.yaml, perWeek: 7, region: DE-BY }
            upgrade: { url: "https://a/x?p={plan}", plans: [free, b] }
            scrobbling: { listenbrainz: "http://a:1/", lastfm: "https://b/x", lastfmKey: k, lastfmSecret: s }
            limits:
              { upload: 1 GB, diskFloor: 3MB, queue: 7, connections: 9, grace: 2h, history: 400d, scrub: 5MB, duration: 90min, channels: 2, sampleRate: 96000, packets: 5, tags: 1MiB, expansion: 20 }
            """)
        #expect(
            read.ingest.arguments == ["seconds=5400", "channels=2", "rate=96000", "packets=5", "tags=1048576", "expansion=20"])
        #expect(read.proxies == TrustedProxies(["10.0.0.0/8", "::1"].compactMap { AddressRange($0) }) && read.cookieIsSecure)
        #expect(read.host == "127.0.0.2" && read.port == 0 && read.data == "/somewhere" && read.codecExecutable == "/a/codec")
        #expect(read.web == "/a/web")
        #expect(read.offers.feed == "/a/offers.yaml" && read.offers.perWeek == 7 && read.offers.region == "DE-BY")
        #expect(read.upgrade.url == "https://a/x?p={plan}" && read.upgrade.plans == ["free", "b"])
        #expect(read.workers == 3 && read.cacheMemory.bytes == 64 << 20 && read.cacheIsPublic)
        #expect(read.cacheDisk.bytes == 3 << 30 && read.cacheDiskFloor.bytes == 5_000_000)
        #expect(Set(read.renditions.map(\.name)) == ["mp3-64", "mp3-320", "opus-96", "aac-64"])
        #expect(read.uploadLimit.bytes == 1_000_000_000 && read.uploadFloor?.bytes == 3_000_000)
        #expect(read.queueLimit == 7 && read.connectionLimit == 9)
        #expect(read.scrobbling.listenBrainz == "http://a:1" && read.scrobbling.lastFM?.base == "https://b/x")
        #expect(read.scrobbling.lastFM?.key == "k" && read.scrobbling.lastFM?.secret == "s")
        #expect(read.historyAge == .seconds(400 * 24 * 3600))
        #expect(read.deletionGrace == .seconds(7200) && read.scrub.bytes == 5_000_000)
        try read.validate()
    }

    @Test("The environment wins over the file")
    func environment() throws {
        let environment = EnvironmentVariablesProvider(environmentVariables: [
            "SWEETSPOT_CACHE_MEMORY": "32MiB", "SWEETSPOT_LISTEN_PORT": "9", "SWEETSPOT_RENDITIONS_MP3": "mp3-64,mp3-96",
            "SWEETSPOT_CACHE_PUBLIC": "true", "SWEETSPOT_WORKERS": "5", "SWEETSPOT_LIMITS_DURATION": "2h",
            "SWEETSPOT_LIMITS_SAMPLE_RATE": "48000", "SWEETSPOT_CACHE_DISK": "0", "SWEETSPOT_CACHE_DISK_FLOOR": "7",
            "SWEETSPOT_PROXY_TRUSTED": "127.0.0.1, fd00::/8", "SWEETSPOT_COOKIE_SECURE": "yes"
        ])
        let file = InMemoryProvider(values: ["cache.memory": "1GiB", "workers": "2", "limits.queue": "3"])
        let reader = ConfigReader(providers: [environment.prefixKeys(with: "sweetspot"), file])
        let read = try ServerConfiguration(access: .open, reading: reader)
        #expect(read.cacheMemory.bytes == 32 << 20 && read.port == 9 && read.cacheIsPublic && read.workers == 5)
        #expect(read.queueLimit == 3 && read.cacheDisk.bytes == 0 && read.cacheDiskFloor.bytes == 7)
        #expect(read.ingest.arguments == ["extra", "seconds=7200", "rate=48000"])
        #expect(read.proxies.ranges.count == 2 && read.proxies.contains(IPAddress("fd12::1")) && read.cookieIsSecure)
        #expect(Set(read.renditions.filter { $0.ladder == .mp3 }.map(\.name)) == ["mp3-64", "mp3-96"])
        #expect(read.renditions.filter { $0.ladder == .opus }.count == 7)
    }

    @Test(
        "A value that cannot be used is named in a sentence",
        arguments: [
            ("listen: { port: 65536 }", "listen.port"), ("listen: { port: -1 }", "listen.port"),
            ("listen: { port: http }", "listen.port"),
            ("listen: { port: [80] }", "listen.port"), ("listen: { host: [a, b] }", "listen.host"), ("workers: 0", "workers"),
            ("workers: 257", "workers"), ("workers: 2.5", "workers"), ("workers: many", "workers"),
            ("cache: { memory: lots }", "cache.memory"), ("cache: { memory: -1 }", "cache.memory"),
            ("cache: { memory: 1.5GB }", "cache.memory"), ("cache: { memory: 99999999999GiB }", "cache.memory"),
            ("cache: { disk: all }", "cache.disk"), ("cache: { diskFloor: -5 }", "cache.diskFloor"),
            ("cache: { public: maybe }", "cache.public"), ("limits: { queue: 0 }", "limits.queue"),
            ("limits: { upload: 2 bananas }", "limits.upload"), ("renditions: { mp3: [mp3-129] }", "mp3-129"),
            ("renditions: { mp3: [opus-64] }", "opus-64"), ("renditions: { opus: [original] }", "original"),
            ("limits: { duration: 49h }", "limits.duration"), ("limits: { duration: 0 }", "limits.duration"),
            ("limits: { duration: a day }", "limits.duration"), ("limits: { channels: 9 }", "limits.channels"),
            ("limits: { sampleRate: 768001 }", "limits.sampleRate"), ("limits: { packets: 0 }", "limits.packets"),
            ("limits: { tags: lots }", "limits.tags"), ("limits: { history: 1h }", "limits.history"),
            ("scrobbling: { listenbrainz: yes }", "scrobbling.listenbrainz"),
            ("scrobbling: { listenbrainz: \"http://u@h\" }", "scrobbling.listenbrainz"),
            ("scrobbling: { lastfmKey: k }", "scrobbling.lastfmKey"),
            ("scrobbling: { lastfm: ftp://x, lastfmKey: k, lastfmSecret: s }", "scrobbling.lastfm"),
            ("limits: { expansion: 0 }", "limits.expansion"),
            ("ingest: { extra: maybe }", "ingest.extra"), ("proxy: { trusted: [nginx] }", "proxy.trusted"),
            ("proxy: { trusted: 10.0.0.0/33 }", "proxy.trusted"), ("cookie: { secure: 5 }", "cookie.secure"),
            ("workers: [", "--config"), ("just text", "--config")
        ])
    func badValues(yaml: String, named: String) async throws {
        do {
            _ = try await Self.read(yaml)
            Issue.record("\(yaml) was taken")
        } catch let invalid as ServerConfiguration.Invalid {
            #expect(invalid.description.contains(named), "\(invalid)")
            #expect(!invalid.description.contains("\n"))
        }
    }

    @Test("A configuration file that does not exist is named")
    func missingFile() async throws {
        await #expect(throws: ServerConfiguration.Invalid.self) { try await configurationReader(file: "/nowhere/at-all.yaml") }
    }

    @Test(
        "--open listens on loopback alone",
        arguments: [
            ("127.0.0.1", true), ("127.1.2.3", true), ("localhost", true), ("::1", true), ("0.0.0.0", false), ("::", false),
            ("192.168.1.5", false), ("127.evil.example", false), ("", false), ("128.0.0.1", false),
            ("localhost.evil.example", false)
        ])
    func loopback(host: String, isTaken: Bool) async throws {
        var configuration = ServerConfiguration(access: .open)
        configuration.host = host
        configuration.data = "/nonexistent/never-made"
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        if isTaken {
            try configuration.validate()
        } else {
            await #expect(throws: ServerConfiguration.Invalid.self) {
                try await buildApplication(configuration: configuration, logger: logger)
            }
            configuration.access = .token("t")
            try configuration.validate()
        }
    }

    @Test(
        "The rare formats are on if the owner trusts every client that uploads",
        arguments: [ServerConfiguration.Access.open, .token("t")])
    func extraFormats(access: ServerConfiguration.Access) async throws {
        #expect(ServerConfiguration(access: access).ingest.takesExtraFormats == (access == .open))
        #expect(try await Self.read("ingest: { extra: true }", access: access).ingest.takesExtraFormats)
        #expect(try await IngestLimits.ofCommandLine().takesExtraFormats)
    }

    @Test("An empty token, two sources of music, and an impossible data directory are refused")
    func contradictions() async throws {
        var configuration = ServerConfiguration(access: .token(""))
        #expect(throws: ServerConfiguration.Invalid.self) { try configuration.validate() }
        configuration.access = .token("t")
        (configuration.music, configuration.originals) = ("/music", "http://origin")
        #expect(throws: ServerConfiguration.Invalid.self) { try configuration.validate() }
        (configuration.music, configuration.originals) = (nil, nil)
        configuration.data = "/proc/nothing"
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        await #expect(throws: ServerConfiguration.Invalid.self) {
            try await buildApplication(configuration: configuration, logger: logger)
        }
    }

    @Test("A server has the rungs, the sizes and the cache rules of its configuration")
    func configuredServer() async throws {
        let yaml =
            "renditions: { mp3: [mp3-128], opus: [], aac: [], flac: [] }\ncache: { public: true }\nlimits: { upload: 100000 }\n"
        let configured = try await Self.read(yaml)
        let bearer = ("Authorization", "Bearer s3cret")
        try await RunningServer.run(access: .token("s3cret")) {
            ($0.renditions, $0.cacheIsPublic) = (configured.renditions, configured.cacheIsPublic)
            $0.uploadLimit = configured.uploadLimit
        } _: { server in
            let track = try await server.upload(Sound.wav(seconds: 0.2), name: "a.wav", [bearer])
            #expect(track["renditions"]?.list?.map { $0["name"]?.text } == ["mp3-128"])
            let id = try #require(track["id"]?.text)
            for name in ["mp3-96", "opus-64"] {
                let reply = try await server.get("/stream/\(id)/\(name)", bearer)
                try expectProblem(reply, 404, "rendition-not-offered", track: id)
            }
            let large = try await server.send(.POST, "/api/v1/tracks", [bearer], body: Array(repeating: 0, count: 100_001))
            try expectProblem(large, 413, "too-large")

            let ticket = try await server.send(.POST, "/api/v1/tracks/\(id)/ticket", [bearer]).json["ticket"]?.text
            let path = "/stream/\(id)/mp3-128?ticket=\(try #require(ticket))"
            #expect(try await server.get(path)["Cache-Control"] == "public, max-age=86400, no-transform")
            // What the account's own secret opens stays private.
            #expect(try await server.get(path, bearer)["Cache-Control"]?.hasPrefix("private") == true)
            let secret = try await server.get("/stream/\(id)/mp3-128?ticket=s3cret")
            #expect(secret.status == 200 && secret["Cache-Control"]?.hasPrefix("private") == true)
        }
    }

    @Test(
        "Sizes are whole numbers with a unit",
        arguments: [
            ("0", 0), ("17", 17), ("1B", 1), ("2kB", 2000), ("3 MiB", 3 << 20), ("1tib", 1 << 40), ("", nil), ("MB", nil),
            ("1 XB", nil),
            ("9999999999TiB", nil), ("99999999999999999999", nil), ("٣", nil)
        ] as [(String, Int?)])
    func sizes(text: String, bytes: Int?) {
        #expect(ByteSize(text)?.bytes == bytes)
    }
}
