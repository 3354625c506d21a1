import AsyncHTTPClient
import Foundation
import NIOCore

extension Phone {
    /// Plays over HLS, each segment in the variant that the network carried last.
    mutating func playSegments(_ song: Song, from start: Double) async throws {
        guard let master = song.masters[String(scenario.play.dropFirst(4))] else { throw Turn.over }
        var asked = now()
        var isSeek = false
        var buffer = PlaybackBuffer(duration: song.duration, position: start, now: asked)
        let variants = Variant.all(in: try await text(master), at: master)
        guard var variant = variants.first else { throw WrongAnswer(path: master, status: 0) }
        var playlists: [String: [Segment]] = [:]
        var position = start
        // Bytes and seconds of segments, and seconds of them heard before the last seek.
        var fetched = (bytes: 0.0, seconds: 0.0)
        var heard = 0.0
        defer {
            buffer.advance(to: min(now(), scenario.end))
            let unheard = 1 - (heard + buffer.played) / max(0.001, fetched.seconds)
            settle(buffer, fetched: 0, bytesPerSecond: 0, wasted: fetched.bytes * max(0, unheard))
        }
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
                fetched = (fetched.bytes + Double(size), fetched.seconds + segment.duration)
                position = end
                note(&buffer, upTo: end, asked: asked, isSeek: isSeek)
                try await live(&buffer)
            } catch Turn.drop {
                scenario.measurements.note { $0.drops += 1 }
            } catch Turn.refused(let seconds) {
                try await comeBack(after: seconds, &buffer)
                if !buffer.hasStarted { asked = now() }
            } catch Turn.seek {
                settle(buffer, fetched: 0, bytesPerSecond: 0)
                heard += buffer.played
                position = Double.random(in: 0..<song.duration * 0.9, using: &random)
                asked = now()
                isSeek = true
                buffer = PlaybackBuffer(duration: song.duration, position: position, now: asked)
            }
        }
    }

    mutating func text(_ path: String) async throws -> String {
        try await Task.sleep(for: .seconds(link.profile.latency))
        return try await scenario.library.text(path)
    }

    mutating func segmentBytes(_ segment: Segment, _ buffer: inout PlaybackBuffer) async throws -> Int {
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
        noteFetched(size)
        throughput = Double(size) * 8 / max(0.001, now() - start)
        return size
    }
}
