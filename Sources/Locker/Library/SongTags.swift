internal import Audio

/// What a file's tags say of a song beside what decides its place in lists. Texts and lists are empty, numbers 0 if unknown.
public struct SongTags: Sendable, Hashable {
    public var comment = ""
    /// International Standard Recording Code.
    public var isrc = ""
    /// Beats per minute.
    public var tempo = 0
    public var composers: [String] = []
    public var moods: [String] = []
    /// The title of its disc.
    public var discTitle = ""

    init(_ tags: TrackTags) {
        comment = tags.comment.printable
        isrc = tags.isrc.printable
        tempo = tags.tempo
        composers = tags.composers.map(\.printable).filter { !$0.isEmpty }
        moods = tags.moods.map(\.printable).filter { !$0.isEmpty }
        discTitle = tags.discTitle.printable
    }

    /// The columns of a row, in the order in which they are read.
    static let names = ["comment", "isrc", "tempo", "composers", "moods", "discTitle"]
    /// No value has a control character.
    private static let separator: Character = "\n"

    /// - Parameter place: of the first of ``names``.
    init(row: Row, at place: Int) {
        (comment, isrc, tempo) = (row[place], row[place + 1], row[place + 2])
        (composers, moods) = (Self.list(row[place + 3]), Self.list(row[place + 4]))
        discTitle = row[place + 5]
    }

    var fields: [Field] {
        [
            ("comment", comment), ("isrc", isrc), ("tempo", tempo), ("composers", Self.text(composers)),
            ("moods", Self.text(moods)), ("discTitle", discTitle)
        ]
    }

    private static func text(_ list: [String]) -> String { list.joined(separator: String(separator)) }
    private static func list(_ text: String) -> [String] { text.isEmpty ? [] : text.split(separator: separator).map(String.init) }
}
