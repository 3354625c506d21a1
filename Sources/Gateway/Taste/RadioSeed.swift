/// What a radio starts from: one thing of the listener's locker.
enum RadioSeed: Hashable {
    case track(String)
    case album(String)
    case artist(String)
    case playlist(String)
    /// By name.
    case genre(String)

    /// Reads `track:ID` and its like. Returns nil if `text` has another form.
    init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty else { return nil }
        let value = String(parts[1])
        switch parts[0] {
        case "track": self = .track(value)
        case "album": self = .album(value)
        case "artist": self = .artist(value)
        case "playlist": self = .playlist(value)
        case "genre": self = .genre(value)
        default: return nil
        }
    }
}
