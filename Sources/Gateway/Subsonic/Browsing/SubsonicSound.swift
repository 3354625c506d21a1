import Locker

/// The extension `sonicSimilarity`: songs that sound alike, and ways between two songs.
struct SubsonicSound: Sendable {
    private static let most = 500

    let catalogue: Catalogue
    let suggestions: Suggestions

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getSonicSimilarTracks", scope: .library) { request, account in
            let count = try request.count("count", or: 10, atMost: Self.most)
            guard let alike = try await suggestions.alike(try request.id(), for: account, limit: count) else {
                throw SubsonicError.notFound
            }
            return try await answer(alike, account)
        }
        endpoints.route("findSonicPath", scope: .library) { request, account in
            let count = try request.count("count", or: 25, atMost: Self.most)
            let (start, end) = (try request.text("startSongId"), try request.text("endSongId"))
            guard let path = try await suggestions.path(from: start, to: end, for: account, longest: count) else {
                throw SubsonicError.notFound
            }
            return try await answer(path, account)
        }
    }

    private func answer(_ tracks: [(id: String, proximity: Double)], _ account: Int64) async throws -> SubsonicAnswer {
        let songs = try await catalogue.songs(ids: tracks.map(\.id), account: account)
        let proximities = Dictionary(tracks.map { ($0.id, $0.proximity) }) { first, _ in first }
        let matches = songs.map { song -> SubsonicElement in
            ["similarity": .real(proximities[song.track.id] ?? -1), "entry": .element(SubsonicElement(song))]
        }
        return SubsonicAnswer("sonicMatch", .list(matches))
    }
}
