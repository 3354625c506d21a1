import Audio

/// A track's tags as `inspect` prints them, without those the file does not have.
struct TagReport: Encodable {
    struct MusicBrainz: Encodable {
        var recording: String?
        var track: String?
        var release: String?
        var releaseGroup: String?
        var artists: [String]?
        var albumArtists: [String]?
    }

    struct ReplayGain: Encodable {
        var trackGain: Double?
        var trackPeak: Double?
        var albumGain: Double?
        var albumPeak: Double?
    }

    struct Lyrics: Encodable {
        var text: String
        var synchronised: Bool
    }

    var title: String?
    var artist: String?
    var artists: [String]?
    var albumArtist: String?
    var albumArtists: [String]?
    var album: String?
    var composers: [String]?
    var genres: [String]?
    var track: Int?
    var trackTotal: Int?
    var disc: Int?
    var discTotal: Int?
    var date: String?
    var year: Int?
    var compilation: Bool
    var comment: String?
    var isrc: String?
    var bpm: Int?
    var moods: [String]?
    var discTitle: String?
    var titleSort: String?
    var artistSort: String?
    var albumSort: String?
    var albumArtistSort: String?
    var musicBrainz: MusicBrainz?
    var replayGain: ReplayGain?
    var lyrics: Lyrics?
    var cueSheet: String?

    init(_ tags: TrackTags) {
        title = Self.some(tags.title)
        artist = Self.some(tags.artist)
        artists = Self.some(tags.artists)
        albumArtist = Self.some(tags.albumArtist)
        albumArtists = Self.some(tags.albumArtists)
        album = Self.some(tags.album)
        composers = Self.some(tags.composers)
        genres = Self.some(tags.genres)
        track = Self.some(tags.track)
        trackTotal = Self.some(tags.trackTotal)
        disc = Self.some(tags.disc)
        discTotal = Self.some(tags.discTotal)
        date = Self.some(tags.date)
        year = Self.some(tags.year)
        compilation = tags.isCompilation
        comment = Self.some(tags.comment)
        isrc = Self.some(tags.isrc)
        bpm = Self.some(tags.tempo)
        moods = Self.some(tags.moods)
        discTitle = Self.some(tags.discTitle)
        titleSort = Self.some(tags.titleSort)
        artistSort = Self.some(tags.artistSort)
        albumSort = Self.some(tags.albumSort)
        albumArtistSort = Self.some(tags.albumArtistSort)
        lyrics = tags.lyrics.map { Lyrics(text: $0.text, synchronised: $0.isSynchronised) }
        cueSheet = Self.some(tags.cueSheet)
        if tags.musicBrainz != TrackTags.MusicBrainz() {
            let identifiers = tags.musicBrainz
            musicBrainz = MusicBrainz(
                recording: Self.some(identifiers.recording), track: Self.some(identifiers.track),
                release: Self.some(identifiers.release), releaseGroup: Self.some(identifiers.releaseGroup),
                artists: Self.some(identifiers.artists), albumArtists: Self.some(identifiers.albumArtists))
        }
        if tags.replayGain != TrackTags.ReplayGain() {
            let gains = tags.replayGain
            replayGain = ReplayGain(
                trackGain: gains.trackGain, trackPeak: gains.trackPeak, albumGain: gains.albumGain, albumPeak: gains.albumPeak)
        }
    }

    private static func some(_ text: String) -> String? { text.isEmpty ? nil : text }
    private static func some(_ list: [String]) -> [String]? { list.isEmpty ? nil : list }
    private static func some(_ number: Int) -> Int? { number == 0 ? nil : number }
}
