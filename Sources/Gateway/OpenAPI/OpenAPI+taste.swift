extension OpenAPI {
    /// `/recommendations`, `/radio`, `/path` and `/hidden`.
    enum Taste {
        static let recommendations = Operation(
            summary: "What the account may like, with reasons: a list a day, which follows its plays. Empty unless it opted in.",
            parameters: [
                Parameter(name: "limit", description: "20 without it", schema: number(in: 1...100)), fields
            ], answer: reference("Suggestions"), problems: [503])
        static let radio = Operation(
            summary: "Tracks of the locker that go on from one of its tracks, albums, artists, playlists or genres.",
            parameters: [
                Parameter(
                    name: "seed", description: "track:, album:, artist: or playlist: and an id, or genre: and a name",
                    schema: plain(upTo: 1010), isRequired: true),
                Parameter(name: "limit", description: "50 without it", schema: number(in: 1...200)), fields
            ], answer: reference("Radio"), problems: [404, 503])
        static let path = Operation(
            summary: "Tracks that lead from one to another, each like the one before; none if there is no way.",
            parameters: [
                Parameter(name: "from", description: "a track's id", schema: plain(upTo: 22), isRequired: true),
                Parameter(name: "to", description: "a track's id", schema: plain(upTo: 22), isRequired: true), fields
            ], answer: page("ListedTrack"), problems: [404, 503])
        static let hidden = Operation(
            summary: "What is not suggested any more, the latest first.", parameters: paging, answer: page("Hidden"))
        static let hide = Operation(
            summary: "Do not suggest this: a track's id, or the item of a suggestion.", status: 204, problems: [404, 503])
        static let unhide = Operation(summary: "Suggest this again.", status: 204, problems: [404])
    }

    static let tasteSchemas: [String: JSONLiteral] = [
        "Suggestions": object([
            "enabled": described(flag, "the account opted in"), "day": described(text, "2026-11-30"),
            "basis": nullable(["enum": ["listeners", "library"]]), "items": array(reference("Suggestion"), upTo: 100)
        ]),
        "Suggestion": object([
            "item": described(id, "by which it can be hidden"),
            "track": described(nullable(reference("ListedTrack")), "null if the account does not own it"), "title": text,
            "artist": text, "album": text, "reasons": array(reference("Reason"), upTo: 3)
        ]),
        "Reason": object([
            "kind": ["enum": ["track", "artist", "sound", "session", "genre"]], "id": nullable(id), "title": text
        ]),
        "Radio": object([
            "items": array(
                object(["track": reference("ListedTrack"), "reasons": array(reference("Reason"), upTo: 3)]), upTo: 200)
        ]),
        "Hidden": object(["item": id, "title": text, "artist": text])
    ]
}
