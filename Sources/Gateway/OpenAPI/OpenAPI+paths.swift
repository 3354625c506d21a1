extension OpenAPI {
    /// `/tracks`.
    enum Tracks {
        static let list = Operation(
            summary: "The tracks, or those of an album, an artist, a genre, or the favourites: one of these at a time.",
            parameters: [
                Parameter(
                    name: "sort",
                    description: "-added without it; not with another list. random is another choice each time, of one page",
                    schema: oneOf("added", "-added", "title", "artist", "album", "played", "-played", "-plays", "random")),
                Parameter(name: "album", description: "an album's id", schema: plain),
                Parameter(name: "artist", description: "an artist's id", schema: plain),
                Parameter(name: "genre", description: "a genre's name", schema: plain), favourites
            ] + paging + [place, fields], answer: page("ListedTrack", hasTotal: true), problems: [503])
        static let add = Operation(
            summary: "Upload a file. 200 where the locker has it, 202 where it is still being checked after 20 s.",
            parameters: [
                Parameter(
                    name: "name", description: "the file's name; folders before it tell albums of one title apart",
                    schema: plain),
                Parameter(
                    name: "compact", description: "true or 1 stores opus-48 where that is smaller", schema: plain)
            ],
            body: binary, bodyType: "application/octet-stream", status: 201, answer: reference("Track"),
            others: [200: reference("Track"), 202: reference("Upload")], headers: ["Location": text],
            problems: [409, 411, 413, 415, 422, 503])
        static let one = Operation(
            summary: "A track.", parameters: [fields], answer: reference("ListedTrack"), problems: [404, 503])
        static let edit = Operation(
            summary: "Give a track other tags; neither its original nor a stream changes.",
            body: request([
                "title": nullable(name(upTo: 1000)), "artist": nullable(plain(upTo: 1000)),
                "albumArtist": nullable(plain(upTo: 1000)), "album": nullable(plain(upTo: 1000)),
                "track": nullable(number(in: 0...9999)), "disc": nullable(number(in: 0...9999)),
                "year": nullable(number(in: 0...9999)), "genres": nullable(array(plain(upTo: 1000), upTo: 32))
            ]),
            answer: reference("Track"), problems: [404, 503])
        static let remove = Operation(summary: "Delete a track.", status: 204, problems: [404])
        static let deleted = Operation(
            summary: "The tracks that were deleted a short time ago, the latest first.", parameters: paging,
            answer: page("DeletedTrack"))
        static let restore = Operation(
            summary: "Put a deleted track back as it was.", answer: reference("Track"), problems: [404, 503])
        static let waveform = Operation(
            summary: "A track's peaks, for drawing it; 404 until it is measured.", answer: reference("Waveform"), problems: [404])
        static let lyrics = Operation(
            summary: "A track's lyrics line by line; no lines if it has none.", answer: reference("Lyrics"), problems: [404])
        static let ticket = Operation(
            summary: "A ticket for players that cannot send headers.",
            body: request(["rendition": nullable(described(plain(upTo: 1000), "a rendition's name, or *"))]),
            needsBody: false, answer: reference("Ticket"), problems: [404])
    }

    /// The contents of a locker, and an account's favourites, ratings and queue.
    enum Library {
        static let albums = Operation(
            summary: "The albums, those of an artist, those of others an artist appears on, or the favourites.",
            parameters: [
                Parameter(
                    name: "sort", description: "name without it. random is another choice each time, of one page",
                    schema: oneOf("name", "artist", "year", "-added", "-played", "random")),
                Parameter(name: "artist", description: "an album artist's id", schema: plain),
                Parameter(
                    name: "appearsOn", description: "the id of an artist of some of their tracks", schema: plain),
                favourites
            ] + paging + [place], answer: page("Album", hasTotal: true))
        static let album = Operation(summary: "An album.", answer: reference("WholeAlbum"), problems: [404])
        static let artists = Operation(
            summary: "The artists and album artists, or the favourites.", parameters: [favourites] + paging + [place],
            answer: page("Artist", hasTotal: true))
        static let artist = Operation(summary: "An artist.", answer: reference("Artist"), problems: [404])
        static let genres = Operation(
            summary: "The genres.", parameters: paging + [place], answer: page("Genre", hasTotal: true))
        static let search = Operation(
            summary: "What has words that begin as those of q, or in scripts without spaces has them; the best first.",
            parameters: [
                Parameter(
                    name: "q", description: "two letters, or one sign of Han, kana, Hangul, Thai; at most 500 bytes",
                    schema: plain(upTo: 500), isRequired: true),
                Parameter(name: "limit", description: "of each; 20 without it", schema: number(in: 1...100)), fields
            ],
            answer: reference("SearchResult"), problems: [503])
        static let queue = Operation(summary: "What was about to be heard.", answer: reference("Queue"))
        static let setQueue = Operation(
            summary: "Keep another queue.",
            parameters: [
                Parameter(
                    name: "If-Match", place: "header",
                    description: "the ETag of the queue that is replaced: 412 if it is another",
                    schema: limitedText(upTo: 1000))
            ],
            body: request(
                [
                    "tracks": array(id, upTo: 10_000),
                    "current": nullable(described(number(in: 0...9999), "a place in tracks")),
                    "position": nullable(["type": "number", "minimum": 0, "maximum": 1_000_000, "description": "seconds"])
                ], required: ["tracks"]), status: 204, headers: ["ETag": text], problems: [404])

        static let queueTracks = Operation(
            summary: "The queue's tracks, in its order.", parameters: paging + [place, fields],
            answer: page("ListedTrack", hasTotal: true), problems: [503])
        static let events = Operation(
            summary: "What changes, as Server-Sent Events: event change, whose data is {\"kinds\": [...]}.", answer: text,
            answerType: "text/event-stream", problems: [429])
        static let favour = Operation(summary: "Make it a favourite.", status: 204, problems: [404])
        static let disfavour = Operation(summary: "Make it none.", status: 204, problems: [404])
        static let rate = Operation(
            summary: "Say how good it is.",
            body: request(["rating": described(number(in: 0...5), "1 to 5, 0 for none")], required: ["rating"]), status: 204,
            problems: [404])
    }

    /// `/playlists`.
    enum Playlists {
        static let list = Operation(summary: "The playlists.", parameters: paging, answer: page("Playlist"))
        static let add = Operation(
            summary: "Make a playlist, of tracks or of rules, or of a smart playlist's file as it is.",
            body: request(
                [
                    "name": name(upTo: 500), "tracks": nullable(array(id, upTo: 10_000)), "rules": nullable(reference("Rules"))
                ].merging(ruleMembers) { $1 }, required: ["name"]),
            status: 201, answer: reference("Playlist"), headers: ["Location": text], problems: [404, 409, 503])
        static let ruleFields = Operation(
            summary: "What the rules of smart playlists can ask of tracks.", answer: reference("RuleFields"))
        static let one = Operation(summary: "A playlist.", answer: reference("Playlist"), problems: [404, 503])
        static let change = Operation(
            summary: "Give a playlist another name, and other tracks, or a smart one other rules.",
            body: request([
                "name": nullable(name(upTo: 500)), "tracks": nullable(array(id, upTo: 10_000)),
                "rules": nullable(reference("Rules"))
            ]),
            answer: reference("Playlist"), problems: [404, 409, 503])
        static let freeze = Operation(
            summary: "Make a playlist of the tracks that a smart playlist has now.", status: 201,
            answer: reference("Playlist"), headers: ["Location": text], problems: [404, 409, 503])
        static let remove = Operation(summary: "Delete a playlist.", status: 204, problems: [404])
        static let tracks = Operation(
            summary: "A playlist's tracks, in its order.", parameters: paging + [place, fields],
            answer: page("ListedTrack", hasTotal: true), problems: [404, 503])
    }

    /// `/letters`.
    enum Letters {
        static let tracks = Operation(
            summary: "Where the letters of the list of tracks begin.",
            parameters: [
                Parameter(name: "sort", description: "title without it", schema: oneOf("title", "artist", "album"))
            ], answer: reference("Letters"))
        static let albums = Operation(
            summary: "Where the letters of the list of albums begin.",
            parameters: [Parameter(name: "sort", description: "name without it", schema: oneOf("name", "artist"))],
            answer: reference("Letters"))
        static let artists = Operation(
            summary: "Where the letters of the list of artists begin.", answer: reference("Letters"))
    }

    /// `/history`.
    enum History {
        static let list = Operation(
            summary: "What was heard, the latest first.", parameters: paging + [fields], answer: page("Play"),
            problems: [503])
        static let add = Operation(
            summary: "Say that a track was heard.",
            body: request(
                [
                    "track": id, "at": nullable(described(time, "from 1970 until a day from now; now without it")),
                    "stopped": nullable([
                        "type": "number", "minimum": 0, "maximum": 1_000_000,
                        "description": "seconds of the track at which it stopped"
                    ]),
                    "heard": nullable([
                        "type": "number", "minimum": 0, "maximum": 1_000_000,
                        "description": "seconds of sound that were heard; too few are no play"
                    ]),
                    "source": nullable(described(playSource, "player without it"))
                ], required: ["track"]),
            status: 204, problems: [404, 409])
        static let bring = Operation(
            summary: "Take over what ListenBrainz or Last.fm know was heard: an export in JSON, JSON lines or CSV.",
            body: binary, bodyType: "application/octet-stream", answer: reference("HistoryImport"),
            problems: [409, 413, 503])
        static let erase = Operation(
            summary: "Forget what was heard, all of it or that of a time.",
            parameters: [
                Parameter(name: "from", description: "the first moment to forget", schema: time),
                Parameter(name: "to", description: "the first moment to keep again", schema: time)
            ], status: 204)
    }

    static let paging = [
        Parameter(name: "limit", description: "100 without it", schema: number(in: 1...500)),
        Parameter(
            name: "after", description: "an earlier page's next", schema: ["type": "string", "pattern": "^[A-Za-z0-9_-]+$"])
    ]
    private static let place = Parameter(
        name: "at", description: "how many items come before the page, instead of after; the page then has the total",
        schema: number(in: 0...1_000_000_000))
    static let fields = Parameter(
        name: "fields", description: "members of the tracks' documents, with commas between them; all without it",
        schema: ["type": "string", "pattern": .text("^(\(members))(,(\(members)))*$"), "maxLength": .number(TrackFields.longest)])
    private static let members = TrackMember.allCases.map(\.rawValue).joined(separator: "|")
    private static let favourites = Parameter(name: "favourite", description: "true", schema: oneOf("true"))
}
