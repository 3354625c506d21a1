import Audio
import Hummingbird
import Locker

/// `getCoverArt`, for the ids of tracks, albums, artists and playlists alike: clients send others than those they were told.
struct SubsonicCovers: Sendable {
    /// Characters of an id; see ``Locker/Identifier``.
    private static let idLength = 22
    /// The kinds of items in the order in which an id is looked for.
    private enum Kind: String, CaseIterable {
        case track = "tr"
        case album = "al"
        case artist = "ar"
        case playlist = "pl"
    }

    let catalogue: Catalogue
    let media: Media

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.media("getCoverArt", cover)
    }

    @Sendable private func cover(_ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        let size = try request.number("size").flatMap { $0 > 0 ? String($0) : nil }
        guard let track = try await track(try request.id(), account) else { throw SubsonicError.notFound }
        let asked = try await MediaRequest(
            request.request, request.context, track: track.id, wishes: MediaWishes(), in: catalogue)
        return try await media.cover(asked, size: size)
    }

    /// A track whose cover is the item's; nil if there is no such item, or none of its tracks has a cover.
    ///
    /// - Parameter text: an id, or one behind a kind: `pl-` is what some clients put before a playlist's.
    private func track(_ text: String, _ account: Int64) async throws -> Track? {
        let id = String(text.suffix(Self.idLength))
        guard Identifier.isOne(id) else { return nil }
        let mark = text.dropLast(Self.idLength)
        let stated = Kind.allCases.filter { mark == "\($0.rawValue)-" }
        for kind in stated.isEmpty ? Kind.allCases : stated {
            if let track = try await self.track(ofItem: id, kind, account) { return track }
        }
        return nil
    }

    private func track(ofItem id: String, _ kind: Kind, _ account: Int64) async throws -> Track? {
        switch kind {
        case .track:
            guard let track = try await catalogue.recentTrack(id: id, account: account) else { return nil }
            return track.art != nil ? track : try await catalogue.album(id: track.albumID, account: account)?.cover
        case .album:
            return try await catalogue.album(id: id, account: account)?.cover
        case .artist:
            return try await catalogue.cover(ofArtist: id, account: account)
        case .playlist:
            return try await catalogue.tracks(ofPlaylist: id, account: account, limit: 100)?.items.first { $0.art != nil }
        }
    }
}

extension Catalogue {
    /// A track whose cover stands for the artist; nil if none of the artist's has one.
    func cover(ofArtist id: String, account: Int64) async throws -> Track? {
        let albums = try await albums(account: account, ofArtist: id, limit: 500).items
        if let cover = albums.lazy.compactMap(\.cover).last { return cover }
        return try await tracks(account: account, .artist(id), limit: 100).items.first { $0.art != nil }
    }
}
