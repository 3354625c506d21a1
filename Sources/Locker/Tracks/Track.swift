public import Audio

/// One song in one account's locker, as the catalogue knows it.
public struct Track: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var account: Int64
    public var hash: OriginalHash
    /// Never empty.
    public var title: String
    /// Empty if unknown, like all texts that follow.
    public var artist: String
    public var albumArtist: String
    public var album: String
    /// The same for every track of the album in the account, and for no other track: see Decisions/Albums.md.
    public var albumID: String
    public var artistID: String
    /// The artists one by one, the first being the one of `artistID`; empty if unknown.
    public var artists: [Credit] = []
    /// The artists among whose albums the album is listed: the tag's, or the album's if the track has no such tag.
    public var albumArtists: [Credit] = []
    /// Track number on its disc; 0 if unknown, as are disc and year.
    public var track: Int
    public var disc: Int
    public var year: Int
    public var genres: [String]
    /// Length, in samples per channel at `sampleRate`.
    public var samples: Int
    /// Hz.
    public var sampleRate: Int
    public var channels: Int
    /// Significant bits per sample; 0 if the codec has none.
    public var bitsPerSample: Int
    /// libavcodec's name, as ``SourceCodec``'s raw value.
    public var codec: String
    public var container: String
    /// kbit/s.
    public var bitrate: Int
    /// Size of the Original, in bytes.
    public var bytes: Int
    /// Warnings about the file for people, one sentence each.
    public var warnings: [String]
    /// Nil if nothing is loud enough to be measured, or if ingest has not measured it yet.
    public var loudness: SoundMeasures.Loudness?
    /// As ``SoundMeasures/soundHash``; 0 if unknown.
    public var soundHash: UInt64
    /// The ``SoundMeasures/version`` of the measures that warnings, loudness and sound hash come from; 0 if they have to be
    /// measured again.
    public var measuresVersion: Int
    public var art: Art?
    /// Whether a small rendition is stored instead of its owner's file.
    public var isCompact: Bool
    /// Milliseconds since 1970; no two tracks of an account share one.
    public var added: Int
    /// Milliseconds since 1970 of the last time it was played; nil before the first.
    public var played: Int?
    public var marks: Marks

    /// The hashes of its files in the store: its Original and its cover.
    public var stored: [OriginalHash] { [hash] + [art?.hash].compactMap(\.self) }

    /// Length in seconds.
    public var duration: Double { Double(samples) / Double(sampleRate) }
}
