import Locker

extension SubsonicElement {
    /// An album: an `AlbumID3`.
    init(_ entry: AlbumEntry) {
        let album = entry.album
        let artist = SubsonicNames.artists(album.artist, album.artists)
        self.init(capacity: 40)
        add("id", album.id)
        add("name", SubsonicNames.album(album.name))
        add("version", "" as SubsonicValue)
        add("artist", artist)
        add("artistId", album.artistID)
        add("coverArt", entry.coverID)
        add("songCount", album.tracks)
        add("duration", Int(clamping: album.duration.rounded()))
        add("playCount", entry.plays)
        add("created", SubsonicTime.text(album.added))
        add(album.marks)
        add("year", album.year > 0 ? album.year : nil)
        add("genre", entry.genres.first)
        add("played", entry.played.map(SubsonicTime.text))
        add("recordLabels", .list([] as [SubsonicValue]))
        add("musicBrainzId", entry.release)
        add("mediaType", "album" as SubsonicValue)
        add("genres", SubsonicNames.genres(entry.genres))
        add("artists", SubsonicNames.credits(album.artists))
        add("displayArtist", artist)
        add("releaseTypes", .list([] as [SubsonicValue]))
        add("moods", .list([] as [SubsonicValue]))
        add("sortName", entry.sortName)
        // The catalogue keeps the year of this release alone.
        add("originalReleaseDate", [:])
        add("releaseDate", album.year > 0 ? ["year": .number(album.year)] : [:])
        add("isCompilation", album.isCompilation)
        add("explicitStatus", "" as SubsonicValue)
        add("discTitles", entry.discs.map { ["disc": .number($0.number), "title": .text($0.title)] } as [SubsonicElement])
    }

    /// An album as a directory: a `Child`.
    init(directory entry: AlbumEntry) {
        let album = entry.album
        let artist = SubsonicNames.artists(album.artist, album.artists)
        self.init(capacity: 32)
        add("id", album.id)
        add("parent", album.artistID)
        add("isDir", true)
        // Only `title` is a member of Child, but clients read an album's `name` and `songCount` here too.
        add("title", SubsonicNames.album(album.name))
        add("name", SubsonicNames.album(album.name))
        add("songCount", album.tracks)
        add("album", SubsonicNames.album(album.name))
        add("artist", artist)
        add("year", album.year > 0 ? album.year : nil)
        add("genre", entry.genres.first)
        add("coverArt", entry.coverID)
        add("duration", Int(clamping: album.duration.rounded()))
        add("isVideo", false)
        add(album.marks)
        add("playCount", entry.plays)
        add("created", SubsonicTime.text(album.added))
        add("albumId", album.id)
        add("artistId", album.artistID)
        add("mediaType", "album" as SubsonicValue)
        add("played", entry.played.map(SubsonicTime.text))
        add("sortName", entry.sortName)
        add("musicBrainzId", entry.release)
        add("genres", SubsonicNames.genres(entry.genres))
        add("artists", SubsonicNames.credits(album.artists))
        add("displayArtist", artist)
        add("albumArtists", SubsonicNames.credits(album.artists))
        add("displayAlbumArtist", artist)
        add("replayGain", SubsonicElement())
    }
}

extension AlbumEntry {
    /// The id by which its cover is asked for; nil if it has none.
    var coverID: String? { cover.map { album.name.isEmpty ? $0 : album.id } }
}
