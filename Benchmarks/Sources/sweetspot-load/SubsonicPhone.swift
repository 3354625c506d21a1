import AsyncHTTPClient
import Foundation
import NIOCore

/// A listener with an app that speaks Subsonic: plays a queue, fetches the next songs before they play, goes on by range where a
/// transfer broke, and does what people do.
struct SubsonicPhone {
    enum Turn: Error {
        /// The transfer is not wanted any more, or broke.
        case cut, dropped
        /// The run is over.
        case over
        case refused(Double)
    }

    let scenario: Scenario
    let files: ReceivedFiles
    let app: SubsonicApp
    private var random: SplitMix64
    private var link: Link
    private var next = (
        skip: Double.infinity, seek: Double.infinity, pause: Double.infinity, drop: Double.infinity, handOver: Double.infinity
    )
    private var queue: [QueuedSong] = []
    private var queued = 0
    /// What is heard of the first song of the queue, and what the network alone would allow.
    private var buffer = PlaybackBuffer(duration: 1, position: 0, now: 0)
    private var floor: NetworkFloor
    private var asked = 0.0
    private var isSeek = false
    private var hasStalled = false
    private var wasRefused = false
    private var hasAnnounced = false

    init(_ scenario: Scenario, _ files: ReceivedFiles, number: Int, seed: UInt64) {
        (self.scenario, self.files) = (scenario, files)
        app = SubsonicApp.allCases[number % SubsonicApp.allCases.count]
        random = SplitMix64(seed &* 1_000_003 &+ UInt64(number))
        link = Link(scenario.networks[number / SubsonicApp.allCases.count % scenario.networks.count])
        floor = NetworkFloor(buffer, upTo: 0, mostAhead: app.mostAhead, now: 0)
    }

    mutating func run() async {
        next.drop = now() + random.wait(scenario.drop)
        next.handOver = now() + random.wait(scenario.handOver)
        fill()
        begin()
        while now() < scenario.end, !Task.isCancelled {
            do {
                if let number = wanted() { try await fetch(number) } else { try await idle() }
            } catch Turn.cut {
            } catch Turn.dropped {
                scenario.measurements.note { $0.drops += 1 }
            } catch Turn.refused(let seconds) {
                try? await Task.sleep(for: .seconds(min(seconds, max(0, scenario.end - now()))))
            } catch Turn.over {
                break
            } catch {
                scenario.measurements.error("\(error)")
                try? await Task.sleep(for: .seconds(1))
            }
        }
        settle(isOver: true)
        let held = queue.dropFirst().reduce(0) { $0 + $1.fetched }
        scenario.measurements.note { totals in
            totals.held += Double(held)
            if hasStalled { totals.stalledPhones += 1 }
            if wasRefused { totals.refusedPhones += 1 }
        }
    }

    /// Puts songs into the queue. People hear some more often than others: Zipf's law with exponent 1.
    private mutating func fill() {
        let songs = scenario.songs
        let total = (1...songs.count).reduce(0) { $0 + 1 / Double($1) }
        while queue.count <= app.songsAhead {
            var left = Double.random(in: 0..<total, using: &random)
            let place = songs.indices.first { place in
                left -= 1 / Double(place + 1)
                return left <= 0
            }
            let song = songs[place ?? 0]
            queue.append(QueuedSong(song, path: app.stream(song, over: link.profile), number: queued))
            queued += 1
        }
    }

    /// Begins to play the first song of the queue.
    private mutating func begin() {
        let (song, now) = (queue[0], now())
        (asked, isSeek, hasAnnounced) = (now, false, false)
        buffer = PlaybackBuffer(duration: song.song.duration, position: 0, now: now)
        if song.end > 0 {
            scenario.measurements.note { $0.readyStarts += 1 }
            receive()
        }
        floor = NetworkFloor(buffer, upTo: song.end, mostAhead: app.mostAhead, now: now)
        next.skip = now + random.wait(scenario.skip)
        next.seek = app.seeks ? now + random.wait(scenario.seek) : .infinity
        next.pause = now + random.wait(scenario.pause)
    }

