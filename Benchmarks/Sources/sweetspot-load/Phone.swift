import AsyncHTTPClient
import Foundation
import NIOCore

/// One listener: chooses songs, plays each as a player does, and does what people do.
struct Phone {
    enum Turn: Error {
        case skip, seek, drop, over
        case refused(Double)
    }

    let scenario: Scenario
    let number: Int
    var random: SplitMix64
    var link: Link
    private var next = (
        skip: Double.infinity, seek: Double.infinity, pause: Double.infinity, drop: Double.infinity, handOver: Double.infinity
    )
    private var hasStalled = false
    private var wasRefused = false
    /// bit/s of the last segment: what an adaptive player goes by.
    var throughput: Double?

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
    mutating func choose(isFirst: Bool) -> (Song, Double) {
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

    mutating func playStream(_ song: Song, from start: Double) async throws {
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
                try await comeBack(after: seconds, &buffer)
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

    mutating func stream(of song: Song) async throws -> Song.Stream? {
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
    mutating func transfer(
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
            noteFetched(piece.readableBytes)
            note(&buffer, upTo: song.duration * Double(offset) / Double(stream.bytes), asked: asked, isSeek: isSeek)
            try await live(&buffer)
            while scenario.buffer > 0, buffer.ahead > scenario.buffer { try await idle(&buffer) }
        }
        guard offset == stream.bytes else { throw WrongAnswer(path: stream.path, status: 0) }
    }

    struct WrongAnswer: Error {
        let path: String
        let status: Int
    }

    mutating func check(_ response: HTTPClientResponse) throws {
        guard response.status == .serviceUnavailable else { return }
        wasRefused = true
        scenario.measurements.note { $0.refusals += 1 }
        throw Turn.refused(response.headers.first(name: "Retry-After").flatMap(Double.init) ?? 1)
    }

    /// Waits as long as a server that is full asks for.
    func comeBack(after seconds: Double, _ buffer: inout PlaybackBuffer) async throws {
        try await Task.sleep(for: .seconds(min(seconds, max(0, scenario.end - now()))))
        buffer.advance(to: now())
        if now() >= scenario.end { throw Turn.over }
    }

    /// Notes what is there, and how long it took until sound was heard.
    mutating func note(_ buffer: inout PlaybackBuffer, upTo end: Double, asked: Double, isSeek: Bool) {
        let had = buffer.hasStarted
        buffer.receive(upTo: end, now: now())
        noteStalls(&buffer)
        guard !had, buffer.hasStarted else { return }
        let microseconds = UInt64(max(1, (now() - asked) * 1e6))
        let second = scenario.second
        scenario.measurements.note { totals in
            totals.change(second: second) { $0.starts += 1 }
            if isSeek { totals.seeks.record(microseconds) } else { totals.startUps.record(microseconds) }
        }
    }

    private func noteStalls(_ buffer: inout PlaybackBuffer) {
        let stalls = buffer.takeStalls()
        guard stalls > 0 else { return }
        let second = scenario.second
        scenario.measurements.note { totals in
            totals.stalls += stalls
            totals.change(second: second) { $0.stalls += stalls }
        }
    }

    func noteFetched(_ bytes: Int) {
        let second = scenario.second
        scenario.measurements.note { totals in
            totals.fetched += bytes
            totals.change(second: second) { $0.fetched += bytes }
        }
    }

    /// Throws what happens now, if anything does.
    mutating func live(_ buffer: inout PlaybackBuffer) async throws {
        let now = now()
        buffer.advance(to: now)
        noteStalls(&buffer)
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

    mutating func idle(_ buffer: inout PlaybackBuffer) async throws {
        try await Task.sleep(for: .milliseconds(250))
        try await live(&buffer)
    }

    mutating func wait(_ seconds: Double, _ buffer: inout PlaybackBuffer) async throws {
        var left = seconds
        while left > 0 {
            try await Task.sleep(for: .seconds(min(left, 1)))
            left -= 1
            if left > 0 { try await live(&buffer) }
        }
    }

    /// Adds up what a song, or the stretch up to a seek, came to.
    mutating func settle(_ buffer: PlaybackBuffer, fetched: Int, bytesPerSecond: Double, wasted: Double? = nil) {
        var buffer = buffer
        buffer.advance(to: min(now(), scenario.end))
        noteStalls(&buffer)
        if buffer.stalled > 0 { hasStalled = true }
        let unheard = wasted ?? max(0, Double(fetched) - buffer.played * bytesPerSecond)
        let isOver = now() >= scenario.end
        scenario.measurements.note { totals in
            totals.played += buffer.played
            totals.stalled += buffer.stalled
            // What a phone holds when the run ends may still be heard.
            if isOver { totals.held += unheard } else { totals.wasted += unheard }
        }
    }
}
