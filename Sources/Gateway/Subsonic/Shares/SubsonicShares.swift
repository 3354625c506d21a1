import Crypto
import Foundation
import Locker

/// The account's shares, which ``ShareRoutes`` has too: songs, an album, a playlist or an artist's songs by a link.
struct SubsonicShares: Sendable {
    /// How many songs of a share its document shows.
    private static let mostEntries = 500

    let catalogue: Catalogue
    let key: SymmetricKey

    func add(to endpoints: inout SubsonicEndpoints) {
        endpoints.route("getShares", scope: .library, list)
        endpoints.route("createShare", scope: .library, create)
        endpoints.route("updateShare", scope: .library, update)
        endpoints.route("deleteShare", scope: .library) { request, account in
            guard try await catalogue.removeShare(id: try request.id(), account: account) else { throw SubsonicError.notFound }
            return .ok
        }
    }

    @Sendable private func list(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        var (shares, after) = ([Share](), String?.none)
        repeat {
            let page = try await catalogue.shares(account: account, after: after, limit: 500)
            shares += page.items
            after = page.next
        } while after != nil
        return try await answer(shares, request, account)
    }

    /// Shares what the ids name. Songs of several albums and playlists, and those of an artist, are shared one by
    /// one, as they are now.
    @Sendable private func create(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let ids = try request.texts("id")
        guard !ids.isEmpty else { throw SubsonicError.missing("id") }
        guard ids.count <= Share.mostTracks else { throw Self.tooMany }
        let (description, expires) = (try request.prose("description"), try end(request))
        let share: Share?
        do {
            share = try await catalogue.addShare(
                of: try await subject(ids, account), description: description ?? "", expires: expires ?? nil,
                account: account)
        } catch CatalogueError.tooManyShares {
            throw SubsonicError(.notAuthorised, "there are \(Share.most) shares already: delete one")
        }
        guard let share else { throw SubsonicError.notFound }
        return try await answer([share], request, account)
    }

    @Sendable private func update(_ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let id = try request.id()
        guard let share = try await catalogue.share(id: id, account: account) else { throw SubsonicError.notFound }
        let changed = try await catalogue.changeShare(
            id: id, description: try request.prose("description"), expires: try end(request, now: share.expires),
            account: account)
        guard changed != nil else { throw SubsonicError.notFound }
        return .ok
    }

    private func subject(_ ids: [String], _ account: Int64) async throws -> Share.Subject {
        if let id = ids.first, ids.count == 1 {
            if try await catalogue.albumEntry(id: id, account: account) != nil { return .album(id) }
            if try await catalogue.playlist(id: id, account: account) != nil { return .playlist(id) }
        }
        var tracks: [String] = []
        for id in ids {
            if try await catalogue.track(id: id, account: account) != nil {
                tracks.append(id)
            } else if let songs = try await catalogue.songs(ofPlaylist: id, account: account) {
                tracks += songs.map(\.track.id)
            } else {
                var songs = try await catalogue.songs(account: account, .album(id))
                if songs.isEmpty {
                    songs = try await catalogue.songs(account: account, .artist(id), limit: Share.mostTracks + 1)
                }
                guard !songs.isEmpty else { throw SubsonicError.notFound }
                tracks += songs.map(\.track.id)
            }
            guard tracks.count <= Share.mostTracks else { throw Self.tooMany }
        }
        guard !tracks.isEmpty else { throw SubsonicError.notFound }
        return .tracks(tracks)
    }

    /// Nil if the request does not say when the share ends; a nil within if it never does.
    ///
    /// - Parameter known: the share's end as it is. Clients send it along with other words, also once it has passed.
    private func end(_ request: SubsonicRequest, now known: Int? = nil) throws(SubsonicError) -> Int?? {
        guard let milliseconds = try request.number("expires") else { return nil }
        if milliseconds == 0 { return .some(nil) }
        if milliseconds == known { return .some(known) }
        guard milliseconds > catalogue.time, milliseconds <= SubsonicTime.latest else {
            throw SubsonicError(.parameter, "expires must be milliseconds since 1970 of a time to come, or 0 for never")
        }
        return .some(milliseconds)
    }

    private func answer(_ shares: [Share], _ request: SubsonicRequest, _ account: Int64) async throws -> SubsonicAnswer {
        let owner = try await request.username(account, in: catalogue)
        var elements: [SubsonicElement] = []
        for share in shares {
            let tracks = try await catalogue.tracks(of: share, limit: Self.mostEntries).items
            let songs = try await catalogue.songs(ids: tracks.map(\.id), account: account)
            var element = SubsonicElement(capacity: 9)
            element.add("id", share.id)
            element.add("url", request.origin + ShareToken(of: share.id, key: key).path)
            element.add("description", share.description)
            element.add("username", owner)
            element.add("created", SubsonicTime.text(share.created))
            element.add("expires", share.expires.map(SubsonicTime.text))
            element.add("lastVisited", share.visited.map(SubsonicTime.text))
            element.add("visitCount", share.visits)
            element.add("entry", .list(songs) { SubsonicElement($0) })
            elements.append(element)
        }
        return SubsonicAnswer("shares", ["share": .list(elements)])
    }

    private static let tooMany = SubsonicError(.parameter, "a share has at most \(Share.mostTracks) songs")
}

extension SubsonicRequest {
    /// The scheme and the host that the client reached; empty if it named none, as HTTP/1.0 may.
    var origin: String {
        guard let host = context.client.host else { return "" }
        return (context.client.isTLS ? "https://" : "http://") + host
    }
}
