import Foundation
import Locker

/// Plays as players report them, and what is played now. A stream that is fetched is no play.
struct SubsonicPlays: Sendable {
    /// Reports of positions count a play once half of the track was heard, or this many seconds.
    private static let longestUntilCounted = 240.0

    let catalogue: Catalogue
    let board: NowPlayingBoard

    /// What the reports of one track's positions say. Times are milliseconds.
    private struct Heard {
        /// Since 1970.
        var at: Int
        /// Nil if it is not known.
        var milliseconds: Int?
        /// Nil while it plays.
        var stopped: Int?
    }

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("scrobble", scope: .library, scrobble)
        endpoints.route("reportPlayback", scope: .library, report)
        endpoints.route("getNowPlaying", scope: .library, nowPlaying)
    }

    private var now: Int { Int(Date.now.timeIntervalSince1970 * 1000) }

    @Sendable private func scrobble(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let ids = try request.texts("id")
        guard !ids.isEmpty else { throw SubsonicError.missing("id") }
        let isPlay = try request.flag("submission", or: true)
        let now = now
        // Each belongs to the song in its place, so one that is empty keeps its place.
        let times = try request.parameters.all("time").map { text throws(SubsonicError) -> Int? in
            guard let given = SubsonicRequest.given(text) else { return nil }
            return Self.time(try SubsonicRequest.number(given, "time"), now: now)
        }
        var isFound = false
        for (place, id) in ids.enumerated() {
            guard let track = try await catalogue.track(id: id, account: account) else { continue }
            isFound = true
            if isPlay {
                try await count(track, at: place < times.count ? times[place] : nil, request, account, now)
            } else {
                board.update(request.client, of: account, track: id, at: 0, now: now) { entry in
                    let known = entry
                    // A player that reports its positions too says more by them, and has its play counted by them.
                    if let known, known.position > 0, known.state != .stopped { return }
                    entry = NowPlayingBoard.Entry(
                        track: id, duration: track.duration, client: request.client, started: now, reported: now)
                    if known?.counted == .byPositions { entry?.counted = .byPositions }
                }
            }
        }
        guard isFound else { throw SubsonicError.notFound }
        return .ok
    }

    /// Milliseconds since 1970 of a time that a player names: some name seconds, and some clocks are ahead.
    private static func time(_ time: Int, now: Int) -> Int? {
        let milliseconds = (100_000_000..<100_000_000_000).contains(time) ? time * 1000 : time
        return milliseconds > 0 && milliseconds <= now + 24 * 60 * 60 * 1000 ? milliseconds : nil
    }

    private func count(
        _ track: Track, at time: Int?, _ request: SubsonicRequest, _ account: Int64, _ now: Int
    ) async throws {
        // The same play may be reported by its positions too, before or after.
        let isKnown = board.submit(
            request.client, of: account, track: track.id, duration: track.duration, at: time, now: now)
        if isKnown { return }
        _ = try await catalogue.markPlayed(
            id: track.id, account: account, at: time, source: .scrobble, keeping: request.plan.terms.history)
    }

    @Sendable private func report(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.song()
        guard let position = try request.number("positionMs") else { throw SubsonicError.missing("positionMs") }
        guard let state = NowPlayingBoard.State(rawValue: try request.text("state")) else {
            throw SubsonicError(.parameter, "state must be starting, playing, paused or stopped")
        }
        let rate = SubsonicRequest.given(request.parameters["playbackRate"]).map { Double($0) ?? .nan } ?? 1
        guard position >= 0, rate.isFinite, (0...100).contains(rate) else {
            throw SubsonicError(.parameter, "positionMs and playbackRate must not be negative")
        }
        let isIgnored = try request.flag("ignoreScrobble")
        guard let track = try await catalogue.track(id: id, account: account) else {
            throw SubsonicError.notFound
        }
        let now = now
        let needed = min(track.duration / 2, Self.longestUntilCounted) * 1000
        let place = min(position, Int(clamping: Int64(min(track.duration * 1000, 1e15))))
        let heard = board.update(
            request.client, of: account, track: id, at: place, isStart: state == .starting, now: now
        ) { entry -> Heard? in
            if entry == nil {
                entry = NowPlayingBoard.Entry(
                    track: id, duration: track.duration, client: request.client, started: max(0, now - place), reported: now)
                // The first report of a track that is under way: it has played from its start.
                if state != .starting {
                    entry?.position = place
                    entry?.heard = place
                }
            }
            entry?.report(place, at: now)
            entry?.state = state
            entry?.rate = rate
            guard let known = entry, state != .starting, !isIgnored, known.counted != .bySubmission else { return nil }
            let isPlay = Double(position) >= needed || known.counted != nil
            // What stops before it is a play may be a skip, and a play says later where it stopped.
            guard state == .stopped || (isPlay && known.counted == nil) else { return nil }
            if isPlay { entry?.counted = .byPositions }
            // If a seek led to the position, how much was heard is not known.
            let isPlausible = !isPlay || Double(known.heard) >= needed
            return Heard(
                at: known.started, milliseconds: isPlausible ? known.heard : nil, stopped: state == .stopped ? place : nil)
        }
        if let heard {
            _ = try await catalogue.markPlayed(
                id: id, account: account, at: heard.at, stopped: heard.stopped, heard: heard.milliseconds, source: .subsonic,
                keeping: request.plan.terms.history)
        }
        return .ok
    }

    @Sendable private func nowPlaying(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let now = now
        let entries = board.entries(of: account, now: now)
        let name = try await request.username(account, in: catalogue)
        var elements: [SubsonicElement] = []
        for (place, entry) in entries.enumerated() {
            guard let song = try await catalogue.song(id: entry.track, account: account) else { continue }
            var element = SubsonicElement(song)
            element.add("username", name)
            element.add("minutesAgo", max(0, now - entry.started) / 60_000)
            element.add("playerId", place + 1)
            element.add("playerName", entry.client)
            element.add("state", entry.state.rawValue)
            element.add("positionMs", .long(entry.position(at: now)))
            element.add("playbackRate", .real(entry.rate))
            elements.append(element)
        }
        return SubsonicAnswer("nowPlaying", ["entry": .list(elements)])
    }
}
