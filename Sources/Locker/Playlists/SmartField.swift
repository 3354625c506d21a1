/// What the rules of a smart playlist can ask of a track. The raw values are the names in rules, all small; rules may write
/// them in any case. They are those of Navidrome's smart playlists, where it has the field.
public enum SmartField: String, Sendable, CaseIterable {
    case title, album, artist, albumartist, genre, filetype, codec
    case year, tracknumber, discnumber, duration, bpm, bitrate, bitdepth, samplerate, channels, size
    case playcount, skipcount, rating
    case dateadded, lastplayed, dateloved
    case loved, compilation, hascoverart
    /// The playlists that a track is in, by their ids.
    case id

    public enum Kind: String, Sendable {
        case text, number, date, bool, playlist
    }

    public var kind: Kind {
        switch self {
        case .title, .album, .artist, .albumartist, .genre, .filetype, .codec: .text
        case .year, .tracknumber, .discnumber, .duration, .bpm, .bitrate, .bitdepth, .samplerate, .channels, .size,
            .playcount, .skipcount, .rating:
            .number
        case .dateadded, .lastplayed, .dateloved: .date
        case .loved, .compilation, .hascoverart: .bool
        case .id: .playlist
        }
    }

    /// Whether 0 means that the number is unknown. An unknown number is neither greater nor less than another.
    var hasUnknown: Bool { [.year, .tracknumber, .discnumber, .bpm].contains(self) }

    /// The part of the account that a field is of: its changes may change what a condition on it is true of.
    var subject: ChangeSubjects {
        switch self {
        case .playcount, .skipcount, .lastplayed: .history
        case .id: .playlists
        default: .library
        }
    }
}

/// How a condition compares. The raw values are the names in rules, which may be written in any case.
public enum SmartOperator: String, Sendable, CaseIterable {
    case `is`, isNot, gt, lt, contains, notContains, startsWith, endsWith, inTheRange, before, after, inTheLast, notInTheLast
    case inPlaylist, notInPlaylist

    /// Those that a field of this kind has, in the order in which people are shown them.
    public static func all(for kind: SmartField.Kind) -> [SmartOperator] {
        switch kind {
        case .text: [.is, .isNot, .contains, .notContains, .startsWith, .endsWith]
        case .number: [.is, .isNot, .gt, .lt, .inTheRange]
        case .date: [.is, .isNot, .before, .after, .inTheRange, .inTheLast, .notInTheLast]
        case .bool: [.is, .isNot]
        case .playlist: [.inPlaylist, .notInPlaylist]
        }
    }

    /// The operator that is true of exactly the other tracks, if this one is meant as the opposite of it.
    var opposite: SmartOperator? {
        switch self {
        case .isNot: .is
        case .notContains: .contains
        case .notInTheLast: .inTheLast
        case .notInPlaylist: .inPlaylist
        default: nil
        }
    }
}
