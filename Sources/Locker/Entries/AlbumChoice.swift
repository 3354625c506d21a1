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
        func marked(_ name: String, _ column: String) -> Listing {
            .albums(
                "\(name) albums", condition: "album.account = ? AND album.tracks > 0 AND album.\(column) > 0",
                by: ["album.\(column)", "album.id"], isDescending: true)
        }
        let listing: Listing =
            switch self {
            case .byName: AlbumSort.name.listing
            case .byArtist: AlbumSort.artist.listing
            case .newest: AlbumSort.newest.listing
            case .highest: marked("highest", "rating")
            case .frequent: marked("frequent", "plays")
            case .recent: marked("recent", "played")
            case .favourites: marked("favourite", "favourite")
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
