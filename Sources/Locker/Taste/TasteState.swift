/// Whether an account lets its taste be learned, and what is known of it.
public struct TasteState: Sendable, Hashable {
    /// Milliseconds since 1970 at which the account opted in; nil if it did not, or opted out.
    public var since: Int?
    /// Milliseconds since 1970 of its first answer, yes or no; nil if it was never asked.
    public var asked: Int?
    /// Plays in its history, which is kept either way.
    public var plays: Int
    /// Skips, which are kept only while it is opted in.
    public var skips: Int
    /// Tracks whose weight is known; 0 unless it is opted in.
    public var tracks: Int

    public var isOn: Bool { since != nil }
}

/// How much a track is to an account's taste.
public struct TasteRow: Sendable, Hashable {
    public var account: Int64
    public var track: String
    /// Faded to `at`: half of it is left after 180 days. Below 0 for a track that was skipped more than heard.
    public var weight: Double
    /// Milliseconds since 1970.
    public var at: Int
}

/// What changes with an account's library, history and taste. Equal stamps of an account are of equal ones, except for the middle of a full
/// history.
public struct TasteStamp: Sendable, Hashable {
    /// What the account has, by which plays change nothing but when each track was played last.
    public struct Library: Sendable, Hashable {
        /// As ``Catalogue/libraryChanged(account:)``.
        public var changed: Int
        /// How often what is known of the sound of its Originals has changed.
        public var sounds: Int
        /// How often any of its history was erased: then tracks may have been played last before.
        public var erasures: Int
    }

    public var library: Library
    /// As ``TasteState/since``.
    public var since: Int?
    public var plays: Int
    public var skips: Int
    /// Milliseconds since 1970, as are the others: where a history is full, a play takes the place of the first.
    public var firstPlay: Int?
    public var lastPlay: Int?
    public var lastSkip: Int?
}
