/// The kind of a file in a music folder, judged by its name alone.
public enum FileKind: String, Sendable, Hashable, CaseIterable {
    /// Tried, and refused with a reason if it contains no sound.
    case sound
    /// Tried only if its first bytes look like sound: ``SoundSignature``.
    case unknown
    /// M3U, M3U8, and the rules of smart playlists: see ``RulesFile``.
    case playlist
    case picture
    case text
    case lyrics
    case cueSheet
    case otherPlaylist
    case document
    case archive
    case program
    case database
    case unfinished

    public init(name: some StringProtocol) {
        guard let (_, suffix) = FileName.parted(name) else {
            self = .unknown
            return
        }
        self = name.unicodeScalars.last == "~" ? .unfinished : Self.kinds[suffix] ?? .unknown
    }

    /// For "3 pictures, 1 archive".
    public func words(_ count: Int) -> String {
        let (one, many) =
            switch self {
            case .sound: ("audio file", "audio files")
            case .unknown: ("not recognised", "not recognised")
            case .playlist: ("playlist", "playlists")
            case .picture: ("picture", "pictures")
            case .text: ("text", "texts")
            case .lyrics: ("lyrics of no song", "lyrics of no song")
            case .cueSheet: ("cue sheet", "cue sheets")
            case .otherPlaylist: ("playlist of another format", "playlists of another format")
            case .document: ("document", "documents")
            case .archive: ("archive", "archives")
            case .program: ("program", "programs")
            case .database: ("database", "databases")
            case .unfinished: ("unfinished or temporary", "unfinished or temporary")
            }
        return "\(count) \(count == 1 ? one : many)"
    }

    /// The name without the extension of a file that may hold sound.
    public static func stem(_ name: Substring) -> Substring {
        guard let (stem, suffix) = FileName.parted(name) else { return name }
        return kinds[suffix] == .sound || films.contains(suffix) ? stem : name
    }

    /// Extensions of files that hold pictures and sound, or sound alone; only their first bytes tell which.
    private static let films: Set<String> = [
        "3g2", "3gp", "asf", "avi", "f4a", "f4v", "flv", "m2ts", "m4v", "mka", "mkv", "mov", "mpeg", "mpg", "ogv", "ogx", "qt",
        "ts",
        "vob", "weba", "webm", "wmv"
    ]

    private static let kinds: [String: FileKind] = {
        let names: [(FileKind, String)] = [
            (
                .sound,
                "aac aif aifc aiff alac ape caf dff dsf flac m4a m4b m4r mka mp1 mp2 mp3 mp4 mpc oga ogg opus shn spx tta wav wave wma wv"
            ),
            (.playlist, "m3u m3u8 nsp"), (.otherPlaylist, "asx b4s fpl pls wpl xspf zpl"), (.lyrics, "lrc"), (.cueSheet, "cue"),
            (
                .picture,
                "arw avif bmp cr2 cr3 dng gif heic heif ico jfif jpe jpeg jpg jxl nef png psd raw svg tga tif tiff webp xcf"
            ),
            (
                .text,
                "accurip ass c conf css csv ffp htm html ini js json log md md5 nfo py rst sfv sha1 sha256 srt st5 sub txt url vtt xml yaml yml"
            ),
            (.document, "doc docx epub fb2 key mobi numbers odp ods odt pages pdf ppt pptx ps rtf xls xlsx"),
            (.archive, "7z bz2 cab deb dmg gz img iso jar lz4 mdf nrg rar rpm tar tbz tgz txz xz zip zst"),
            (.program, "apk app bat cmd com dll dylib exe jsx msi o plist ps1 scr sh so"),
            (.database, "db db-journal db-shm db-wal itl lock musiclibrary sqlite sqlite3 torrent"),
            (.unfinished, "!ut aria2 bak crdownload download filepart old opdownload part partial swp temp tmp")
        ]
        var kinds: [String: FileKind] = [:]
        for (kind, list) in names {
            for name in list.split(separator: " ") { kinds[String(name)] = kind }
        }
        return kinds
    }()
}
