/// The file's own tags, as found at ingest. Later edits live in the catalogue and never touch a Stream.
///
/// Texts are in Unicode's composed form (NFC), without control characters, at most ``maximumCharacters`` long and empty if
/// unknown; numbers are 0 if unknown.
public struct TrackTags: Sendable, Hashable {
    /// Characters a field may have; ``Lyrics`` and ``cueSheet`` have other bounds.
    public static let maximumCharacters = 1024
    /// Values a list may have.
    public static let maximumValues = 64
    /// Beats per minute. A larger number is no tempo.
    public static let maximumTempo = 1000

    public var title: String
    /// Every artist, as one text for people.
    public var artist: String
    public var albumArtist: String
    public var album: String
    /// Track number on its disc.
    public var track: Int
    public var disc: Int
    /// Year of release.
    public var year: Int
    public var genres: [String]

    /// The artists one by one, if the file tells them apart; else ``artist`` alone.
    public var artists: [String] = []
    public var albumArtists: [String] = []
    public var composers: [String] = []
    /// Tracks on the disc.
    public var trackTotal = 0
    /// Discs of the album.
    public var discTotal = 0
    /// The date of release as the file has it: `2004`, `2004-05-01`.
    public var date = ""
    /// Whether the album is by various artists.
    public var isCompilation = false
    public var comment = ""
    /// International Standard Recording Code.
    public var isrc = ""
    /// Beats per minute, rounded; at most ``maximumTempo``.
    public var tempo = 0
    /// What the music is like, in the file's words: `Calm`.
    public var moods: [String] = []
    /// The title of its disc.
    public var discTitle = ""
    public var titleSort = ""
    public var artistSort = ""
    public var albumSort = ""
    public var albumArtistSort = ""
    public var musicBrainz = MusicBrainz()
    public var replayGain = ReplayGain()
    public var lyrics: Lyrics?
    /// An embedded cue sheet, as text.
    public var cueSheet = ""

    public init(
        title: String = "", artist: String = "", albumArtist: String = "", album: String = "", track: Int = 0,
        disc: Int = 0, year: Int = 0, genres: [String] = []
    ) {
        self.title = title
        self.artist = artist
        self.albumArtist = albumArtist
        self.album = album
        self.track = track
        self.disc = disc
        self.year = year
        self.genres = genres
    }
}

extension TrackTags {
    /// Identifiers of musicbrainz.org, each a UUID in lowercase; empty if unknown.
    public struct MusicBrainz: Sendable, Hashable {
        public var recording = ""
        /// The recording's place on its release.
        public var track = ""
        public var release = ""
        public var releaseGroup = ""
        public var artists: [String] = []
        public var albumArtists: [String] = []

        public init() {}
    }

    /// Gains and peaks measured by another program, as stored in the file (ReplayGain 2.0); nil if it has none.
    public struct ReplayGain: Sendable, Hashable {
        /// dB.
        public var trackGain: Double?
        /// Of full scale: 1 is 0 dBFS.
        public var trackPeak: Double?
        public var albumGain: Double?
        public var albumPeak: Double?

        public init() {}
    }

    public struct Lyrics: Sendable, Hashable {
        /// Bytes of UTF-8 the text may have; longer texts are cut.
        public static let maximumBytes = 1 << 16

        /// Lines ended by newlines. Synchronised lyrics begin each with its time, as in an .lrc file: `[01:02.50]`.
        public var text: String
        public var isSynchronised: Bool

        public init(text: String, isSynchronised: Bool) {
            self.text = text
            self.isSynchronised = isSynchronised
        }
    }
}
