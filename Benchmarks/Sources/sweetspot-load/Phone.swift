import AsyncHTTPClient
import Foundation
import NIOCore

/// What all phones of a run have in common.
struct Scenario: Sendable {
    var library: Library
    var songs: [Song]
    /// A rendition's name, `hls/LADDER`, or `auto`.
    var play: String
    /// Profiles a phone may have; hand-overs go from one to another.
    var networks: [NetworkProfile]
    /// Mean seconds between these; 0 for never.
    var skip = 0.0
    var seek = 0.0
    var pause = 0.0
    var drop = 0.0
    var handOver = 0.0
    /// Seconds of sound beyond which a phone reads no more; 0 reads on.
    var buffer = 0.0
    /// Every phone at a place of its own, so that no two share a chunk.
    var isCold = false
    var isDownload = false
    var clients: Int
    /// Seconds since 1970 of the end.
    var end: Double
    var measurements: Measurements
    var ledger: ByteLedger?
}

struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// Exponentially distributed; infinite where `mean` is 0.
    mutating func wait(_ mean: Double) -> Double { mean > 0 ? -mean * log(Double.random(in: 1e-9..<1, using: &self)) : .infinity }
}

func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}

/// One listener: chooses songs, plays each as a player does, and does what people do.
struct Phone {
    private enum Turn: Error {
        case skip, seek, drop, over
        case refused(Double)
    }

    let scenario: Scenario
    let number: Int
    private var random: SplitMix64
    private var link: Link
    private var next = (
        skip: Double.infinity, seek: Double.infinity, pause: Double.infinity, drop: Double.infinity, handOver: Double.infinity
    )
    private var hasStalled = false
    private var wasRefused = false
    /// Seconds a request took last, and bit/s of the last transfer: what an adaptive player goes by.
    private var throughput: Double?

    init(_ scenario: Scenario, number: Int, seed: UInt64) {
        (self.scenario, self.number) = (scenario, number)
        random = SplitMix64(seed &* 1_000_003 &+ UInt64(number))
        link = Link(scenario.networks[number % scenario.networks.count])
    }

