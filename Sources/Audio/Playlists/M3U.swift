/// A playlist as players write it: one path a line.
///
/// There is no standard; https://en.wikipedia.org/wiki/M3U lists what players agree on. A line gets its meaning from the files
/// that exist: see ``KnownPaths``.
public struct M3U: Sendable, Hashable {
    /// A line that names a file.
    public struct Entry: Sendable, Hashable {
        /// From 1 on.
        public var line: Int
        /// As the playlist has it, in UTF-8 if the playlist says so or is in UTF-16.
        public var bytes: [UInt8]

        public init(line: Int, bytes: [UInt8]) {
            self.line = line
            self.bytes = bytes
        }

        /// The text shown to a person.
        public var text: String { M3U.text(bytes) }
    }

    /// Bytes of the largest playlist that is read.
    public static let mostBytes = 4 << 20
    /// Entries that are read; later ones are ignored.
    public static let mostEntries = 10_000
    /// Bytes of the longest name, as the API takes it.
    public static let mostNameBytes = 500
    /// Bytes of the longest line that names a file (three for each that a file system may have in a path).
    private static let longestLine = 3 * 4096

    /// The name that the playlist gives itself; nil if it gives none.
    public private(set) var name: String?
    /// In the playlist's order. Web addresses are left out, and so are all entries of an HLS playlist, which names parts of one
    /// song.
    public private(set) var entries: [Entry] = []

    public init(_ bytes: [UInt8]) {
        let bytes = Self.withoutMark(bytes)
        var (line, start) = (0, bytes.startIndex)
        while start < bytes.endIndex, entries.count < Self.mostEntries {
            let end = bytes[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? bytes.endIndex
            line += 1
            guard read(Self.trimmed(bytes[start..<end]), line) else {
                entries = []
                return
            }
            start = end + 1
            if end < bytes.endIndex, bytes[end] == 0x0D, start < bytes.endIndex, bytes[start] == 0x0A { start += 1 }
        }
    }

    /// Whether a file of this name is a playlist.
    public static func isNamed(_ name: String) -> Bool {
        let bytes = name.lowercased().utf8
        return [".m3u", ".m3u8"].contains { bytes.suffix($0.utf8.count).elementsEqual($0.utf8) }
    }

    /// The name for a playlist made of this one: its own name, else its file's; one line of 1 to ``mostNameBytes`` bytes.
    public func title(fileName: String) -> String {
        let stem = fileName.unicodeScalars.lastIndex(of: ".").map { fileName[..<$0] } ?? fileName[...]
        let names = [name ?? "", String(stem), fileName].map { Self.line($0).prefix(bytes: Self.mostNameBytes) }
        return names.first { !$0.isEmpty } ?? "Playlist"
    }

    /// A text as (a part of) a line of a playlist: control characters and line ends become spaces, which are trimmed at both
    /// ends.
    public static func line(_ text: some StringProtocol) -> String {
        var scalars = String.UnicodeScalarView(text.unicodeScalars.map { $0.isControl ? " " : $0 })
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }

    /// Returns false if the playlist does not list songs.
    private mutating func read(_ line: ArraySlice<UInt8>, _ number: Int) -> Bool {
        if line.first == UInt8(ascii: "#") {
            if line.starts(with: "#EXT-X-".utf8) { return false }
            let mark = "#PLAYLIST:".utf8
            if line.starts(with: mark) {
                let text = Self.text(Array(Self.trimmed(line.dropFirst(mark.count))))
                name = text.isEmpty ? nil : text
            }
            return true
        }
        guard !line.isEmpty, line.count <= Self.longestLine, !Self.isAddress(line) else { return true }
        entries.append(Entry(line: number, bytes: Array(line)))
        return true
    }

    /// Whether the line is a `scheme://` address of something other than a file.
    private static func isAddress(_ line: ArraySlice<UInt8>) -> Bool {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), line[colon...].starts(with: "://".utf8) else { return false }
        let scheme = line[..<colon].map { $0 | 0x20 }
        return scheme.count > 1 && scheme.allSatisfy { (0x61...0x7A).contains($0) } && scheme != Array("file".utf8)
    }

    private static func trimmed(_ line: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0 }
        let rest = line.drop(while: isBlank)
        guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return rest.prefix(0) }
        return rest[...last]
    }

    static func text(_ bytes: [UInt8]) -> String {
        String(validating: bytes, as: UTF8.self) ?? CodePage.all.lazy.compactMap { $0.text(bytes) }.first
            ?? String(decoding: bytes, as: UTF8.self)
    }

    /// The bytes behind a byte order mark; UTF-16 is converted to UTF-8.
    private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return bytes.dropFirst(3) }
        if bytes.starts(with: [0xFF, 0xFE]) { return utf8(bytes.dropFirst(2), low: 0) }
        if bytes.starts(with: [0xFE, 0xFF]) { return utf8(bytes.dropFirst(2), low: 1) }
        // Without a mark, the zeros beside the first ASCII characters tell.
        guard bytes.count >= 4 else { return bytes[...] }
        if bytes[0] != 0, bytes[1] == 0, bytes[2] != 0, bytes[3] == 0 { return utf8(bytes[...], low: 0) }
        if bytes[0] == 0, bytes[1] != 0, bytes[2] == 0, bytes[3] != 0 { return utf8(bytes[...], low: 1) }
        return bytes[...]
    }

    private static func utf8(_ bytes: ArraySlice<UInt8>, low: Int) -> ArraySlice<UInt8> {
        let units = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { place in
            UInt16(bytes[place + 1 - low]) << 8 | UInt16(bytes[place + low])
        }
        return Array(String(decoding: units, as: UTF16.self).utf8)[...]
    }
}
