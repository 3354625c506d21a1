import AsyncHTTPClient
import Foundation
import NIOCore

/// A track as the server tells of it.
struct Song: Sendable {
    struct Stream: Sendable {
        let path: String
        let bytes: Int
        let entityTag: String
    }

    let id: String
    /// Seconds.
    let duration: Double
    /// Progressive renditions by name.
    let streams: [String: Stream]
    let original: Stream
    /// Master playlists by ladder.
    let masters: [String: String]
}

/// A variant of a master playlist (RFC 8216 §4.3.4.2).
struct Variant: Sendable {
    /// bit/s.
    let bandwidth: Int
    let path: String

    static func all(in master: String, at path: String) -> [Variant] {
        let lines = master.split(separator: "\n").map(String.init)
        return zip(lines, lines.dropFirst()).compactMap { line, next in
            guard line.hasPrefix("#EXT-X-STREAM-INF:"), let field = line.firstMatch(of: /[:,]BANDWIDTH=(\d+)/) else { return nil }
            return Variant(bandwidth: Int(field.1) ?? 0, path: resolve(next, against: path))
        }
    }
}

/// A segment of a media playlist.
struct Segment: Sendable {
    /// Seconds.
    let duration: Double
    let path: String

    static func all(in playlist: String, at path: String) -> [Segment] {
        let lines = playlist.split(separator: "\n").map(String.init)
        return zip(lines, lines.dropFirst()).compactMap { line, next in
            guard line.hasPrefix("#EXTINF:"), let seconds = Double(line.dropFirst(8).prefix { $0 != "," }) else { return nil }
            return Segment(duration: seconds, path: resolve(next, against: path))
        }
    }
}

private func resolve(_ reference: String, against path: String) -> String {
    guard let base = URL(string: "http://server" + path), let url = URL(string: reference, relativeTo: base)?.absoluteURL else {
        return reference
    }
    return url.path + (url.query.map { "?\($0)" } ?? "")
}

/// The server's side of the conversation, without the network's faults.
struct Library: Sendable {
    let base: String
    let token: String?
    let client: HTTPClient

    func request(_ path: String) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: base + path)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        return request
    }

    func text(_ path: String) async throws -> String {
        let response = try await client.execute(request(path), timeout: .seconds(60))
        return String(buffer: try await response.body.collect(upTo: 16 << 20))
    }

    func songs() async throws -> [Song] {
        struct Page: Decodable {
            struct Item: Decodable {
                struct Rendition: Decodable {
                    let name: String
                    let bytes: Int?
                    let etag: String
                    let url: String
                }

                let id: String
                let duration: Double
                let renditions: [Rendition]
                let hls: [String: String]
                let original: String
                let bytes: Int
                let sha256: String
            }

            let items: [Item]
            let next: String?
        }
        var songs: [Song] = []
        var after: String?
        repeat {
            let page = try JSONDecoder().decode(
                Page.self,
                from: Data(try await text("/api/v1/tracks?limit=500&sort=title" + (after.map { "&after=\($0)" } ?? "")).utf8))
            songs += page.items.map { item in
                let streams = item.renditions.compactMap { rendition in
                    rendition.bytes.map {
                        (rendition.name, Song.Stream(path: rendition.url, bytes: $0, entityTag: rendition.etag))
                    }
                }
                return Song(
                    id: item.id, duration: item.duration, streams: Dictionary(uniqueKeysWithValues: streams),
                    original: Song.Stream(path: item.original, bytes: item.bytes, entityTag: item.sha256), masters: item.hls)
            }
            after = page.next
        } while after != nil
        return songs
    }

    /// Prometheus series by name and labels.
    func metrics() async throws -> [String: Double] {
        try await text("/metrics").split(separator: "\n").reduce(into: [:]) { series, line in
            guard !line.hasPrefix("#"), let space = line.lastIndex(of: " ") else { return }
            series[String(line[..<space])] = Double(line[line.index(after: space)...])
        }
    }
}
