import Locker

/// Favourites and ratings.
struct SubsonicMarks: Sendable {
    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("star", scope: .library) { request, account in try await setFavourites(true, request, account) }
        endpoints.route("unstar", scope: .library) { request, account in try await setFavourites(false, request, account) }
        endpoints.route("setRating", scope: .library, setRating)
    }

    private func setFavourites(_ isFavourite: Bool, _ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        // An id of a folder is an album's or an artist's.
        let asked: [(ids: [String], kinds: [Markable])] = [
            (try request.texts("id"), [.track, .album, .artist]), (try request.texts("albumId"), [.album]),
            (try request.texts("artistId"), [.artist])
        ]
        guard asked.contains(where: { !$0.ids.isEmpty }) else { throw SubsonicError.missing("id") }
        var isMissing = false
        for (ids, kinds) in asked {
            for id in ids {
                let isThere = try await mark(kinds) { kind in
                    try await catalogue.setFavourite(isFavourite, kind, id: id, account: account)
                }
                isMissing = isMissing || !isThere
            }
        }
        if isMissing { throw SubsonicError.notFound }
        return .ok
    }

    @Sendable private func setRating(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        guard let rating = try request.number("rating") else { throw SubsonicError.missing("rating") }
        guard (0...5).contains(rating) else { throw SubsonicError(.parameter, "rating must be between 0 and 5") }
        let isThere = try await mark(Markable.allCases) { try await catalogue.setRating(rating, $0, id: id, account: account) }
        guard isThere else { throw SubsonicError.notFound }
        return .ok
    }

    /// Whether an item of one of the kinds was marked.
    private func mark(_ kinds: [Markable], _ set: (Markable) async throws -> Bool) async throws -> Bool {
        for kind in kinds where try await set(kind) { return true }
        return false
    }
}
