extension OpenAPI {
    /// Shapes by name, as JSON Schema (2020-12). Every member is always there; what is not known is null.
    static let schemas: [String: JSONLiteral] = [
        "Problem": object(
            [
                "type": text, "title": text, "status": integer, "detail": text, "track": text
            ], optional: ["track"]),
        "Track": object([
            "id": id, "title": text, "artist": text, "albumArtist": text, "album": text, "albumId": id, "artistId": id,
            "artists": array(reference("Credit")),
            "albumArtists": described(array(reference("Credit")), "the album's where the track's tags name none"),
            "track": nullable(integer), "disc": nullable(integer), "year": nullable(integer), "genres": array(text),
            "duration": described(number, "seconds"), "samples": described(integer, "per channel"),
            "sampleRate": described(integer, "Hz"), "channels": integer, "codec": text, "container": text,
            "bitrate": described(integer, "kbit/s"), "bytes": described(integer, "of the original"),
            "sha256": described(text, "of the original"), "added": time, "warnings": array(text),
            "loudness": nullable(reference("Loudness")),
            "compact": described(flag, "a small rendition is stored instead of the file"),
            "art": nullable(text), "renditions": array(reference("Rendition")), "hls": links, "dash": links, "original": text,
            "favourite": nullable(time), "rating": described(integer, "1 to 5, 0 for none")
        ]),
        "Loudness": object([
            "integrated": described(number, "LUFS"), "truePeak": described(number, "dBTP"), "range": described(number, "LU")
        ]),
        "Rendition": object([
            "name": text, "ladder": text, "bytes": described(nullable(integer), "the stream's exact length"), "etag": text,
            "type": text,
            "url": text
        ]),
        "Credit": described(object(["id": id, "name": text]), "an artist whom it is by"),
        "Artist": object([
            "id": id, "name": text, "albums": integer, "tracks": integer, "favourite": nullable(time), "rating": integer
        ]),
        "Album": object([
            "id": id, "name": text, "artist": described(text, "the album artist"), "artistId": id,
            "artists": described(array(reference("Credit")), "the album artists one by one"), "year": nullable(integer),
            "tracks": integer, "duration": described(number, "seconds"),
            "compilation": described(flag, "its tags say so, or its tracks are by several artists and none by its own"),
            "added": time, "art": nullable(text),
            "favourite": nullable(time), "rating": integer
        ]),
        "Genre": object(["name": text, "tracks": integer]),
        "SearchResult": object([
            "artists": array(reference("Artist")), "albums": array(reference("Album")), "tracks": array(reference("Track"))
        ]),
        "Playlist": object([
            "id": id, "name": text, "tracks": integer, "duration": described(number, "seconds"), "created": time, "changed": time
        ]),
        "Play": object(["at": time, "track": reference("Track")]),
        "Queue": object([
            "tracks": array(id), "current": described(nullable(integer), "a place in tracks"),
            "position": described(number, "seconds"), "changed": nullable(time)
        ]),
        "Upload": object([
            "id": id, "state": ["enum": ["receiving", "checking", "stored", "refused"]],
            "offset": described(integer, "bytes on the disk"),
            "length": integer, "track": nullable(id), "problem": nullable(reference("Problem"))
        ]),
        "Known": object(["sha256": text, "track": id]),
        "Account": object([
            "name": text, "plan": text, "tracks": integer, "bytes": integer, "quota": nullable(integer)
        ]),
        "Key": object(
            [
                "id": id, "label": text, "scopes": array(text), "created": time, "used": nullable(time),
                "key": described(text, "the secret, shown once")
            ], optional: ["key"]),
        "Ticket": object(["ticket": text, "expires": time, "url": text])
    ]

    static let text: JSONLiteral = ["type": "string"]
    static let integer: JSONLiteral = ["type": "integer"]
    static let number: JSONLiteral = ["type": "number"]
    static let flag: JSONLiteral = ["type": "boolean"]
    static let id: JSONLiteral = ["type": "string", "pattern": "^[0-9A-Za-z]{22}$"]
    static let time: JSONLiteral = ["type": "string", "format": "date-time"]
    private static let links: JSONLiteral = ["type": "object", "additionalProperties": text]

    static func reference(_ name: String) -> JSONLiteral { ["$ref": .text("#/components/schemas/\(name)")] }

    static func array(_ items: JSONLiteral) -> JSONLiteral { ["type": "array", "items": items] }

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

    static func page(_ name: String) -> JSONLiteral {
        object(["items": array(reference(name)), "next": nullable(text)])
    }
}
