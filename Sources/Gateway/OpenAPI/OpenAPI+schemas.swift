extension OpenAPI {
    /// Shapes by name, as JSON Schema (2020-12). Every member that is not optional is always present; an unknown value is
    /// null.
    static let schemas: [String: JSONLiteral] = [
        "Problem": object(
            [
                "type": text, "title": text, "status": number(in: 400...599), "detail": text, "track": text,
                "limit": described(oneOf("quota", "streams", "playlists", "playlistTracks"), "of the plan, which is met"),
                "plan": text
            ], optional: ["track", "limit", "plan"]),
        "Track": object(trackMembers),
        "ListedTrack": described(
            object(trackMembers, optional: Set(trackMembers.keys)), "those of a track's members that fields names; all without it"
        ),
        "DeletedTrack": object([
            "id": id, "title": text, "artist": text, "album": text, "deleted": time,
            "until": described(time, "when it cannot be put back any more")
        ]),
        "Loudness": object([
            "integrated": described(number, "LUFS"), "truePeak": described(number, "dBTP"), "range": described(number, "LU")
        ]),
        "Rendition": object([
            "name": text, "ladder": text, "bytes": described(nullable(count), "the stream's exact length; null for FLAC"),
            "etag": text,
            "type": text,
            "url": text
        ]),
        "Credit": described(object(["id": id, "name": text]), "an artist whom it is by"),
        "Artist": object([
            "id": id, "name": text, "albums": count, "tracks": count, "favourite": nullable(time), "rating": rating
        ]),
        "Album": object(albumMembers),
        "WholeAlbum": object(albumMembers.merging(["loudness": nullable(reference("AlbumLoudness"))]) { $1 }),
        "AlbumLoudness": object([
            "integrated": described(number, "LUFS: the mean of the tracks' energies by their durations"),
            "truePeak": described(number, "dBTP, the highest of the tracks")
        ]),
        "Genre": object(["name": text, "tracks": count]),
        "SearchResult": object([
            "artists": array(reference("Artist"), upTo: 100), "albums": array(reference("Album"), upTo: 100),
            "tracks": array(reference("ListedTrack"), upTo: 100)
        ]),
        "Playlist": object([
            "id": id, "name": text, "tracks": count, "duration": described(measure, "seconds"), "created": time,
            "changed": described(time, "when its tracks may last have changed"),
            "rules": described(nullable(reference("Rules")), "of a smart playlist")
        ]),
        "Rules": described(
            ["type": "object", "properties": .object(ruleMembers)],
            "all or any of the conditions must be true; in the form of Navidrome's smart playlists"),
        "RuleFields": object(["fields": array(reference("RuleField"), upTo: 100)]),
        "RuleField": object([
            "name": text, "kind": oneOf("text", "number", "date", "bool", "playlist"), "operators": array(text, upTo: 20)
        ]),
        "Play": object([
            "at": time, "stopped": described(nullable(measure), "seconds of the track at which it stopped"),
            "heard": described(nullable(measure), "seconds of sound that were heard"), "source": nullable(playSource),
            "track": reference("ListedTrack")
        ]),
        "HistoryImport": object([
            "listens": described(count, "in the file"), "joined": described(count, "that are plays now"),
            "known": described(count, "that were plays before"), "unknown": described(count, "to tracks that are not here"),
            "forgotten": described(count, "older than what is kept"),
            "ignored": described(count, "played now, or at no real time")
        ]),
        "Letters": object(["items": array(reference("Letter"), upTo: 200), "total": count]),
        "Letter": object(["letter": text, "at": described(count, "how many items come before its first")]),
        "Waveform": object([
            "peaks": described(array(number(in: 0...255), upTo: 1000), "of parts of equal length; 255 is full scale"),
            "duration": described(measure, "seconds")
        ]),
        "Lyrics": object([
            "synced": described(flag, "lines have times"),
            "lines": array(object(["at": described(nullable(measure), "seconds"), "text": text]), upTo: 5000)
        ]),
        "Queue": object([
            "tracks": array(id, upTo: 10_000), "current": described(nullable(number(in: 0...9999)), "a place in tracks"),
            "position": described(measure, "seconds"), "changed": nullable(time)
        ]),
        "Upload": object([
            "id": id, "state": ["enum": ["receiving", "checking", "stored", "refused"]],
            "offset": described(count, "bytes on the disk"), "length": count, "track": nullable(id),
            "problem": nullable(reference("Problem"))
        ]),
        "Known": object(["sha256": hash, "track": id]),
        "Account": object([
            "name": text, "plan": text, "tracks": count, "bytes": count, "quota": nullable(count), "terms": reference("Terms")
        ]),
        "Terms": described(object(termMembers), "what the plan allows; null is any"),
        "Taste": object([
            "enabled": flag, "since": described(nullable(time), "when the account opted in"),
            "asked": described(nullable(time), "when it first said yes or no"),
            "plays": described(count, "in the history, which is kept either way"),
            "skips": described(count, "kept only while enabled"),
            "tracks": described(count, "whose weight is known; only while enabled")
        ]),
        "Scrobbler": object([
            "service": oneOf("listenbrainz", "lastfm"), "offered": described(flag, "this server can tell it"), "enabled": flag,
            "name": described(nullable(text), "the listener's there"), "since": nullable(time),
            "sent": described(count, "plays that it took"), "waiting": described(count, "plays that it is still to be told"),
            "problem": described(nullable(text), "why nothing is sent any more"),
            "authorise": described(nullable(text), "where a token is given for this server")
        ]),
        "Session": object([
            "id": id, "created": time, "used": described(time, "exact to a minute"),
            "client": described(limitedText(upTo: 200), "the program that logged in, as it names itself"),
            "current": described(flag, "it is the session of the request")
        ]),
        "Share": object([
            "id": id, "url": described(text, "the link's path"), "kind": oneOf("tracks", "album", "playlist"),
            "name": described(text, "of the album or playlist, or the first track's title"), "description": text,
            "tracks": count, "created": time, "expires": nullable(time), "visited": nullable(time), "visits": count
        ]),
        "Shared": object([
            "name": text, "by": described(text, "the account's name"), "description": text, "expires": nullable(time),
            "items": array(reference("SharedTrack"), upTo: 500), "next": nullable(text)
        ]),
        "SharedTrack": object(
            trackMembers.filter { sharedMembers.contains($0.key) }.merging([
                "ticket": described(text, "for its media, its cover among them, but not its original")
            ]) { $1 }),
        "Key": object(
            [
                "id": id, "label": text, "scopes": array(oneOf("stream", "library", "upload", "admin")), "created": time,
                "used": nullable(time), "key": described(text, "the secret, shown once")
            ], optional: ["key"]),
        "AppPassword": object(
            [
                "id": id, "label": text, "created": time, "used": nullable(time),
                "password": described(text, "shown once")
            ], optional: ["password"]),
        "Ticket": object(["ticket": text, "expires": time, "url": text])
    ]

    /// What a plan allows beside the quota; null is any.
    static let termMembers: [String: JSONLiteral] = [
        "maxRendition": described(nullable(text), "the best lossy rendition"), "lossless": flag,
        "streams": described(nullable(count), "tracks at once"), "playlists": nullable(count), "playlistTracks": count,
        "history": described(nullable(count), "plays that are kept")
    ]

    private static let trackMembers: [String: JSONLiteral] = [
        "id": id, "title": text, "artist": text, "albumArtist": text, "album": text, "albumId": id, "artistId": id,
        "artists": array(reference("Credit")),
        "albumArtists": described(array(reference("Credit")), "the album's where the track's tags name none"),
        "track": nullable(count), "disc": nullable(count), "year": nullable(count), "genres": array(text),
        "duration": described(measure, "seconds"), "samples": described(count, "per channel"),
        "sampleRate": described(count, "Hz"), "channels": count, "codec": text, "container": text,
        "bitrate": described(count, "kbit/s"), "bytes": described(count, "of the original"),
        "sha256": described(hash, "of the original"), "added": time, "warnings": array(text),
        "loudness": nullable(reference("Loudness")),
        "compact": described(flag, "a small rendition is stored instead of the file"),
        "art": nullable(text), "renditions": array(reference("Rendition")), "hls": links, "dash": links, "original": text,
        "favourite": nullable(time), "rating": rating
    ]

    private static let sharedMembers: Set<String> = [
        "id", "title", "artist", "artists", "album", "track", "disc", "duration", "art", "loudness", "samples", "sampleRate",
        "codec", "renditions"
    ]

    private static let albumMembers: [String: JSONLiteral] = [
        "id": id, "name": text, "artist": described(text, "the album artist"), "artistId": id,
        "artists": described(array(reference("Credit")), "the album artists one by one"), "year": nullable(count),
        "tracks": count, "duration": described(measure, "seconds"),
        "compilation": described(flag, "its tags say so, or its tracks are by several artists and none by its own"),
        "added": time, "art": nullable(text),
        "favourite": nullable(time), "rating": rating
    ]

    static let text: JSONLiteral = ["type": "string"]
    /// A text of a request, which has no control characters.
    static let plain: JSONLiteral = ["type": "string", "pattern": .text(noControls)]
    static let binary: JSONLiteral = ["type": "string", "format": "binary"]
    static let number: JSONLiteral = ["type": "number"]
    /// A number of things, a size or a rate.
    static let count: JSONLiteral = ["type": "integer", "minimum": 0]
    /// A duration or a position.
    static let measure: JSONLiteral = ["type": "number", "minimum": 0]
    static let flag: JSONLiteral = ["type": "boolean"]
    static let id: JSONLiteral = ["type": "string", "pattern": "^[0-9A-Za-z]{22}$", "maxLength": 22]
    static let time: JSONLiteral = ["type": "string", "format": "date-time"]
    static let hash: JSONLiteral = ["type": "string", "pattern": "^[0-9a-f]{64}$", "maxLength": 64]
    private static let rating: JSONLiteral = described(number(in: 0...5), "1 to 5, 0 for none")
    private static let noControls = #"^[^\u0000-\u001f\u007f-\u009f]*$"#
    /// As ``noControls``, and with at least one character that is not a space (Unicode's `White_Space`).
    private static let visible =
        #"^[^\u0000-\u001f\u007f-\u009f]*"#
        + #"[^\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]"#
        + #"[^\u0000-\u001f\u007f-\u009f]*$"#
    /// The members of rules.
    static let ruleMembers: [String: JSONLiteral] = [
        "all": nullable(conditions), "any": nullable(conditions),
        "sort": described(
            nullable(limitedText(upTo: 500)), "fields in their order, each with - to turn it around, or random; title without it"),
        "order": described(nullable(limitedText(upTo: 4)), "desc turns the whole order around; else asc"),
        "limit": described(nullable(number(in: 0...10_000)), "tracks at most; 0 for 10,000")
    ]
    private static let conditions = described(
        ["type": "array", "minItems": 1, "items": ["type": "object", "minProperties": 1, "maxProperties": 1]],
        #"at most 50: {"gt": {"rating": 3}}, or {"all": [conditions]} or {"any": [conditions]} within, four deep"#)
    static let playSource: JSONLiteral = oneOf("player", "subsonic", "scrobble", "import")
    private static let links: JSONLiteral = ["type": "object", "additionalProperties": text]

    static func reference(_ name: String) -> JSONLiteral { ["$ref": .text("#/components/schemas/\(name)")] }

    static func array(_ items: JSONLiteral) -> JSONLiteral { ["type": "array", "items": items] }

    static func array(_ items: JSONLiteral, upTo most: Int) -> JSONLiteral {
        ["type": "array", "items": items, "maxItems": .number(most)]
    }

    static func number(in range: ClosedRange<Int>) -> JSONLiteral {
        ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    }

    static func oneOf(_ values: String...) -> JSONLiteral { ["type": "string", "enum": .list(values.map(JSONLiteral.text))] }

    /// A text of at most `bytes` bytes. JSON Schema counts characters, which are as many if all are ASCII.
    static func limitedText(upTo bytes: Int) -> JSONLiteral { ["type": "string", "maxLength": .number(bytes)] }

    static func plain(upTo bytes: Int) -> JSONLiteral {
        ["type": "string", "pattern": .text(noControls), "maxLength": .number(bytes)]
    }

    /// A name: not empty, and not only spaces.
    static func name(upTo bytes: Int) -> JSONLiteral {
        ["type": "string", "pattern": .text(visible), "minLength": 1, "maxLength": .number(bytes)]
    }

    static func nullable(_ schema: JSONLiteral) -> JSONLiteral { ["anyOf": [schema, ["type": "null"]]] }

    static func described(_ schema: JSONLiteral, _ description: String) -> JSONLiteral {
        guard case .object(var members) = schema else { return schema }
        members["description"] = .text(description)
        return .object(members)
    }

    static func object(_ members: [String: JSONLiteral], optional: Set<String> = []) -> JSONLiteral {
        [
            "type": "object", "properties": .object(members),
            "required": .list(members.keys.filter { !optional.contains($0) }.sorted().map(JSONLiteral.text)),
            "additionalProperties": false
        ]
    }

    /// The shape of a request's body. The server ignores members it does not know.
    static func request(_ members: [String: JSONLiteral], required: [String] = []) -> JSONLiteral {
        ["type": "object", "properties": .object(members), "required": .list(required.map(JSONLiteral.text))]
    }

    /// - Parameter hasTotal: whether the list takes `at`, and then says how many items it has.
    static func page(_ name: String, hasTotal: Bool = false) -> JSONLiteral {
        let members = ["items": array(reference(name), upTo: 1000), "next": nullable(text)]
        guard hasTotal else { return object(members) }
        return object(members.merging(["total": described(count, "with at: items on all pages")]) { $1 }, optional: ["total"])
    }
}
