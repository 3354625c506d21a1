/// Which tracks a list has, besides all of them.
public enum TrackFilter: Sendable, Hashable {
    /// Those of an album, by disc and track number.
    case album(String)
    /// Those an artist is one of the artists of, by album, disc and track number.
    case artist(String)
    /// By title.
    case genre(String)
    /// The latest favourite first.
    case favourites
}
