import Locker

/// The play queue, by the current song's id or by its place, and bookmarks.
struct SubsonicQueue: Sendable {
    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getPlayQueue", scope: .library) { request, account in
            try await queue(request, account, "playQueue") { queue in
                ["current": .text(queue.tracks[queue.current ?? 0]), "position": .long(queue.position)]
            }
        }
        endpoints.route("getPlayQueueByIndex", scope: .library) { request, account in
            try await queue(request, account, "playQueueByIndex") { queue in
                ["currentIndex": .number(queue.current ?? 0), "position": .long(queue.position)]
            }
        }
        endpoints.route("savePlayQueue", scope: .library, save)
        endpoints.route("savePlayQueueByIndex", scope: .library, saveByIndex)
        endpoints.route("getBookmarks", scope: .library, bookmarks)
        endpoints.route("createBookmark", scope: .library, createBookmark)
        endpoints.route("deleteBookmark", scope: .library) { request, account in
            let id = try request.id()
            let isRemoved = try await catalogue.removeBookmark(ofTrack: id, account: account)
            // Players that finish a song delete its bookmark, whether it has one or not.
            if !isRemoved, try await catalogue.track(id: id, account: account) == nil { throw SubsonicError.notFound }
            return .ok
        }
    }

    /// - Parameter place: the members that say where a queue is that is not empty; without a current song it is at its first.
    private func queue(
        _ request: SubsonicRequest, _ account: Int64, _ name: StaticString, _ place: (PlayQueue) -> SubsonicElement
    ) async throws -> SubsonicAnswer {
        // Before the first, there is an empty one.
        let queue = try await catalogue.playQueue(account: account)
        var element: SubsonicElement = queue.map { $0.tracks.isEmpty ? [:] : place($0) } ?? [:]
        element.add("username", try await request.username(account, in: catalogue))
        element.add("changed", SubsonicTime.text(queue?.changed ?? 0))
        element.add("changedBy", queue?.changedBy ?? "")
        element.add("entry", .list(try await catalogue.songs(ids: queue?.tracks ?? [], account: account)) { SubsonicElement($0) })
        return SubsonicAnswer(name, element)
    }

    @Sendable private func save(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let ids = try request.texts("id")
        guard !ids.isEmpty else { return try await set([], current: nil, request, account) }
        let current = try request.text("current")
        guard let place = ids.firstIndex(of: current) else {
            throw SubsonicError(.parameter, "current must be one of the ids")
        }
        return try await set(ids, current: place, request, account)
    }

    @Sendable private func saveByIndex(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let ids = try request.texts("id")
        let index = try request.number("currentIndex")
        guard !ids.isEmpty else {
            guard index == nil else { throw SubsonicError(.parameter, "an empty queue has no currentIndex") }
            return try await set([], current: nil, request, account)
        }
        guard let index else { throw SubsonicError.missing("currentIndex") }
        guard ids.indices.contains(index) else {
            throw SubsonicError(.parameter, "currentIndex must be a place among the ids, from 0 on")
        }
        return try await set(ids, current: index, request, account)
    }

    private func set(
        _ ids: [String], current: Int?, _ request: SubsonicRequest, _ account: Int64
    ) async throws -> SubsonicAnswer {
        guard ids.count <= PlayQueue.mostTracks else {
            throw SubsonicError(.parameter, "a queue has at most \(PlayQueue.mostTracks) songs")
        }
        let position = try Self.position(request) ?? 0
        // A queue is not lost for a song that was deleted meanwhile.
        try await catalogue.setPlayQueue(
            tracks: ids, current: current, position: current == nil ? 0 : position, by: request.client, account: account,
            leavingOutUnknown: true)
        return .ok
    }

    /// Milliseconds of the song, of which those before its beginning are its beginning; nil if they are not given.
    private static func position(_ request: SubsonicRequest) throws(SubsonicError) -> Int? {
        guard let position = try request.number("position") else { return nil }
        guard position <= 1_000_000_000 else { throw SubsonicError(.parameter, "position must be milliseconds of the song") }
        return max(0, position)
    }

    @Sendable private func bookmarks(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let name = try await request.username(account, in: catalogue)
        let bookmarks = try await catalogue.bookmarks(account: account).map { bookmark -> SubsonicElement in
            [
                "position": .long(bookmark.position), "username": .text(name), "comment": .text(bookmark.comment),
                "created": .text(SubsonicTime.text(bookmark.created)), "changed": .text(SubsonicTime.text(bookmark.changed)),
                "entry": .element(SubsonicElement(bookmark.song))
            ]
        }
        return SubsonicAnswer("bookmarks", ["bookmark": .list(bookmarks)])
    }

    @Sendable private func createBookmark(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        guard let position = try Self.position(request) else { throw SubsonicError.missing("position") }
        let isThere = try await catalogue.setBookmark(
            ofTrack: id, position: position, comment: try request.prose("comment") ?? "", account: account)
        guard isThere else { throw SubsonicError.notFound }
        return .ok
    }
}
