import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOPosix

/// Virtual phones against a server: what they heard, what it cost.
@main
struct Load: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sweetspot-load", abstract: "Play a server's songs on many virtual phones, and report what they heard.")

    @Argument(help: "The server, http://127.0.0.1:8080.")
    var server: String
    @Option(help: "Phones.")
    var clients = 10
    @Option(help: "Seconds until all leave.")
    var duration = 30.0
    @Option(help: "Seconds over which they come.")
    var ramp = 0.0
    @Option(help: "A rendition, hls/LADDER, or auto.")
    var play = "mp3-128"
    @Flag(help: "Phones speak Subsonic, and fetch songs before they play; --play counts for slow clients only.")
    var subsonic = false
    @Option(help: "2g, edge, 3g, 4g, wifi, lan, or several with commas: phones take turns, and hand-overs go among them.")
    var network = "wifi"
    @Option(help: "Mean seconds until a song is skipped; 0 for never.")
    var skip = 0.0
    @Option(help: "Mean seconds between seeks; 0 for never.")
    var seek = 0.0
    @Option(help: "Mean seconds between pauses; 0 for never.")
    var pause = 0.0
    @Option(help: "Mean seconds between broken transfers; 0 for never.")
    var drop = 0.0
    @Option(help: "Mean seconds between changes of network; 0 for never.")
    var handOver = 0.0
    @Option(help: "Seconds of sound beyond which a phone reads no more; 0 reads on.")
    var buffer = 0.0
    @Flag(help: "Every phone at a place of its own, so that no two share a chunk.")
    var cold = false
    @Flag(help: "One song for all.")
    var oneSong = false
    @Flag(help: "Ask the server not to pace.")
    var download = false
    @Option(help: "Clients besides that take a few bytes a second.")
    var slow = 0
    @Option(help: "Bytes a second they take.")
    var slowRate = 1000
    @Flag(inversion: .prefixedNo, help: "Compare the bytes that phones are given.")
    var check = true
    @Option(help: "A bearer token.")
    var token: String?
    @Option(help: "The server's process, for its processor time and memory.")
    var serverPid: Int?
    @Option
    var seed: UInt64 = 1
    @Option(help: "Where to write the report as JSON.")
    var json: String?

    func validate() throws {
        guard (1...20_000).contains(clients), (0...20_000).contains(slow), (0.1...3600).contains(duration),
            (0...duration).contains(ramp)
        else {
            throw ValidationError("1 to 20000 phones for at most an hour, and a ramp inside it")
        }
        guard network.split(separator: ",").allSatisfy({ NetworkProfile(String($0)) != nil }) else {
            throw ValidationError("networks are \(NetworkProfile.all.map(\.name).joined(separator: ", "))")
        }
        guard URL(string: server)?.host != nil else { throw ValidationError("\(server) is no URL") }
    }

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = clients + 8
        configuration.timeout = .init(connect: .seconds(10), read: nil)
        let client = HTTPClient(eventLoopGroupProvider: .shared(group), configuration: configuration)
        let library = Library(base: server, token: token, client: client)
        let found = try await library.songs()
        let songs = oneSong ? Array(found.prefix(1)) : found
        guard !songs.isEmpty else { throw ValidationError("the server has no songs") }

        let before = try await (metrics: library.metrics(), usage: serverPid.map(ServerUsage.init), own: ServerUsage.own)
        // Slow readers are there before anybody listens, and do not all come at once.
        let lead = slow > 0 ? 12.0 : 0
        let start = now() + lead
        let measurements = Measurements()
        var scenario = Scenario(
            library: library, songs: songs, play: play,
            networks: network.split(separator: ",").compactMap { NetworkProfile(String($0)) },
            clients: clients, start: start, end: start + duration, measurements: measurements,
            ledger: check && !subsonic ? ByteLedger() : nil)
        scenario.files = subsonic ? ReceivedFiles() : nil
        (scenario.skip, scenario.seek, scenario.pause, scenario.drop, scenario.handOver) = (skip, seek, pause, drop, handOver)
        (scenario.buffer, scenario.isCold, scenario.isDownload) = (buffer, cold, download)
        let common = scenario
        let (clients, ramp, seed) = (clients, ramp, seed)
        let slowBytes = try await withThrowingTaskGroup(of: Int.self) { tasks in
            for (number, reader) in slowReaders(songs).enumerated() {
                let delay = lead * 0.8 * Double(number) / Double(slow)
                tasks.addTask {
                    try await Task.sleep(for: .seconds(delay))
                    return (try? await reader.run(seconds: lead - delay + duration, on: group)) ?? 0
                }
            }
            for number in 0..<clients {
                tasks.addTask {
                    try await Task.sleep(for: .seconds(lead + ramp * Double(number) / Double(clients)))
                    if let files = common.files {
                        var phone = SubsonicPhone(common, files, number: number, seed: seed)
                        await phone.run()
                    } else {
                        var phone = Phone(common, number: number, seed: seed)
                        await phone.run()
                    }
                    return 0
                }
            }
            // Halfway the server is as busy as it gets.
            tasks.addTask {
                try await Task.sleep(for: .seconds(lead + ramp + (duration - ramp) / 2))
                return -(Int(serverPid.map { ServerUsage(pid: $0).pss * 1000 } ?? 0))
            }
            return try await tasks.reduce(into: (read: 0, memory: 0)) { if $1 < 0 { $0.memory = -$1 } else { $0.read += $1 } }
        }
        let wall = now() - start
        let after = try await (metrics: library.metrics(), usage: serverPid.map(ServerUsage.init), own: ServerUsage.own)
        try await common.files?.compare(with: library, songs)
        let report = Report(
            scenario: common, wall: wall, before: before, after: after, memory: Double(slowBytes.memory) / 1000,
            slowBytes: slowBytes.read)
        print(report.table)
        if let json { try report.json.write(toFile: json, atomically: true, encoding: .utf8) }
        try await client.shutdown()
        try await group.shutdownGracefully()
        if report.hasFailed { throw ExitCode(1) }
    }

    private func slowReaders(_ songs: [Song]) -> [SlowReader] {
        guard let url = URL(string: server), let host = url.host, let port = url.port else { return [] }
        return (0..<slow).compactMap { number in
            songs[number % songs.count].streams[play.hasPrefix("hls/") || play == "auto" ? "mp3-128" : play].map {
                SlowReader(host: host, port: port, path: $0.path, token: token, rate: slowRate)
            }
        }
    }
}