    mutating func run() async {
        next.drop = now() + random.wait(scenario.drop)
        next.handOver = now() + random.wait(scenario.handOver)
        var isFirst = true
        while now() < scenario.end, !Task.isCancelled {
            let (song, position) = choose(isFirst: isFirst)
            isFirst = false
            next.skip = now() + random.wait(scenario.skip)
            next.seek = now() + random.wait(scenario.seek)
            next.pause = now() + random.wait(scenario.pause)
            do {
                if scenario.play.hasPrefix("hls/") {
                    try await playSegments(song, from: position)
                } else {
                    try await playStream(song, from: position)
                }
            } catch Turn.skip {
                scenario.measurements.note { $0.skips += 1 }
            } catch Turn.over {
            } catch is CancellationError {
            } catch {
                scenario.measurements.error("\(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
        if hasStalled { scenario.measurements.note { $0.stalledPhones += 1 } }
        if wasRefused { scenario.measurements.note { $0.refusedPhones += 1 } }
    }

    /// Zipf's law with exponent 1 over the songs; where nothing is shared, a stretch of a song of one's own.
    private mutating func choose(isFirst: Bool) -> (Song, Double) {
        let songs = scenario.songs
        if scenario.isCold {
            let shares = (scenario.clients + songs.count - 1) / songs.count
            let song = songs[number % songs.count]
            return (song, song.duration * Double(number / songs.count) / Double(shares))
        }
        let total = (1...songs.count).reduce(0) { $0 + 1 / Double($1) }
        var left = Double.random(in: 0..<total, using: &random)
        for (rank, song) in songs.enumerated() {
            left -= 1 / Double(rank + 1)
            if left <= 0 { return (song, 0) }
        }
        return (songs[0], 0)
    }

    // MARK: Progressive

    private mutating func playStream(_ song: Song, from start: Double) async throws {
        var asked = now()
        var isSeek = false
        guard let stream = try await stream(of: song) else { throw Turn.over }
        var buffer = PlaybackBuffer(duration: song.duration, position: start, now: asked)
        var offset = Int(Double(stream.bytes) * start / song.duration)
        var fetched = 0
        defer { settle(buffer, fetched: fetched, bytesPerSecond: Double(stream.bytes) / song.duration) }
        while true {
            do {
                while offset < stream.bytes {
                    try await transfer(song, stream, &offset, &buffer, &fetched, asked: asked, isSeek: isSeek)
                }
                while !buffer.isOver { try await idle(&buffer) }
                throw Turn.over
            } catch Turn.drop {
                scenario.measurements.note { $0.drops += 1 }
            } catch Turn.refused(let seconds) {
                try await Task.sleep(for: .seconds(min(seconds, max(0, scenario.end - now()))))
                buffer.advance(to: now())
                if now() >= scenario.end { throw Turn.over }
                if !buffer.hasStarted { asked = now() }
            } catch Turn.seek {
                settle(buffer, fetched: fetched, bytesPerSecond: Double(stream.bytes) / song.duration)
                fetched = 0
                let position = Double.random(in: 0..<song.duration * 0.9, using: &random)
                asked = now()
                isSeek = true
                buffer = PlaybackBuffer(duration: song.duration, position: position, now: asked)
                offset = Int(Double(stream.bytes) * position / song.duration)
            }
        }
    }

    private mutating func stream(of song: Song) async throws -> Song.Stream? {
        guard scenario.play == "auto" else { return song.streams[scenario.play] }
        var request = scenario.library.request("/stream/\(song.id)/auto")
        if let throughput { request.headers.add(name: "CMCD-Request", value: "mtp=\(Int(throughput / 1000))") }
        try await Task.sleep(for: .seconds(link.profile.latency))
        let response = try await scenario.library.client.execute(request, timeout: .seconds(60))
        _ = try await response.body.collect(upTo: 1 << 20)
        guard let place = response.headers.first(name: "Location") else { return nil }
        let name = String(place.split(separator: "?")[0].split(separator: "/").last?.split(separator: ".").first ?? "")
        return song.streams[name]
    }

    /// Fetches from `offset` on until the end, or until something happens.
    private mutating func transfer(
        _ song: Song, _ stream: Song.Stream, _ offset: inout Int, _ buffer: inout PlaybackBuffer, _ fetched: inout Int,
        asked: Double,
        isSeek: Bool
    ) async throws {
        let begin = offset
        var request = scenario.library.request(stream.path + (scenario.isDownload ? "&download=1" : ""))
        request.headers.add(name: "Range", value: "bytes=\(begin)-")
        request.headers.add(name: "If-Range", value: "\"\(stream.entityTag)\"")
        try await Task.sleep(for: .seconds(link.profile.latency))
        let response = try await scenario.library.client.execute(request, deadline: .now() + .seconds(3600))
        try check(response)
        guard response.status == .partialContent,
            response.headers.first(name: "Content-Range") == "bytes \(begin)-\(stream.bytes - 1)/\(stream.bytes)",
            response.headers.first(name: "ETag") == "\"\(stream.entityTag)\""
        else { throw WrongAnswer(path: stream.path, status: Int(response.status.code)) }
        var transfer = LedgerTransfer(scenario.ledger, url: stream.path, offset: begin)
        for try await piece in response.body {
            try await wait(link.delay(piece.readableBytes, now: now()), &buffer)
            transfer.receive(piece)
            offset += piece.readableBytes
            fetched += piece.readableBytes
            let bytes = piece.readableBytes
            scenario.measurements.note { $0.fetched += bytes }
            note(&buffer, upTo: song.duration * Double(offset) / Double(stream.bytes), asked: asked, isSeek: isSeek)
            try await live(&buffer)
            while scenario.buffer > 0, buffer.ahead > scenario.buffer { try await idle(&buffer) }
        }
        guard offset == stream.bytes else { throw WrongAnswer(path: stream.path, status: 0) }
    }

    // MARK: HLS

    private mutating func playSegments(_ song: Song, from start: Double) async throws {
        guard let master = song.masters[String(scenario.play.dropFirst(4))] else { throw Turn.over }
        var asked = now()
        var isSeek = false
        var buffer = PlaybackBuffer(duration: song.duration, position: start, now: asked)
        let variants = Variant.all(in: try await text(master), at: master)
        guard var variant = variants.first else { throw WrongAnswer(path: master, status: 0) }
        var playlists: [String: [Segment]] = [:]
        var position = start
        var fetched = 0.0
        var played = 0.0
        defer { settle(buffer, fetched: 0, bytesPerSecond: 0, wasted: max(0, fetched - played)) }
        while true {
            do {
                if let throughput {
                    let fitting = variants.filter { Double($0.bandwidth) <= throughput * 0.8 }
                    variant =
                        fitting.max { $0.bandwidth < $1.bandwidth } ?? variants.min { $0.bandwidth < $1.bandwidth } ?? variant
                }
                if playlists[variant.path] == nil {
                    playlists[variant.path] = Segment.all(in: try await text(variant.path), at: variant.path)
                }
                var end = 0.0
                guard
                    let segment = playlists[variant.path]?.first(where: {
                        end += $0.duration
                        return end > position + 0.01
                    })
                else {
                    while !buffer.isOver { try await idle(&buffer) }
                    throw Turn.over
                }
                while buffer.ahead > max(scenario.buffer, 20) { try await idle(&buffer) }
                let size = try await segmentBytes(segment, &buffer)
                fetched += Double(size)
                let before = buffer.played
                position = end
                note(&buffer, upTo: end, asked: asked, isSeek: isSeek)
                played += (buffer.played - before) / segment.duration * Double(size)
                try await live(&buffer)
            } catch Turn.drop {
                scenario.measurements.note { $0.drops += 1 }
            } catch Turn.refused(let seconds) {
                try await Task.sleep(for: .seconds(min(seconds, max(0, scenario.end - now()))))
                buffer.advance(to: now())
                if now() >= scenario.end { throw Turn.over }
                if !buffer.hasStarted { asked = now() }
            } catch Turn.seek {
                settle(buffer, fetched: 0, bytesPerSecond: 0)
                position = Double.random(in: 0..<song.duration * 0.9, using: &random)
                asked = now()
                isSeek = true
                buffer = PlaybackBuffer(duration: song.duration, position: position, now: asked)
            }
        }
    }

    private mutating func text(_ path: String) async throws -> String {
        try await Task.sleep(for: .seconds(link.profile.latency))
        return try await scenario.library.text(path)
    }

    private mutating func segmentBytes(_ segment: Segment, _ buffer: inout PlaybackBuffer) async throws -> Int {
        try await Task.sleep(for: .seconds(link.profile.latency))
        let start = now()
        let response = try await scenario.library.client.execute(
            scenario.library.request(segment.path), deadline: .now() + .seconds(600))
        try check(response)
        guard response.status == .ok else { throw WrongAnswer(path: segment.path, status: Int(response.status.code)) }
        var transfer = LedgerTransfer(scenario.ledger, url: segment.path, offset: 0)
        var size = 0
        for try await piece in response.body {
            try await wait(link.delay(piece.readableBytes, now: now()), &buffer)
            transfer.receive(piece)
            size += piece.readableBytes
            try await live(&buffer)
        }
        guard response.headers.first(name: "Content-Length") == "\(size)" else {
            throw WrongAnswer(path: segment.path, status: 0)
        }
        let bytes = size
        scenario.measurements.note { $0.fetched += bytes }
        throughput = Double(size) * 8 / max(0.001, now() - start)
        return size
    }

    // MARK: What happens meanwhile

    private struct WrongAnswer: Error {
        let path: String
        let status: Int
    }

    private mutating func check(_ response: HTTPClientResponse) throws {
        guard response.status == .serviceUnavailable else { return }
        wasRefused = true
        scenario.measurements.note { $0.refusals += 1 }
        throw Turn.refused(response.headers.first(name: "Retry-After").flatMap(Double.init) ?? 1)
    }

    /// Notes what is there, and how long it took until sound was heard.
    private mutating func note(_ buffer: inout PlaybackBuffer, upTo end: Double, asked: Double, isSeek: Bool) {
        let had = buffer.hasStarted
        buffer.receive(upTo: end, now: now())
        guard !had, buffer.hasStarted else { return }
        let microseconds = UInt64(max(1, (now() - asked) * 1e6))
        scenario.measurements.note { totals in
            if isSeek { totals.seeks.record(microseconds) } else { totals.startUps.record(microseconds) }
        }
    }

    /// Throws what happens now, if anything does.
    private mutating func live(_ buffer: inout PlaybackBuffer) async throws {
        let now = now()
        buffer.advance(to: now)
        if now >= scenario.end { throw Turn.over }
        if now >= next.skip { throw Turn.skip }
        if now >= next.seek {
            next.seek = now + random.wait(scenario.seek)
            throw Turn.seek
        }
        if now >= next.pause {
            next.pause = now + random.wait(scenario.pause)
            buffer.pause(for: Double.random(in: 2..<15, using: &random), now: now)
        }
        if now >= next.handOver {
            next.handOver = now + random.wait(scenario.handOver)
            link.profile = scenario.networks.randomElement(using: &random) ?? link.profile
        }
        if now >= next.drop {
            next.drop = now + random.wait(scenario.drop)
            throw Turn.drop
        }
    }

    private mutating func idle(_ buffer: inout PlaybackBuffer) async throws {
        try await Task.sleep(for: .milliseconds(250))
        try await live(&buffer)
    }

    private mutating func wait(_ seconds: Double, _ buffer: inout PlaybackBuffer) async throws {
        var left = seconds
        while left > 0 {
            try await Task.sleep(for: .seconds(min(left, 1)))
            left -= 1
            if left > 0 { try await live(&buffer) }
        }
    }

    /// Adds up what a song, or the stretch up to a seek, came to.
    private mutating func settle(_ buffer: PlaybackBuffer, fetched: Int, bytesPerSecond: Double, wasted: Double? = nil) {
        var buffer = buffer
        buffer.advance(to: min(now(), scenario.end))
        if buffer.stalls > 0 { hasStalled = true }
        let unheard = wasted ?? max(0, Double(fetched) - buffer.played * bytesPerSecond)
        scenario.measurements.note { totals in
            totals.played += buffer.played
            totals.stalled += buffer.stalled
            totals.stalls += buffer.stalls
            totals.wasted += unheard
        }
    }
}
