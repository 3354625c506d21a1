/// What the catalogue refuses, and how its database fails.
public enum CatalogueError: Error, Sendable, Equatable {
    /// Not the `next` of a page of this sort.
    case badCursor
    /// The Original has a cover of which only the description is known: it has to be looked at again.
    case unknownArt
    /// The account's tracks, what is kept for uploads and what was asked for are more than the quota.
    case overQuota
    /// The account has too many uploads that are not finished.
    case tooManyUploads
    /// The account has as many playlists as it may have.
    case tooManyPlaylists
    /// One of the tracks is not the account's.
    case noSuchTrack
    /// An account has this name already, or there is an account where none was to be.
    case nameTaken
    /// A text with a zero in it, which no database has.
    case textWithZero
    /// The files were not announced, or too long ago: they may have been removed, and have to be put into the store again.
    case announcementGone
    /// The disk is full: nothing was changed.
    case noRoom
    /// A stored value is not what the schema promises.
    case corrupt(String)
    /// A row that the schema does not allow, in the database's words.
    case constraint(String)
    /// Another process kept the database for itself for too long.
    case busy
    /// The database failed otherwise, in its own words.
    case failed(String)
}
