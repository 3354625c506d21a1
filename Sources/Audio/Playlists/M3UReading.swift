/// One way to read an entry of a playlist: the names of folders and of a file.
struct M3UReading {
    /// The path to the file, without `.`; `..` is kept.
    let names: [[UInt8]]
    /// Whether it begins at the root of a file system, which may be another machine's.
    let isAbsolute: Bool

    /// All readings of an entry, the likeliest first: its bytes as they are, in every code page if they are not UTF-8, with
    /// percent codes decoded, each with the backslashes of Windows taken for separators too.
    static func all(of entry: M3U.Entry) -> [M3UReading] {
        var forms = [entry.bytes]
        if let path = pathOfURL(entry.bytes) {
            forms = [percentDecoded(path) ?? path, path]
        } else if let decoded = percentDecoded(entry.bytes) {
            forms.append(decoded)
        }
        return forms.flatMap(texts).flatMap(separated).compactMap(M3UReading.init)
    }

    private init?(_ path: [UInt8]) {
        let slash = Self.slash
        guard !path.contains(0) else { return nil }
        var path = path[...]
        isAbsolute = path.first == slash
        // A drive of Windows: "/C:/Music", or "/C|/Music" in old URLs.
        let rest = path.drop { $0 == slash }
        if isAbsolute, rest.count > 2, Self.beginsWithDrive(rest), rest[rest.startIndex + 2] == slash { path = rest.dropFirst(2) }
        names = path.split(separator: slash).filter { !$0.elementsEqual(".".utf8) }.map(Array.init)
        guard let last = names.last, last != Array("..".utf8) else { return nil }
    }

    private static let slash = UInt8(ascii: "/")
    private static let backslash = UInt8(ascii: "\\")

    private static func beginsWithDrive(_ path: ArraySlice<UInt8>) -> Bool {
        guard path.count > 1, let letter = path.first else { return false }
        return (0x61...0x7A).contains(letter | 0x20) && [UInt8(ascii: ":"), UInt8(ascii: "|")].contains(path[path.startIndex + 1])
    }

    /// The path of a `file:` URL (RFC 8089), whatever host it names; nil for anything else.
    private static func pathOfURL(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count > 5, bytes[..<4].map({ $0 | 0x20 }) == Array("file".utf8), bytes[4] == UInt8(ascii: ":") else {
            return nil
        }
        // Some programs of Windows write its separators here too.
        let rest = bytes[5...].map { $0 == backslash ? slash : $0 }
        guard rest.starts(with: "//".utf8) else { return rest }
        let behind = rest.dropFirst(2)
        // "file://C:/Music" has a drive where a host should be.
        if beginsWithDrive(behind) { return [slash] + behind }
        return behind.firstIndex(of: slash).map { Array(behind[$0...]) }
    }

    /// Returns nil if nothing is encoded.
    private static func percentDecoded(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.contains(UInt8(ascii: "%")) else { return nil }
        func digit(_ place: Int) -> UInt8? {
            guard place < bytes.count else { return nil }
            return switch bytes[place] {
            case 0x30...0x39: bytes[place] - 0x30
            case 0x41...0x46: bytes[place] - 0x37
            case 0x61...0x66: bytes[place] - 0x57
            default: nil
            }
        }
        var decoded: [UInt8] = []
        var place = 0
        while place < bytes.count {
            if bytes[place] == UInt8(ascii: "%"), let high = digit(place + 1), let low = digit(place + 2) {
                decoded.append(high << 4 | low)
                place += 3
            } else {
                decoded.append(bytes[place])
                place += 1
            }
        }
        return decoded.count < bytes.count ? decoded : nil
    }

    private static func texts(_ bytes: [UInt8]) -> [[UInt8]] {
        if String(validating: bytes, as: UTF8.self) != nil { return [bytes] }
        return [bytes] + CodePage.all.compactMap { $0.text(bytes) }.map { Array($0.utf8) }
    }

    private static func separated(_ path: [UInt8]) -> [[UInt8]] {
        let hasDrive = beginsWithDrive(path[...])
        guard path.contains(backslash) || hasDrive else { return [path] }
        let slashed = path.map { $0 == backslash ? slash : $0 }
        guard hasDrive else { return [path, slashed] }
        // "C:song.mp3" is taken to lie beside the playlist.
        return [path, slashed.count > 2 && slashed[2] == slash ? [slash] + slashed : Array(slashed.dropFirst(2))]
    }
}
