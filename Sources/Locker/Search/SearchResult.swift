/// The results of a search, the best first.
public struct SearchResult: Sendable, Equatable {
    public var artists: [Artist]
    public var albums: [Album]
    public var tracks: [Track]
}
