internal import Audio
internal import Crypto
import FileSystem
internal import Glibc
internal import Locker
internal import Originals

/// A picture's bytes and their SHA-256.
struct PictureBytes: Sendable {
    let hash: OriginalHash
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) throws(IntakeError) {
        self.bytes = bytes
        var sum = SHA256()
        sum.update(bytes.span)
        hash = try OriginalHash(sum.finalize())
    }
}

/// The cover and the lyrics read from the files beside an imported one.
struct BesideFiles: Sendable {
    private static let lyricsLimit = 64 << 10

    private(set) var art: Art?
    private(set) var picture: PictureBytes?
    private(set) var lyrics: TrackTags.Lyrics?

    init() {}

    /// The cover and the lyrics inside a file that is not stored. They belong to the small rendition that is stored instead.
    init(inside file: Made) {
        lyrics = file.map.tags.lyrics
        guard let picture = file.art, let format = file.map.art?.format else { return }
        self.picture = picture
        art = Art(hash: picture.hash, format: format, bytes: picture.bytes.count, isBeside: true)
    }

    /// Ignores a file that is too large or cannot be read, and a cover that is not a picture. Blocks.
    init(of file: ImportFile, withArt: Bool) {
        if withArt, let path = file.cover, let bytes = Self.read(path, limit: Picture.Limit.bytes),
            let format = Picture(header: bytes)?.format, let picture = try? PictureBytes(bytes)
        {
            self.picture = picture
            art = Art(hash: picture.hash, format: format, bytes: bytes.count, isBeside: true)
        }
        if let path = file.lyrics, let bytes = Self.read(path, limit: Self.lyricsLimit) {
            lyrics = TrackTags.Lyrics(file: bytes)
        }
    }

    var beside: Beside { Beside(art: art, lyrics: lyrics) }

    private static func read(_ path: Path, limit: Int) -> [UInt8]? {
        guard let file = try? SourceFile(rawPath: path.cString), (1...limit).contains(file.size) else { return nil }
        return try? file.file.read(0..<file.size)
    }
}
