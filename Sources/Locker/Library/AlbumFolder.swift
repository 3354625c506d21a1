internal import Audio

/// The folder of an album, from the path of one of its files. If each disc has its own folder, these count as one.
enum AlbumFolder {
    /// The most bytes that are kept of a folder's path: its end.
    private static let mostBytes = 4096
    private static let words = ["cd", "disc", "disk", "disque", "disco", "dvd", "lp", "vinyl"]

    /// - Parameter path: of a file, as an import or an upload names it, with slashes.
    /// - Returns: empty if the path has no folder.
    static func of(path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: 0x2F) else { return "" }
        var names = path[..<slash].pieces(at: "/").suffix(64)
        if let last = names.last {
            let name = withoutDisc(last)
            if name.isEmpty, names.count > 1 {
                names.removeLast()
            } else if !name.isEmpty {
                names[names.endIndex - 1] = name
            }
        }
        let folder = names.joined(separator: "/")
        return folder.utf8.count <= mostBytes ? folder : String(decoding: folder.utf8.suffix(mostBytes), as: UTF8.self)
    }

    /// A folder's name without the part that numbers a disc; empty if nothing else is left, as of `CD1` and `Disc 2 - Live`.
    private static func withoutDisc(_ name: Substring) -> Substring {
        // Finds a word for a disc with a number: the album's name may stand before it, and the disc's own title after it.
        let lowered = name.lowercased()
        guard lowered.count == name.count else { return name }
        let letters = Array(lowered)
        for start in letters.indices where start == 0 || !letters[start - 1].isLetter && !letters[start - 1].isNumber {
            for word in words where letters[start...].starts(with: word) {
                var end = start + word.count
                while end < letters.count, " ._-#".contains(letters[end]) { end += 1 }
                let digits = letters[end...].prefix { $0.isASCII && $0.isNumber }.count
                guard (1...2).contains(digits), end + digits == letters.count || !letters[end + digits].isLetter else { continue }
                var rest = name.prefix(start)
                while let last = rest.last, last.isWhitespace || "([{-_.,:".contains(last) { rest.removeLast() }
                return rest
            }
        }
        return name
    }
}
