import Crypto
import Foundation
import Locker

/// What the locker itself knows about artists and albums: others that are like them, and the songs that are played most.
struct SubsonicInfo: Sendable {
    private static let mostSimilar = 500
    /// Members of an artist's and an album's information, and pixels of the longer side of what they link to.
    private static let images: [(name: StaticString, size: Int)] = [
        ("smallImageUrl", 160), ("mediumImageUrl", 320), ("largeImageUrl", 640)
    ]

    let catalogue: Catalogue
    let suggestions: Suggestions
    let ticketKey: SymmetricKey

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getArtistInfo", scope: .library) { request, account in
            SubsonicAnswer("artistInfo", try await artistInfo(request, account) { SubsonicElement(folder: $0) })
        }
        endpoints.route("getArtistInfo2", scope: .library) { request, account in
            SubsonicAnswer("artistInfo2", try await artistInfo(request, account) { SubsonicElement($0) })
        }
        for name in ["getAlbumInfo", "getAlbumInfo2"] { endpoints.route(name, scope: .library, albumInfo) }
        endpoints.route("getSimilarSongs", scope: .library) { request, account in
            SubsonicAnswer("similarSongs", try await similarSongs(request, account))
        }
        endpoints.route("getSimilarSongs2", scope: .library) { request, account in
            SubsonicAnswer("similarSongs2", try await similarSongs(request, account))
        }
        endpoints.route("getTopSongs", scope: .library, topSongs)
    }

    /// The artist of an id, which may be an album's or a song's.
    private func artistID(_ id: String, _ account: Int64) async throws -> String {
        if try await catalogue.artistEntry(id: id, account: account) != nil { return id }
        if let album = try await catalogue.albumEntry(id: id, account: account) { return album.album.artistID }
        if let track = try await catalogue.track(id: id, account: account) { return track.artistID }
        throw SubsonicError.notFound
    }

    private func artistInfo(
        _ request: SubsonicRequest, _ account: Int64, _ element: @escaping @Sendable (ArtistEntry) -> SubsonicElement
    ) async throws -> SubsonicElement {
        let count = try request.count("count", or: 20, atMost: Self.mostSimilar)
        let id = try await artistID(try request.id(), account)
        let similar = try await catalogue.similarArtists(to: id, account: account, limit: count)
        var info = SubsonicElement(capacity: 4)
        addImages(of: try await catalogue.cover(ofArtist: id, account: account), to: &info, request)
        info.add("similarArtist", .list(similar, element))
        return info
    }

    /// Adds links to the cover of a track, which open without Subsonic's credentials; none if there is no cover, nor for a key that is
    /// not for media.
    private func addImages(of track: Track?, to info: inout SubsonicElement, _ request: SubsonicRequest) {
        let origin = request.origin
        guard let track, track.art != nil, !origin.isEmpty, request.context.scopes.isSuperset(of: .stream) else { return }
        // Clients keep the answer for days. The links are the same all day, so that their caches find the pictures again.
        let day = 24 * 60 * 60
        let expires = (Int(Date.now.timeIntervalSince1970) / day + 31) * day
        let ticket = Ticket(account: track.account, track: track.id, rendition: Ticket.coverAlone, expires: expires)
        let link = "\(origin)\(track.artPath)?ticket=\(ticket.signed(with: ticketKey))"
        for (name, size) in Self.images { info.add(name, .content("\(link)&size=\(size)")) }
    }

    @Sendable private func albumInfo(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        var album = try await catalogue.albumEntry(id: id, account: account)
        if album == nil, let track = try await catalogue.track(id: id, account: account) {
            album = try await catalogue.albumEntry(id: track.albumID, account: account)
        }
        guard let album else { throw SubsonicError.notFound }
        var info: SubsonicElement = ["musicBrainzId": album.release.isEmpty ? nil : .content(album.release)]
        if let cover = album.cover {
            addImages(of: try await catalogue.track(id: cover, account: account), to: &info, request)
        }
        return SubsonicAnswer("albumInfo", info)
    }

    private func similarSongs(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicElement {
        let count = try request.count("count", or: 50, atMost: Self.mostSimilar)
        let id = try request.id()
        let song = try await catalogue.song(id: id, account: account)
        let radio: RadioSeed
        if song != nil {
            radio = .track(id)
        } else if try await catalogue.albumEntry(id: id, account: account) != nil {
            radio = .album(id)
        } else if try await catalogue.artistEntry(id: id, account: account) != nil {
            radio = .artist(id)
        } else {
            throw SubsonicError.notFound
        }
        let found = try await suggestions.radio(from: radio, for: account, limit: count + 1) ?? []
        let alike = found.map(\.track.id).filter { $0 != id }.prefix(count)
        var songs = try await catalogue.songs(ids: Array(alike), account: account)
        if alike.isEmpty {
            let seeds =
                switch radio {
                case .album: try await catalogue.songs(account: account, .album(id), limit: 100)
                case .artist: try await catalogue.topSongs(ofArtist: id, account: account, limit: 20)
                default: [song].compactMap(\.self)
                }
            let hidden = try await suggestions.hiddenTracks(of: account)
            songs = try await catalogue.similarSongs(to: seeds, account: account, limit: count)
            songs.removeAll { hidden.contains($0.track.id) }
        }
        return ["song": .list(songs) { SubsonicElement($0) }]
    }

    @Sendable private func topSongs(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let count = try request.count("count", or: 50, atMost: Self.mostSimilar)
        var id = try request.optional("id")
        if let id, !id.isEmpty {
            guard try await catalogue.artistEntry(id: id, account: account) != nil else { throw SubsonicError.notFound }
        } else {
            // A name that is not known has no songs, as at other servers.
            id = try await catalogue.artistID(named: try request.text("artist"), account: account)
        }
        var songs: [SongEntry] = []
        if let id {
            let hidden = try await suggestions.hiddenTracks(of: account)
            songs = try await catalogue.topSongs(ofArtist: id, account: account, limit: count)
            songs.removeAll { hidden.contains($0.track.id) }
        }
        return SubsonicAnswer("topSongs", ["song": .list(songs) { SubsonicElement($0) }])
    }
}
