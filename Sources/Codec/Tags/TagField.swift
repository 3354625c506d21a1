/// The fields of a track, common to the readers of all formats.
enum TagField: CaseIterable {
    case title, artist, artists, albumArtist, albumArtists, album, composer, genre, date, track, trackTotal, disc, discTotal
    case compilation, comment, isrc, tempo, mood, discTitle, titleSort, artistSort, albumSort, albumArtistSort
    case recordingID, trackID, releaseID, releaseGroupID, artistID, albumArtistID
    case trackGain, trackPeak, albumGain, albumPeak, opusTrackGain, opusAlbumGain
    case lyrics, timedLyrics, cueSheet

    /// Whether newlines in the field are kept.
    var hasLines: Bool { self == .lyrics || self == .timedLyrics || self == .cueSheet }
}

extension TagField {
    /// The field of a named value, and how good a source of it the name is, 0 being best: Vorbis comments, APEv2 items,
    /// ID3v2's TXXX, iTunes' freeform atoms and ASF's attributes, in whatever case and spelling.
    ///
    /// After https://picard-docs.musicbrainz.org/en/appendices/tag_mapping.html and
    /// https://wiki.xiph.org/Field_names.
    init?(name: String, rank: inout Int) {
        let key = String(decoding: name.utf8.lazy.filter(\.isLetterOrDigit).map { $0 | 0x20 }, as: UTF8.self)
        guard let (field, place) = Self.names[key] else { return nil }
        self = field
        rank = place
    }

    private static let names: [String: (TagField, Int)] = [
        "title": (.title, 0), "artist": (.artist, 0), "author": (.artist, 1), "artists": (.artists, 0),
        "wmartists": (.artists, 0),
        "albumartist": (.albumArtist, 0), "albumartists": (.albumArtists, 0), "album": (.album, 0), "composer": (.composer, 0),
        "genre": (.genre, 0), "date": (.date, 0), "year": (.date, 1), "releasedate": (.date, 2),
        "datereleased": (.date, 2), "daterecorded": (.date, 3),
        "tracknumber": (.track, 0), "track": (.track, 1), "tracktotal": (.trackTotal, 0), "totaltracks": (.trackTotal, 1),
        "discnumber": (.disc, 0), "disc": (.disc, 1), "disctotal": (.discTotal, 0), "totaldiscs": (.discTotal, 1),
        "compilation": (.compilation, 0), "itunescompilation": (.compilation, 1),
        // ffmpeg's name for it in ID3v2.4.
        "tcmp": (.compilation, 1),
        "comment": (.comment, 0), "description": (.comment, 1), "isrc": (.isrc, 0),
        "bpm": (.tempo, 0), "tempo": (.tempo, 1), "mood": (.mood, 0),
        "discsubtitle": (.discTitle, 0), "setsubtitle": (.discTitle, 1),
        "titlesort": (.titleSort, 0), "artistsort": (.artistSort, 0), "albumsort": (.albumSort, 0),
        "albumartistsort": (.albumArtistSort, 0),
        "musicbrainztrackid": (.recordingID, 0), "musicbrainzreleasetrackid": (.trackID, 0),
        "musicbrainzalbumid": (.releaseID, 0), "musicbrainzreleasegroupid": (.releaseGroupID, 0),
        "musicbrainzartistid": (.artistID, 0), "musicbrainzalbumartistid": (.albumArtistID, 0),
        "replaygaintrackgain": (.trackGain, 0), "replaygaintrackpeak": (.trackPeak, 0),
        "replaygainalbumgain": (.albumGain, 0), "replaygainalbumpeak": (.albumPeak, 0),
        "r128trackgain": (.opusTrackGain, 0), "r128albumgain": (.opusAlbumGain, 0),
        "syncedlyrics": (.timedLyrics, 0), "lyrics": (.lyrics, 0), "unsyncedlyrics": (.lyrics, 1),
        "unsynchronisedlyrics": (.lyrics, 1),
        "cuesheet": (.cueSheet, 0),
        "wmalbumartist": (.albumArtist, 0), "wmalbumtitle": (.album, 0), "wmcomposer": (.composer, 0), "wmgenre": (.genre, 0),
        "wmyear": (.date, 0), "wmtracknumber": (.track, 0), "wmpartofset": (.disc, 0), "wmiscompilation": (.compilation, 0),
        "wmisrc": (.isrc, 0), "wmbeatsperminute": (.tempo, 0), "wmmood": (.mood, 0), "wmsetsubtitle": (.discTitle, 0),
        "wmtitlesortorder": (.titleSort, 0), "wmartistsortorder": (.artistSort, 0),
        "wmalbumsortorder": (.albumSort, 0), "wmalbumartistsortorder": (.albumArtistSort, 0), "wmlyrics": (.lyrics, 0)
    ]
}

extension UInt8 {
    var isDigit: Bool { (0x30...0x39).contains(self) }
    fileprivate var isLetterOrDigit: Bool { isDigit || (0x61...0x7A).contains(self | 0x20) }
}
