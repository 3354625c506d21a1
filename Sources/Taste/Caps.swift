/// Counts artists and releases in the last places of a list.
struct Caps {
    private let rules: ListRules
    private var last: [Track] = []

    init(_ rules: ListRules) { self.rules = rules }

    /// Whether a track may come next. What is unknown is not counted.
    func takes(_ track: Track) -> Bool {
        let near = last.suffix(rules.window - 1)
        if let artist = track.artist, near.count(where: { $0.artist == artist }) >= rules.perArtist { return false }
        if let album = track.album, near.count(where: { $0.album == album }) >= rules.perAlbum { return false }
        return true
    }

    mutating func append(_ track: Track) {
        last.append(track)
        if last.count > rules.window { last.removeFirst() }
    }
}
