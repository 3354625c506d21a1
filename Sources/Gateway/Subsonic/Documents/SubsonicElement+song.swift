import Audio
import Foundation
import Locker

extension SubsonicElement {
    /// A song: a `Child` that is no directory.
    ///
    /// Fields that OpenSubsonic adds are always there, and empty if the catalogue does not know them: a client takes a missing one
    /// for a server that does not have it.
    init(_ song: SongEntry) {
        let track = song.track
        let type = OriginalType(container: track.container, codec: track.codec)
        let suffix = type.fileExtensions[0]
        self.init(capacity: 64)
        add("id", track.id)
        add("parent", track.albumID)
        add("isDir", false)
        add("title", track.title)
        add("album", SubsonicNames.album(track.album))
        add("artist", SubsonicNames.artist(track.artist))
        add("track", track.track > 0 ? track.track : nil)
        add("year", track.year > 0 ? track.year : nil)
        add("genre", track.genres.first)
        add("coverArt", track.coverID)
        add("size", .long(track.bytes))
        add("contentType", type.bareMediaType)
        add("suffix", suffix)
        add("duration", Self.seconds(track.duration))
        add("bitRate", track.kilobits)
        add("path", Self.path(track, suffix))
        add("isVideo", false)
        add(track.marks)
        add("playCount", song.plays)
        add("discNumber", track.disc > 0 ? track.disc : nil)
        add("created", SubsonicTime.text(track.added))
        add("albumId", track.albumID)
        add("artistId", track.artistID)
        add("type", "music" as SubsonicValue)
        if let bookmark = song.bookmark { add("bookmarkPosition", .long(bookmark)) }
        add("mediaType", "song" as SubsonicValue)
        add("played", track.played.map(SubsonicTime.text))
        addSound(song)
        addCredits(song)
    }

    private mutating func addSound(_ song: SongEntry) {
        let track = song.track
        add("bitDepth", track.bitsPerSample)
        add("samplingRate", track.sampleRate)
        add("channelCount", track.channels)
        var gain = SubsonicElement()
        if let loudness = track.loudness {
            gain.add("trackGain", .real(Self.gain(loudness.integrated)))
            gain.add("trackPeak", .real(Self.peak(loudness.truePeak)))
        }
        if let loudness = song.albumLoudness {
            gain.add("albumGain", .real(Self.gain(loudness.integrated)))
            gain.add("albumPeak", .real(Self.peak(loudness.truePeak)))
        }
        add("replayGain", gain)
    }

    private mutating func addCredits(_ song: SongEntry) {
        let track = song.track
        add("bpm", song.tags.tempo)
        add("comment", song.tags.comment)
        add("sortName", song.sortName)
        add("musicBrainzId", song.recording)
        add("isrc", .texts(song.tags.isrc.isEmpty ? [] : [song.tags.isrc]))
        add("genres", SubsonicNames.genres(track.genres))
        add("artists", SubsonicNames.credits(track.artists))
        add("displayArtist", SubsonicNames.artist(track.artist))
        add("albumArtists", SubsonicNames.credits(track.albumArtists))
        add("displayAlbumArtist", SubsonicNames.artists(track.albumArtist, track.albumArtists))
        add("contributors", .list([] as [SubsonicValue]))
        add("displayComposer", song.tags.composers.joined(separator: ", "))
        add("moods", .texts(song.tags.moods))
        add("explicitStatus", "" as SubsonicValue)
        add("works", .list([] as [SubsonicValue]))
        add("movements", .list([] as [SubsonicValue]))
        add("groupings", .list([] as [SubsonicValue]))
    }

    /// A favourite's time, and a rating. A rating of 0 is none, and would be invalid.
    mutating func add(_ marks: Marks) {
        add("starred", marks.favourite.map(SubsonicTime.text))
        add("userRating", marks.rating > 0 ? marks.rating : nil)
    }

    /// Whole seconds. Some clients leave out songs of no length.
    static func seconds(_ duration: Double) -> Int { max(1, Int(clamping: duration.rounded())) }

    /// ReplayGain 2.0: decibels to the reference of -18 LUFS, to a hundredth.
    private static func gain(_ loudness: Double) -> Double { ((-18 - loudness) * 100).rounded() / 100 }

    /// The peak's amplitude, where 1 is full scale, to a millionth.
    private static func peak(_ decibels: Double) -> Double { (pow(10, decibels / 20) * 1_000_000).rounded() / 1_000_000 }

    /// A path such as files have it: clients name their copies by it.
    private static func path(_ track: Track, _ suffix: String) -> String {
        func part(_ text: String) -> String { text.utf8.contains(UInt8(ascii: "/")) ? text.replacing("/", with: "_") : text }
        let artist = SubsonicNames.artists(track.albumArtist, track.albumArtists)
        let disc = track.disc > 0 && track.track > 0 ? "\(track.disc)-" : ""
        let number = track.track > 0 ? "\(disc)\(track.track < 10 ? "0" : "")\(track.track) " : ""
        return "\(part(artist))/\(part(SubsonicNames.album(track.album)))/\(number)\(part(track.title)).\(suffix)"
    }
}

extension Track {
    /// The id by which its cover is asked for: that of its album, so that a client asks for an album's cover once. Nil if it has no
    /// cover.
    var coverID: String? { art == nil ? nil : album.isEmpty ? id : albumID }

    /// kbit/s of the file.
    var kilobits: Int {
        if bitrate > 0 { return bitrate }
        return duration > 0 ? Int(clamping: (Double(bytes) * 8 / 1000 / duration).rounded()) : 0
    }
}

extension OriginalType {
    /// The media type without parameters.
    var bareMediaType: String { mediaType.split(separator: ";").first.map(String.init) ?? mediaType }
}

extension Int {
    /// The number without its fraction, or the nearest there is.
    init(clamping number: Double) {
        self = number.isNaN ? 0 : number >= Double(Int.max) ? .max : number <= Double(Int.min) ? .min : Int(number)
    }
}
