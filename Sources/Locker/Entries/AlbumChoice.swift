/// Some of an account's albums in some order, as players of other protocols ask for them.
public enum AlbumChoice: Sendable, Hashable {
    case byName
    case byArtist
    /// The album with the latest track first.
    case newest
    /// Those with a rating, the highest first.
    case highest
    /// Those that were played, the most often played first.
    case frequent
    /// Those that were played, the last played first.
    case recent
    /// The favourites, the latest first.
    case favourites
    /// Those of these years, by year.
    case years(ClosedRange<Int>, isDescending: Bool)
    /// Those with tracks of a genre, by name.
    case genre(String)

    var listing: Listing {
        func known(_ name: String, by column: String, _ condition: String = "") -> Listing {
            .albums(
                "\(name) albums", condition: "album.account = ? AND album.\(column) > 0\(condition)",
                by: ["album.\(column)", "album.id"], isDescending: true)
        }
        // Albums keep their marks without tracks. Of one without a name, the tracks are not counted.
        func marked(_ name: String, by column: String) -> Listing {
            known(
                name, by: column,
                """
                 AND (album.tracks > 0
                    OR album.name = '' AND EXISTS (SELECT 1 FROM track WHERE track.albumId = album.id))
                """)
        }
        let listing: Listing =
            switch self {
            case .byName: AlbumSort.name.listing
            case .byArtist: AlbumSort.artist.listing
            case .newest: AlbumSort.newest.listing
            case .highest: marked("highest", by: "rating")
            case .frequent: known("frequent", by: "plays")
            case .recent: known("recent", by: "played")
            case .favourites: marked("favourite", by: "favourite")
            case .years(_, let isDescending):
                .albums(
                    "albums of years \(isDescending)",
                    condition: "album.account = ? AND album.tracks > 0 AND album.year BETWEEN ? AND ?",
                    by: ["album.year", "album.nameOrder", "album.id"], isDescending: isDescending)
            case .genre: .albumsOfGenre
            }
        return listing.reading(AlbumEntry.columns)
    }

    func arguments(_ account: Int64) -> [any Bindable] {
        switch self {
        case .years(let years, _): [account, max(1, years.lowerBound), years.upperBound]
        case .genre(let name): [Track.order(of: name), account]
        default: [account]
        }
    }

    /// Whether the tracks without an album follow, by artist: the list has all albums, and their number is its length.
    public var isWhole: Bool { [.byName, .byArtist, .newest].contains(self) }
}
