import Locker
import Packaging

/// An artist of a track or an album, as the API shows it.
struct CreditDocument: Encodable {
    var id: String
    var name: String

    init(_ credit: Credit) { (id, name) = (credit.id, credit.name) }
}

/// An artist as the API shows it.
struct ArtistDocument: Encodable {
    var id: String
    var name: String
    var albums: Int
    var tracks: Int
    @Nullable var favourite: String?
    var rating: Int

    init(_ artist: Artist) {
        id = artist.id
        name = artist.name
        albums = artist.albums
        tracks = artist.tracks
        favourite = artist.marks.favouriteText
        rating = artist.marks.rating
    }
}

/// An album as the API shows it.
struct AlbumDocument: Encodable {
    var id: String
    var name: String
    var artist: String
    var artistId: String
    var artists: [CreditDocument]
    @Nullable var year: Int?
    var tracks: Int
    /// Seconds.
    var duration: Double
    var compilation: Bool
    var added: String
    @Nullable var art: String?
    @Nullable var favourite: String?
    var rating: Int

    init(_ album: Album) {
        id = album.id
        name = album.name
        artist = album.artist
        artistId = album.artistID
        artists = album.artists.map(CreditDocument.init)
        year = album.year == 0 ? nil : album.year
        tracks = album.tracks
        duration = album.duration
        compilation = album.isCompilation
        added = Timestamp.text(milliseconds: album.added)
        art = album.cover?.artURL
        favourite = album.marks.favouriteText
        rating = album.marks.rating
    }
}

/// An album alone, which has a member more than in lists: its tracks have to be read for it.
struct WholeAlbumDocument: Encodable {
    private struct Loudness: Encodable {
        /// LUFS.
        var integrated: Double
        /// dBTP.
        var truePeak: Double
    }

    private enum CodingKeys: CodingKey {
        case loudness
    }

    private let album: AlbumDocument
    @Nullable private var loudness: Loudness?

    init(_ album: Album, loudness: AlbumLoudness?) {
        self.album = AlbumDocument(album)
        self.loudness = loudness.map {
            Loudness(integrated: TrackDocument.rounded($0.integrated), truePeak: TrackDocument.rounded($0.truePeak))
        }
    }

    func encode(to encoder: any Encoder) throws {
        try album.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(_loudness, forKey: .loudness)
    }
}

extension Track {
    /// The URL of its cover; nil if it has none.
    var artURL: String? { art.map { artPath + "?v=\(EntityTag.original($0.hash).prefix(8))" } }
}

extension Marks {
    /// When it became a favourite.
    var favouriteText: String? { favourite.map { Timestamp.text(milliseconds: $0) } }
}
