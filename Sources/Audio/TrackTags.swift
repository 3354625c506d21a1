/// What the file says about itself, as found at ingest. Later edits live in the catalogue and never touch a Stream.
public struct TrackTags: Sendable, Hashable {
    public var title: String
    public var artist: String
    public var albumArtist: String
    public var album: String
    /// Track number on its disc; 0 where unknown.
    public var track: Int
    /// Disc number; 0 where unknown.
    public var disc: Int
    /// Year of release; 0 where unknown.
    public var year: Int
    public var genres: [String]

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

    func write(to writer: inout ByteWriter) {
        for text in [title, artist, albumArtist, album] { writer.writeField(text) }
        for number in [track, disc, year] { writer.writeVariable(number) }
        writer.writeVariable(genres.count)
        for genre in genres { writer.writeField(genre) }
    }

    init(from reader: inout ByteReader) throws(ByteReader.Malformed) {
        title = try reader.readText(limit: 1 << 16)
        artist = try reader.readText(limit: 1 << 16)
        albumArtist = try reader.readText(limit: 1 << 16)
        album = try reader.readText(limit: 1 << 16)
        track = try reader.readVariable(limit: 1 << 32)
        disc = try reader.readVariable(limit: 1 << 32)
        year = try reader.readVariable(limit: 1 << 32)
        genres = []
        for _ in 0..<(try reader.readVariable(limit: 256)) { genres.append(try reader.readText(limit: 1 << 16)) }
    }
}
