/// Finds listens among the values of a JSON document: objects that have a listen's members, in the lists that exports put them
/// into. All other values are passed over.
struct ListenDrafts: Sendable {
    typealias Malformed = ListenReader.Malformed

    /// What an object or a row says of a listen.
    struct Draft: Sendable {
        /// Milliseconds since 1970.
        var at: Int?
        var title: String?
        var artist: String?
        var album = ""
        /// What the listener's player said, and what ListenBrainz makes of the names.
        var recordings: (told: String, found: String) = ("", "")
        var isPlayingNow = false
        /// Whether the object has a list of listens, or an object with one.
        var hasList = false

        var isListen: Bool { title != nil || artist != nil || at != nil }

        /// Nil for one that is played now, and of a clock that was wrong.
        func listen(_ latest: Int) -> Listen? {
            guard let at, at >= 1_000_000, at <= latest, let title, let artist else { return nil }
            let known = [recordings.told, recordings.found].map { $0.lowercased() }.filter { $0.utf8.count == 36 }
            return Listen(at: at, title: title, artist: artist, album: album, recordings: known)
        }
    }

    /// A value around the one that is being read.
    private enum Frame {
        /// An array of listens, or of pages of them.
        case list
        /// An object that may be a listen, or has a list of them.
        case candidate
        /// An object inside a listen.
        case member(String)
        case ignored
    }

    private var frames: [Frame] = []
    private var drafts: [Draft] = []
    private var name = ""
    private var whole: [Draft] = []

    var isAny: Bool { !whole.isEmpty }

    /// The listens that are whole.
    mutating func take(_ latest: Int, _ ignored: inout Int) -> [Listen] {
        defer { whole.removeAll(keepingCapacity: true) }
        let listens = whole.compactMap { $0.listen(latest) }
        ignored += whole.count - listens.count
        return listens
    }

    mutating func begin(isObject: Bool) {
        let frame = next(isObject: isObject)
        if case .candidate = frame { drafts.append(Draft()) }
        frames.append(frame)
        name = ""
    }

    private mutating func next(isObject: Bool) -> Frame {
        switch (frames.last, name) {
        case (nil, _), (.list, _): return isObject ? .candidate : .list
        case (.candidate, "payload"), (.candidate, "recenttracks"), (.candidate, "listens"), (.candidate, "track"),
            (.candidate, "tracks"), (.candidate, "scrobbles"):
            drafts[drafts.count - 1].hasList = true
            return isObject ? .candidate : .list
        case (.candidate, "track_metadata"), (.candidate, "artist"), (.candidate, "album"), (.candidate, "date"),
            (.candidate, "@attr"):
            return isObject ? .member(name) : .ignored
        case (.member("track_metadata"), "additional_info"), (.member("track_metadata"), "mbid_mapping"):
            return isObject ? .member(name) : .ignored
        default: return .ignored
        }
    }

    mutating func end(_ line: Int) throws(Malformed) {
        guard case .candidate = frames.popLast(), let draft = drafts.popLast(), !draft.hasList || draft.isListen else { return }
        guard draft.isListen else {
            throw Malformed(
                line: line, reason: "must be an export of ListenBrainz or Last.fm: an object has neither listens nor is one")
        }
        try Self.require(draft, line)
        whole.append(draft)
    }

    /// - Throws: ``Malformed`` if a listen has no title, artist or time.
    static func require(_ draft: Draft, _ line: Int) throws(Malformed) {
        if draft.isPlayingNow { return }
        guard draft.title != nil, draft.artist != nil else {
            throw Malformed(line: line, reason: "a listen must have a track and an artist")
        }
        guard draft.at != nil else { throw Malformed(line: line, reason: "a listen must have a time") }
    }

    mutating func name(_ text: String) { name = text }

    /// - Parameter text: a text, a number, true or false.
    mutating func value(_ text: String, _ line: Int) throws(Malformed) {
        guard let frame = frames.last, let last = drafts.indices.last else {
            if case .ignored = frames.last { return }
            throw Malformed(line: line, reason: "must be an export of ListenBrainz or Last.fm: a list of listens")
        }
        func time() throws(Malformed) -> Int? {
            if text.isEmpty { return nil }
            guard let time = ListenTime.milliseconds(text) else {
                throw Malformed(line: line, reason: "the time of a listen cannot be read")
            }
            return time
        }
        switch frame {
        case .list: throw Malformed(line: line, reason: "must be an export of ListenBrainz or Last.fm: a list of listens")
        case .candidate:
            switch name {
            case "listened_at", "uts", "timestamp": drafts[last].at = try time()
            case "date": if drafts[last].at == nil { drafts[last].at = try time() }
            case "name", "track_name", "title", "track": drafts[last].title = text
            case "artist", "artist_name": drafts[last].artist = text
            case "album", "release_name": drafts[last].album = text
            case "mbid", "recording_mbid": drafts[last].recordings.told = text
            default: break
            }
        case .member("track_metadata"):
            switch name {
            case "track_name": drafts[last].title = text
            case "artist_name": drafts[last].artist = text
            case "release_name": drafts[last].album = text
            default: break
            }
        case .member("additional_info"): if name == "recording_mbid" { drafts[last].recordings.told = text }
        case .member("mbid_mapping"): if name == "recording_mbid" { drafts[last].recordings.found = text }
        case .member("artist"): if name == "#text" || name == "name" { drafts[last].artist = text }
        case .member("album"): if name == "#text" || name == "title" { drafts[last].album = text }
        case .member("date"): if name == "uts" { drafts[last].at = try time() }
        case .member("@attr"): if name == "nowplaying", text == "true" { drafts[last].isPlayingNow = true }
        case .member, .ignored: break
        }
    }
}
