import Locker

/// The library by artists and albums, and as folders: an artist has albums, and an album has songs.
struct SubsonicBrowsing: Sendable {
    let catalogue: Catalogue

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getMusicFolders", scope: .library) { _, _ in
            let folder: SubsonicElement = ["id": .number(SubsonicNames.folder), "name": .text(SubsonicNames.folderName)]
            return SubsonicAnswer("musicFolders", ["musicFolder": .list([folder])])
        }
        endpoints.route("getIndexes", scope: .library, indexes)
        endpoints.route("getMusicDirectory", scope: .library, directory)
        endpoints.route("getGenres", scope: .library, genres)
        endpoints.route("getArtists", scope: .library, artists)
        endpoints.route("getArtist", scope: .library, artist)
        endpoints.route("getAlbum", scope: .library, album)
        endpoints.route("getSong", scope: .library, song)
    }

    @Sendable private func indexes(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        try request.checkFolder()
        let changed = try await catalogue.libraryChanged(account: account)
        var indexes: SubsonicElement = ["lastModified": .long(changed), "ignoredArticles": ""]
        if let since = try request.number("ifModifiedSince"), since > 0, changed <= since {
            return SubsonicAnswer("indexes", indexes)
        }
        let artists = try await catalogue.artistEntries(account: account)
        indexes.add("index", SubsonicIndex(artists).elements { SubsonicElement(folder: $0) })
        indexes.add("shortcut", .list([] as [SubsonicValue]))
        indexes.add("child", .list([] as [SubsonicValue]))
        return SubsonicAnswer("indexes", indexes)
    }

    @Sendable private func artists(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        try request.checkFolder()
        let artists = try await catalogue.artistEntries(account: account)
        return SubsonicAnswer(
            "artists", ["ignoredArticles": "", "index": .list(SubsonicIndex(artists).elements { SubsonicElement($0) })])
    }

    @Sendable private func genres(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let genres = try await catalogue.genreEntries(account: account).map { genre, albums -> SubsonicElement in
            ["songCount": .number(genre.tracks), "albumCount": .number(albums), "value": .text(genre.name)]
        }
        return SubsonicAnswer("genres", ["genre": .list(genres)])
    }

    @Sendable private func artist(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        guard let artist = try await catalogue.artistEntry(id: id, account: account) else { throw SubsonicError.notFound }
        var element = SubsonicElement(artist)
        element.add("album", .list(try await catalogue.albumEntries(ofArtist: id, account: account)) { SubsonicElement($0) })
        return SubsonicAnswer("artist", element)
    }

    @Sendable private func album(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        guard let album = try await catalogue.albumEntry(id: id, account: account) else { throw SubsonicError.notFound }
        var element = SubsonicElement(album)
        element.add("song", .list(try await catalogue.songs(account: account, .album(id))) { SubsonicElement($0) })
        return SubsonicAnswer("album", element)
    }

    @Sendable private func song(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        guard let song = try await catalogue.song(id: try request.id(), account: account) else { throw SubsonicError.notFound }
        return SubsonicAnswer("song", SubsonicElement(song))
    }

    @Sendable private func directory(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        var directory = SubsonicElement(capacity: 8)
        directory.add("id", id)
        if id == "\(SubsonicNames.folder)" || id == "0" {
            directory.add("name", SubsonicNames.folderName)
            let artists = try await catalogue.artistEntries(account: account)
            directory.add("child", .list(artists) { SubsonicElement(directory: $0) })
        } else if let album = try await catalogue.albumEntry(id: id, account: account) {
            directory.add("parent", album.album.artistID)
            directory.add("name", SubsonicNames.album(album.album.name))
            directory.add(album.album.marks)
            directory.add("playCount", album.plays)
            directory.add("child", .list(try await catalogue.songs(account: account, .album(id))) { SubsonicElement($0) })
        } else if let artist = try await catalogue.artistEntry(id: id, account: account) {
            directory.add("parent", "\(SubsonicNames.folder)")
            directory.add("name", SubsonicNames.artist(artist.artist.name))
            directory.add(artist.artist.marks)
            let albums = try await catalogue.albumEntries(ofArtist: id, account: account)
            directory.add("child", .list(albums) { SubsonicElement(directory: $0) })
        } else {
            throw SubsonicError.notFound
        }
        return SubsonicAnswer("directory", directory)
    }
}
