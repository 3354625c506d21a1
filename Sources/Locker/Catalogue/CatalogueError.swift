/// Why the catalogue refuses a call, and how its database fails.
public enum CatalogueError: Error, Sendable, Equatable {
    /// The cursor is not the `next` of a page of this list.
    case badCursor
    /// Only the description of the Original's cover is known, not its hash: the Original has to be ingested again.
    case unknownArt
    /// The account's tracks, the room reserved for its uploads and the bytes asked for are more than the quota.
    case overQuota
    /// The account has too many unfinished uploads.
    case tooManyUploads
    /// The account has as many playlists as it may have.
    case tooManyPlaylists
    /// The playlist is a smart one: its tracks follow its rules, and cannot be chosen.
    case followsRules
    /// The playlist's tracks were chosen one by one: it has no rules.
    case hasNoRules
    /// The rules of a smart playlist take longer than a request may.
    case tookTooLong
    /// The account has ``Share/most`` shares.
    case tooManyShares
    /// The account has as many app passwords as it may have.
    case tooManyAppPasswords
    /// One of the tracks is not the account's.
    case noSuchTrack
    /// An account has this name already, or the account is not the first though it has to be.
    case nameTaken
    /// A text has a zero character, which databases do not store.
    case textWithZero
    /// The files were not announced, or too long ago. They may have been removed, and have to be put into the store again.
    case announcementGone
    /// A recording came meanwhile that an Original was not compared with: search again. See ``RecordingChoice/whateverCame``.
    case recordingsChanged
    /// The disk is full: nothing was changed.
    case noRoom
    /// A stored value is not what the schema promises.
    case corrupt(String)
    /// The schema does not allow a row; in the database's words.
    case constraint(String)
    /// The statement was ended before its end.
    case interrupted
    /// Another process kept the database locked for too long.
    case busy
    /// The database failed otherwise, in its own words.
    case failed(String)
}