    /// Plays the next song.
    private mutating func goOn() {
        settle(isOver: false)
        queue.removeFirst()
        fill()
        begin()
    }

    /// Seconds of sound that are there and not heard.
    private var ahead: Double {
        queue.dropFirst().reduce(buffer.ahead) { $0 + $1.seconds(upTo: $1.end) }
    }

    /// The song to fetch now; nil if there is enough.
    private func wanted() -> Int? {
        if let first = queue.first, !first.isWhole { return first.number }
        return ahead < app.mostAhead ? queue.first { !$0.isWhole }?.number : nil
    }

    private func place(of number: Int) throws -> Int {
        guard let place = queue.firstIndex(where: { $0.number == number }) else { throw Turn.cut }
        return place
    }

    /// Fetches a song from where it ends until it is whole, or until something happens.
    private mutating func fetch(_ number: Int) async throws {
        let wanted = queue[try place(of: number)]
        let begin = wanted.end
        var request = scenario.library.request(wanted.path)
        request.headers.add(name: "Range", value: "bytes=\(begin)-")
        if begin > wanted.first { scenario.measurements.note { $0.resumes += 1 } }
        if queue[0].number == number { floor.ask(from: begin, first: now() + link.profile.latency) }
        try await Task.sleep(for: .seconds(link.profile.latency))
        let response = try await scenario.library.client.execute(request, deadline: .now() + .seconds(3600))
        let total = try length(of: response, from: begin, wanted)
        queue[try place(of: number)].total = total
        for try await var piece in response.body {
            // A network carries packets: what comes in seconds is heard before the last of it is there.
            while let part = piece.readSlice(length: min(piece.readableBytes, max(1500, Int(link.profile.rate / 80)))),
                part.readableBytes > 0
            {
                try await take(part, of: number, wanted.path)
            }
        }
        guard queue[try place(of: number)].isWhole else { throw Phone.WrongAnswer(path: wanted.path, status: 0) }
    }

    /// Takes what a transfer brings when the network has carried it, and reads no further than the app does.
    private mutating func take(_ part: ByteBuffer, of number: Int, _ path: String) async throws {
        try await wait(link.delay(part.readableBytes, now: now()))
        let place = try place(of: number)
        files.receive(part, of: path, at: queue[place].end)
        queue[place].end += part.readableBytes
        queue[place].fetched += part.readableBytes
        let second = scenario.second
        scenario.measurements.note { totals in
            totals.fetched += part.readableBytes
            totals.change(second: second) { $0.fetched += part.readableBytes }
        }
        if place == 0 { receive() }
        try await live()
        while ahead > app.mostAhead {
            try await idle()
            _ = try self.place(of: number)
        }
    }

    /// The bytes of the whole file that an answer is a part of.
    private mutating func length(of response: HTTPClientResponse, from begin: Int, _ song: QueuedSong) throws -> Int {
        if response.status == .serviceUnavailable || response.status == .tooManyRequests {
            wasRefused = true
            scenario.measurements.note { $0.refusals += 1 }
            throw Turn.refused(response.headers.first(name: "Retry-After").flatMap(Double.init) ?? 1)
        }
        let range = response.headers.first(name: "Content-Range") ?? ""
        guard response.status == .partialContent, let total = range.split(separator: "/").last.flatMap({ Int($0) }),
            range == "bytes \(begin)-\(total - 1)/\(total)", song.total ?? total == total,
            response.headers.first(name: "Content-Length") == "\(total - begin)",
            let tag = response.headers.first(name: "ETag"), tag.hasPrefix("\""), tag.hasSuffix("\"")
        else { throw Phone.WrongAnswer(path: song.path, status: Int(response.status.code)) }
        try files.begin(song.path, bytes: total, entityTag: String(tag.dropFirst().dropLast()))
        return total
    }

    /// Tells the buffer what is there of the song that plays.
    private mutating func receive() {
        let had = buffer.hasStarted
        buffer.receive(upTo: queue[0].seconds(upTo: queue[0].end), now: now())
        noteStalls()
        guard !had, buffer.hasStarted else { return }
        let microseconds = UInt64(max(1, (now() - asked) * 1e6))
        let (second, isSeek) = (scenario.second, isSeek)
        scenario.measurements.note { totals in
            totals.change(second: second) { $0.starts += 1 }
            if isSeek { totals.seeks.record(microseconds) } else { totals.startUps.record(microseconds) }
        }
    }

