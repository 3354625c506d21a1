import Locker

/// The names that answers give to what has none: clients leave out songs and albums without them.
enum SubsonicNames {
    static let artist = "[Unknown Artist]"
    static let album = "[Unknown Album]"

    /// The id of the one folder of music, which is above all artists. Clients require a number.
    static let folder = 1
    static let folderName = "Music"

    static func artist(_ name: String) -> String { name.isEmpty ? artist : name }
    static func album(_ name: String) -> String { name.isEmpty ? album : name }

    /// Artists as one text for people.
    static func artists(_ text: String, _ credits: [Credit]) -> String {
        artist(text.isEmpty ? credits.map(\.name).joined(separator: ", ") : text)
    }

    static func credits(_ credits: [Credit]) -> [SubsonicElement] {
        credits.map { ["id": .text($0.id), "name": .text($0.name)] }
    }

    static func genres(_ genres: [String]) -> SubsonicValue { .names(genres.filter { !$0.isEmpty }) }
}
