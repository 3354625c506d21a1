public import Audio
public import Locker

/// What became of a file that was taken in.
public struct Admission: Sendable, Hashable {
    public var track: Track
    /// False where the locker had the same bytes already.
    public var isNew: Bool
    public var map: TrackMap
}
