import Audio
import CFFmpeg

extension TrackTags {
    private static let maximumCharacters = 1024
    private static let maximumGenres = 32

    /// The tags in libavformat's dictionaries, the first that has a key winning.
    init(_ dictionaries: [OpaquePointer?]) {
        func text(_ keys: String...) -> String {
            for key in keys {
                for dictionary in dictionaries {
                    guard let entry = av_dict_get(dictionary, key, nil, 0), let value = entry.pointee.value,
                        let text = Self.cleaned(value), !text.isEmpty
                    else { continue }
                    return text
                }
            }
            return ""
        }
        self.init(
            title: text("title"), artist: text("artist"), albumArtist: text("album_artist", "albumartist"), album: text("album"),
            track: Self.number(text("track", "tracknumber")), disc: Self.number(text("disc", "discnumber")),
            year: Self.number(text("date", "year", "TYER").prefix(4)),
            genres: text("genre").split(separator: ";").prefix(Self.maximumGenres).map(Self.trimmed).filter { !$0.isEmpty })
    }

    /// Valid UTF-8 without control characters, at most 1,024 characters; nil where it is not UTF-8.
    private static func cleaned(_ value: UnsafePointer<CChar>) -> String? {
        guard let text = String(validatingCString: value) else { return nil }
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(8 * maximumCharacters) where scalar.properties.generalCategory != .control {
            scalars.append(scalar)
        }
        return trimmed(String(scalars).prefix(maximumCharacters))
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        var rest = text[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    /// The leading number of `3/12` or `2004-05-01`; 0 where there is none.
    private static func number(_ text: some StringProtocol) -> Int {
        Int(text.prefix { ("0"..."9").contains($0) }.prefix(9)) ?? 0
    }
}
