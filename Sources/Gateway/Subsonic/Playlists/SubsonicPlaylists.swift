import Locker

/// Playlists, which are their owner's alone.
struct SubsonicPlaylists: Sendable {
    private static let longestName = 500

    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getPlaylists", scope: .library, list)
        endpoints.route("getPlaylist", scope: .library) { request, account in
            try await answer(try request.id(), request, account)
        }
        endpoints.route("createPlaylist", scope: .library, create)
        endpoints.route("updatePlaylist", scope: .library, update)
        endpoints.route("deletePlaylist", scope: .library) { request, account in
            guard try await catalogue.removePlaylist(id: try request.id(), account: account) else {
                throw SubsonicError.notFound
            }
            return .ok
        }
    }

    @Sendable private func list(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let owner = try await request.username(account, in: catalogue)
        if let name = try request.optional("username"), !name.isEmpty, name.lowercased() != owner.lowercased() {
            throw SubsonicError(.notAuthorised, "playlists are their owner's alone")
        }
        var (elements, after) = ([SubsonicElement](), String?.none)
        repeat {
            let page = try await catalogue.playlists(account: account, after: after, limit: 500)
            elements += page.items.map { SubsonicElement($0, owner: owner) }
            after = page.next
        } while after != nil
        return SubsonicAnswer("playlists", ["playlist": .list(elements)])
    }

    private func answer(_ id: String, _ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        guard let playlist = try await catalogue.playlist(id: id, account: account),
            let songs = try await catalogue.songs(ofPlaylist: id, account: account)
        else { throw SubsonicError.notFound }
        var element = SubsonicElement(playlist, owner: try await request.username(account, in: catalogue))
        element.add("entry", .list(songs) { SubsonicElement($0) })
        return SubsonicAnswer("playlist", element)
    }

    /// Makes a playlist, or replaces the songs of one. Either is one transaction.
    @Sendable private func create(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let songs = try request.texts("songId")
        try requireRoom(for: songs, request)
        let name = try name(request)
        let playlist: Playlist
        if let id = try request.optional("playlistId"), !id.isEmpty {
            let changed: Playlist?
            do {
                changed = try await catalogue.changePlaylist(id: id, name: name, tracks: songs, account: account)
            } catch CatalogueError.followsRules {
                throw Self.followsRules
            }
            guard let changed else { throw SubsonicError.notFound }
            playlist = changed
        } else {
            guard let name else { throw SubsonicError.missing("name") }
            do {
                playlist = try await catalogue.addPlaylist(
                    named: name, tracks: songs, account: account, ofAtMost: request.plan.terms.playlists)
            } catch CatalogueError.tooManyPlaylists {
                throw SubsonicError(.notAuthorised, "the plan has no room for another playlist")
            }
        }
        return try await answer(playlist.id, request, account)
    }

    @Sendable private func update(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id("playlistId")
        let songs = try request.texts("songIdToAdd")
        var places: Set<Int> = []
        for text in try request.texts("songIndexToRemove") {
            let place = try SubsonicRequest.number(text, "songIndexToRemove")
            guard place >= 0 else { throw SubsonicError(.parameter, "songIndexToRemove must be a number from 0 on") }
            places.insert(place)
        }
        try requireRoom(for: songs, request)
        let playlist: Playlist?
        do {
            playlist = try await catalogue.amendPlaylist(
                id: id, name: try name(request), comment: try request.prose("comment"), removing: places, adding: songs,
                ofAtMost: min(request.plan.terms.playlistTracks, Playlist.mostTracks), account: account)
        } catch CatalogueError.overQuota {
            throw Self.full
        } catch CatalogueError.followsRules {
            throw Self.followsRules
        }
        guard playlist != nil else { throw SubsonicError.notFound }
        return .ok
    }

    /// Nil if it is not given, or empty.
    private func name(_ request: SubsonicRequest) throws(SubsonicError) -> String? {
        guard let name = try request.optional("name", longest: Self.longestName), !name.isEmpty else { return nil }
        guard !name.allSatisfy(\.isWhitespace) else { throw SubsonicError(.parameter, "name must not be empty") }
        return name
    }

    private func requireRoom(for songs: [String], _ request: SubsonicRequest) throws(SubsonicError) {
        guard songs.count <= Playlist.mostTracks else {
            throw SubsonicError(.parameter, "a playlist has at most \(Playlist.mostTracks) songs")
        }
        guard songs.count <= request.plan.terms.playlistTracks else { throw Self.full }
    }

    private static let followsRules = SubsonicError(.notAuthorised, "the songs of a smart playlist follow its rules")
    private static let full = SubsonicError(.notAuthorised, "the plan does not allow so many songs in a playlist")
}
