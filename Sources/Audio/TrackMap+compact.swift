extension Rendition {
    /// What is stored of a song instead of its file where room counts more: about 1.5 MB for 4 minutes.
    public static let compact = Ladder.opus.rungs.first { $0.bitrate == 48 } ?? Ladder.opus.rungs[0]
}

extension TrackMap {
    /// Whether the file can be stored as ``Rendition/compact`` instead. Whether that is smaller, its length tells.
    public var canBeCompact: Bool { offers(.compact) }

    /// Whether the file is as small already.
    public var isCompact: Bool { source.codec == .opus && bitrate <= Rendition.compact.bitrate + 2 }
}
