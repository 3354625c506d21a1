extension Rendition {
    /// The rendition stored instead of a song's file to save space: about 1.5 MB for 4 minutes.
    public static let compact = Ladder.opus.rungs.first { $0.bitrate == 48 } ?? Ladder.opus.rungs[0]
}

extension TrackMap {
    /// Whether the file can be stored as ``Rendition/compact`` instead. Only the lengths tell whether that is smaller.
    public var canBeCompact: Bool { offers(.compact) }

    /// Whether the file is already as small.
    public var isCompact: Bool { source.codec == .opus && bitrate <= Rendition.compact.bitrate + 2 }
}