    private mutating func noteStalls() {
        let stalls = buffer.takeStalls()
        guard stalls > 0 else { return }
        hasStalled = true
        let (second, isExplained) = (scenario.second, floor.explainsStall)
        scenario.measurements.note { totals in
            totals.stalls += stalls
            if !isExplained { totals.unexplainedStalls += stalls }
            totals.change(second: second) { $0.stalls += stalls }
        }
    }

    /// Does what is due.
    private mutating func live() async throws {
        let now = now()
        if let total = queue[0].total { floor.advance(to: now, rate: link.profile.rate, of: total) }
        buffer.advance(to: now)
        noteStalls()
        if now >= scenario.end { throw Turn.over }
        if now >= next.handOver {
            next.handOver = now + random.wait(scenario.handOver)
            link.profile = scenario.networks.randomElement(using: &random) ?? link.profile
        }
        try await announce()
        if buffer.isOver, queue[0].isWhole { return goOn() }
        if now >= next.skip {
            scenario.measurements.note { $0.skips += 1 }
            return goOn()
        }
        if now >= next.pause {
            next.pause = now + random.wait(scenario.pause)
            let seconds = Double.random(in: 2..<15, using: &random)
            buffer.pause(for: seconds, now: now)
            floor.pause(for: seconds, now: now)
        }
        if now >= next.seek, queue[0].total != nil { try seek() }
        if now >= next.drop {
            next.drop = now + random.wait(scenario.drop)
            throw Turn.dropped
        }
    }

    /// Plays on elsewhere in the song: at once if that is there, else from a range that begins there.
    private mutating func seek() throws {
        let now = now()
        next.seek = now + random.wait(scenario.seek)
        let position = Double.random(in: 0..<queue[0].song.duration * 0.9, using: &random)
        let byte = queue[0].byte(at: position)
        let isThere = (queue[0].first..<max(queue[0].first, queue[0].end)).contains(byte)
        settle(isOver: false)
        queue[0].fetched = 0
        if !isThere { (queue[0].first, queue[0].end) = (byte, byte) }
        (asked, isSeek) = (now, true)
        buffer = PlaybackBuffer(duration: queue[0].song.duration, position: position, now: now)
        floor = NetworkFloor(buffer, upTo: queue[0].end, mostAhead: app.mostAhead, now: now)
        guard isThere else { throw Turn.cut }
        receive()
    }

    /// Tells the server what plays, once a song has begun.
    private mutating func announce() async throws {
        guard buffer.hasStarted, !hasAnnounced else { return }
        hasAnnounced = true
        let id = queue[0].song.id
        var calls = [app.call("scrobble", "id=\(id)&submission=false")]
        if app == .symfonium { calls += [app.call("getSong", "id=\(id)"), app.call("getLyricsBySongId", "id=\(id)")] }
        for call in calls {
            if !app.isRight(try await scenario.library.text(call)) { scenario.measurements.error("failed: \(call)") }
        }
    }

    private mutating func idle() async throws {
        try await Task.sleep(for: .milliseconds(100))
        try await live()
    }

    private mutating func wait(_ seconds: Double) async throws {
        var left = seconds
        while left > 0 {
            try await Task.sleep(for: .seconds(min(left, 0.25)))
            left -= 0.25
            if left > 0 { try await live() }
        }
    }

    /// Adds up what a song, or the stretch up to a seek, came to.
    private mutating func settle(isOver: Bool) {
        buffer.advance(to: min(now(), scenario.end))
        noteStalls()
        let (song, buffer) = (queue[0], buffer)
        let unheard = max(0, Double(song.fetched) - buffer.played * song.bytesPerSecond)
        scenario.measurements.note { totals in
            totals.played += buffer.played
            totals.stalled += buffer.stalled
            if isOver { totals.held += unheard } else { totals.wasted += unheard }
        }
    }
}
