public import Audio
public import Locker

/// What became of a file that was taken in.
public struct Admission: Sendable, Hashable {
    public var track: Track
    /// False where the locker had the same bytes already, and where they are the newer version of a track it had.
    public var isNew: Bool
    /// Whether the track is what the file was before: the same sound with other tags.
    public var isUpdated = false
    public var map: TrackMap
}
