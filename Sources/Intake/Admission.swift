public import Audio
public import Locker

/// The result of taking a file in.
public struct Admission: Sendable, Hashable {
    public var track: Track
    /// False if the locker already had the same bytes, or if the file is a newer version of a track it had.
    public var isNew: Bool
    /// Whether the file is a newer version of an existing track: the same sound with other tags.
    public var isUpdated = false
    public var map: TrackMap
}
