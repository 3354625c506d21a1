import HTTPTypes
import Hummingbird
import Locker
import Metrics
import Originals
import Packaging

extension SubsonicMedia {
    /// Songs of one archive: their names are in memory until its end.
    private static let mostSongs = 10_000

    /// A song was deleted while the archive was sent.
    private struct Deleted: Error {}

    /// The originals of an album, an artist or a playlist as a ZIP archive, made while the client reads it.
    ///
    /// The files are stored as they are, so that the length is known before a byte is read. Their sums are not: there are no ranges.
    ///
    /// - Throws: 70 if the account has nothing of this id, 10 if it has too many songs, 429 if the plan allows no further stream.
    func archive(of id: String, _ request: SubsonicRequest, _ account: Int64) async throws -> Response {
        guard let (title, tracks) = try await songs(of: id, account) else { throw SubsonicError.notFound }
        var names = ExportNames()
        for track in tracks { names.note(track) }
        var files: [(name: String, track: Track)] = []
        for track in tracks {
            if let name = names[track.id] { files.append((name, track)) }
        }
        let length = ZipStream.length(ofFiles: files.map { (name: $0.name, size: $0.track.bytes) })
        let headers: HTTPFields = [
            .contentType: "application/zip", .cacheControl: "no-store", .acceptRanges: "none",
            .contentDisposition: contentDisposition(title: title, fileExtension: "zip"), .xContentTypeOptions: "nosniff"
        ]
        if request.request.method == .head {
            return Response(status: .ok, headers: headers, body: .withheld(length: length))
        }
        let (context, sent) = (request.context, files)
        let use = try media.responder.admit(id, of: account, by: request.client, context)
        let body = ResponseBody(contentLength: length) { writer in
            defer { withExtendedLifetime(use) {} }
            var archive = Archive(writer: writer, channel: context.channel)
            for (name, track) in sent {
                var removals: Int?
                try await archive.add(track, as: name, from: media.originals) { piece in
                    let removed = catalogue.removals
                    if removed != removals {
                        removals = removed
                        guard try await catalogue.isStored(track) else { throw Deleted() }
                    }
                    media.responder.responseBytes.increment(by: piece.count)
                }
            }
            try await archive.finish()
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The name of an album, an artist or a playlist, and its tracks, each once; nil if the account has none of this id.
    private func songs(of id: String, _ account: Int64) async throws -> (title: String, tracks: [Track])? {
        let most = Self.mostSongs + 1
        let title: String
        let songs: [SongEntry]
        if let album = try await catalogue.albumEntry(id: id, account: account) {
            title = SubsonicNames.album(album.album.name)
            songs = try await catalogue.songs(account: account, .album(id), limit: most)
        } else if let artist = try await catalogue.artistEntry(id: id, account: account) {
            title = SubsonicNames.artist(artist.artist.name)
            songs = try await catalogue.songs(account: account, .artist(id), limit: most)
        } else if let playlist = try await catalogue.playlist(id: id, account: account) {
            title = playlist.name
            songs = try await catalogue.songs(ofPlaylist: id, account: account) ?? []
        } else {
            return nil
        }
        guard songs.count < most else {
            throw SubsonicError(.parameter, "an archive has at most \(Self.mostSongs) songs")
        }
        var known: Set<String> = []
        return (title, songs.map(\.track).filter { known.insert($0.id).inserted })
    }
}
