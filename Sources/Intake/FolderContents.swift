internal import Audio
internal import Glibc

/// A folder's names, and the cover and the lyrics among them, from one reading of the folder.
struct FolderContents: Sendable {
    private static let coverNames = ["folder", "cover", "front"].flatMap { stem in
        ["jpg", "jpeg", "png", "webp"].map { "\(stem).\($0)" }
    }
    private static let lyricsExtension = ".lrc"

    let folder: Path
    /// Empty if the folder cannot be read.
    let names: [Path.Name]
    /// The picture for all songs in the folder.
    let cover: Path?
    /// Lyrics files by the song's name without its extension, in lowercase.
    private let lyrics: [String: Path]
    /// Names of other files without their extensions, in lowercase: the songs that ``lyrics`` may be for. Empty if there are
    /// no lyrics.
    private let stems: Set<String>

    /// Blocks.
    init(of folder: Path) {
        self.folder = folder
        names = Self.names(in: folder)
        var covers: [String: Path] = [:]
        var lyrics: [String: Path] = [:]
        for name in names {
            let text = name.text.lowercased()
            if Self.areLyrics(text) {
                lyrics[Self.stem(text)] = folder.appending(name)
            } else if Self.coverNames.contains(text) {
                covers[text] = folder.appending(name)
            }
        }
        cover = Self.coverNames.lazy.compactMap { covers[$0] }.first
        self.lyrics = lyrics
        stems = lyrics.isEmpty ? [] : Set(names.lazy.filter { !Self.isBeside($0) }.map { Self.stem($0.text.lowercased()) })
    }

    func lyrics(for name: Path.Name) -> Path? {
        guard !lyrics.isEmpty else { return nil }
        return lyrics[Self.stem(name.text.lowercased())]
    }

    /// Whether a file of this folder belongs to songs beside it: the cover, or lyrics that have another file's name.
    func isUsed(_ name: Path.Name, _ path: Path) -> Bool {
        let text = name.text.lowercased()
        return path == cover || Self.areLyrics(text) && stems.contains(Self.stem(text))
    }

    private static func stem(_ name: String) -> String {
        name.unicodeScalars.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    }

    private static func areLyrics(_ name: String) -> Bool {
        name.utf8.suffix(lyricsExtension.utf8.count).elementsEqual(lyricsExtension.utf8)
    }

    /// Whether a file of this name may belong to songs beside it: a cover or lyrics.
    static func isBeside(_ name: Path.Name) -> Bool {
        let text = name.text.lowercased()
        return areLyrics(text) || coverNames.contains(text)
    }

    private static func names(in folder: Path) -> [Path.Name] {
        guard let stream = unsafe opendir(folder.cString) else { return [] }
        defer { unsafe closedir(stream) }
        var names: [Path.Name] = []
        while let entry = unsafe readdir(stream) {
            let bytes = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { name in unsafe Array(name.prefix { $0 != 0 }) }
            if bytes != [0x2E], bytes != [0x2E, 0x2E] { names.append(Path.Name(bytes: bytes)) }
        }
        return names
    }
}
