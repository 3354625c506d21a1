public import Audio

/// One song in one account's locker, as the catalogue knows it.
public struct Track: Sendable, Hashable, Identifiable {
    /// 22 base62 characters, random.
    public var id: String
    public var account: Int64
    public var hash: OriginalHash
    /// Never empty.
    public var title: String
    /// Empty where unknown, as all texts that follow.
    public var artist: String
    public var albumArtist: String
    public var album: String
    /// The same for every track of the album in the account, and no other's: see Decisions/Albums.md.
    public var albumID: String
    public var artistID: String
    /// The artists one by one, the first being the one of `artistID`; none where unknown.
    public var artists: [Credit] = []
    /// Whose albums the album is listed among: the tag's, or the album's where the track has no such tag.
    public var albumArtists: [Credit] = []
    /// Track number on its disc; 0 where unknown, as disc and year.
    public var track: Int
    public var disc: Int
    public var year: Int
    public var genres: [String]
    /// Length, in samples per channel at `sampleRate`.
    public var samples: Int
    /// Hz.
    public var sampleRate: Int
    public var channels: Int
    /// Significant bits per sample; 0 where the codec has none.
    public var bitsPerSample: Int
    /// libavcodec's name, as ``SourceCodec``'s raw value.
    public var codec: String
    public var container: String
    /// kbit/s.
    public var bitrate: Int
    /// Size of the Original, in bytes.
    public var bytes: Int
    /// What a person should know about the file, one sentence each.
    public var warnings: [String]
    /// Nil where nothing is loud enough to be measured, or ingest has not measured it yet.
    public var loudness: SoundMeasures.Loudness?
    /// As ``SoundMeasures/soundHash``; 0 where unknown.
    public var soundHash: UInt64
    /// As ``SoundMeasures/version`` of what warnings, loudness and sound hash come from; 0 if they have to be measured again.
    public var measuresVersion: Int
    public var art: Art?
    /// Whether a small rendition is stored instead of what its owner has.
    public var isCompact: Bool
    /// Milliseconds since 1970; no two tracks of an account share one.
    public var added: Int
    /// Milliseconds since 1970 of the last time it was played; nil before the first.
    public var played: Int?
    public var marks: Marks

    /// What of it lies in the store: its Original and its cover.
    public var stored: [OriginalHash] { [hash] + [art?.hash].compactMap(\.self) }

    /// Length in seconds.
    public var duration: Double { Double(samples) / Double(sampleRate) }
}
