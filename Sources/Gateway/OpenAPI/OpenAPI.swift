import Hummingbird

/// `/api/v1/openapi.json`: what `/api/v1` takes and answers, as OpenAPI 3.1. A test asks the running server whether it is true.
enum OpenAPI {
    struct Operation {
        var summary: String
        /// What an API key has to be good for; nil where no credentials are needed.
        var scope: String? = "library"
        var query: [(name: String, description: String)] = []
        /// What is sent.
        var body: JSONLiteral?
        var bodyType = "application/json"
        var status = 200
        /// What comes back; nil where that is nothing.
        var answer: JSONLiteral?
        var answerType = "application/json"
        /// Further answers: problem documents.
        var problems: [Int] = []
    }

    static let paths: [(path: String, operations: [String: Operation])] = [
        (
            "/tracks",
            [
                "get": Operation(
                    summary: "The tracks, or those of an album, an artist, a genre, or the favourites.",
                    query: [
                        ("sort", "added, -added, title, artist, album or played; -added without it"), ("album", "an album's id"),
                        ("artist", "an artist's id"), ("genre", "a genre's name"), ("favourite", "true")
                    ] + paging, answer: page("Track"), problems: [400]),
                "post": Operation(
                    summary: "Upload a file. 200 where the locker has it, 202 where it is still being checked after 20 s.",
                    scope: "upload",
                    query: [
                        ("name", "the file's name; folders before it tell albums of one title apart"),
                        ("compact", "true stores opus-48 where that is smaller")
                    ],
                    body: ["type": "string", "format": "binary"], bodyType: "application/octet-stream", status: 201,
                    answer: reference("Track"), problems: [400, 408, 411, 413, 415, 422, 507])
            ]
        ),
        (
            "/tracks/{track}",
            [
                "get": Operation(summary: "A track.", answer: reference("Track"), problems: [404]),
                "patch": Operation(
                    summary: "Give a track other tags; neither its original nor a stream changes.",
                    body: object(
                        [
                            "title": text, "artist": text, "albumArtist": text, "album": text, "track": integer, "disc": integer,
                            "year": integer, "genres": array(text)
                        ], optional: ["title", "artist", "albumArtist", "album", "track", "disc", "year", "genres"]),
                    answer: reference("Track"), problems: [400, 404]),
                "delete": Operation(summary: "Delete a track.", status: 204, problems: [404])
            ]
        ),
        (
            "/tracks/{track}/ticket",
            [
                "post": Operation(
                    summary: "A ticket for players that cannot send headers.",
                    body: object(["rendition": described(text, "a rendition's name, or *")], optional: ["rendition"]),
                    answer: reference("Ticket"), problems: [400, 404])
            ]
        ),
        ("/tracks/{track}/favourite", favourite), ("/tracks/{track}/rating", rating),
        (
            "/albums",
            [
                "get": Operation(
                    summary: "The albums, those of an artist, those of others an artist appears on, or the favourites.",
                    query: [
                        ("sort", "name, artist, year or -added; name without it"), ("artist", "an album artist's id"),
                        ("appearsOn", "the id of an artist of some of their tracks"),
                        ("favourite", "true")
                    ] + paging, answer: page("Album"), problems: [400])
            ]
        ),
        ("/albums/{album}", ["get": Operation(summary: "An album.", answer: reference("Album"), problems: [404])]),
        ("/albums/{album}/favourite", favourite), ("/albums/{album}/rating", rating),
        (
            "/artists",
            [
                "get": Operation(
                    summary: "The artists and album artists, or the favourites.", query: [("favourite", "true")] + paging,
                    answer: page("Artist"), problems: [400])
            ]
        ),
        ("/artists/{artist}", ["get": Operation(summary: "An artist.", answer: reference("Artist"), problems: [404])]),
        ("/artists/{artist}/favourite", favourite), ("/artists/{artist}/rating", rating),
        ("/genres", ["get": Operation(summary: "The genres.", query: paging, answer: page("Genre"), problems: [400])]),
        (
            "/search",
            [
                "get": Operation(
                    summary: "What has words that begin as those of q, or in scripts without spaces has them; the best first.",
                    query: [
                        ("q", "two letters, or one sign of Han, kana, Hangul, Thai"), ("limit", "1 to 100 of each; 20 without it")
                    ],
                    answer: reference("SearchResult"), problems: [400])
            ]
        ),
        (
            "/playlists",
            [
                "get": Operation(summary: "The playlists.", query: paging, answer: page("Playlist"), problems: [400]),
                "post": Operation(
                    summary: "Make a playlist.", body: object(["name": text, "tracks": array(id)], optional: ["tracks"]),
                    status: 201,
                    answer: reference("Playlist"), problems: [400, 404])
            ]
        ),
        (
            "/playlists/{playlist}",
            [
                "get": Operation(summary: "A playlist.", answer: reference("Playlist"), problems: [404]),
                "patch": Operation(
                    summary: "Give a playlist another name, other tracks, or both.",
                    body: object(["name": text, "tracks": array(id)], optional: ["name", "tracks"]),
                    answer: reference("Playlist"),
                    problems: [400, 404]),
                "delete": Operation(summary: "Delete a playlist.", status: 204, problems: [404])
            ]
        ),
        (
            "/playlists/{playlist}/tracks",
            [
                "get": Operation(
                    summary: "A playlist's tracks, in its order.", query: paging, answer: page("Track"), problems: [400, 404])
            ]
        ),
        (
            "/history",
            [
                "get": Operation(
                    summary: "What was heard, the latest first.", query: paging, answer: page("Play"), problems: [400]),
                "post": Operation(
                    summary: "Say that a track was heard.", body: object(["track": id, "at": time], optional: ["at"]),
                    status: 204,
                    problems: [400, 404]),
                "delete": Operation(summary: "Forget what was heard.", status: 204)
            ]
        ),
        (
            "/queue",
            [
                "get": Operation(summary: "What was about to be heard.", answer: reference("Queue")),
                "put": Operation(
                    summary: "Keep another queue.",
                    body: object(
                        ["tracks": array(id), "current": integer, "position": described(number, "seconds")],
                        optional: ["current", "position"]), status: 204, problems: [400, 404])
            ]
        ),
        (
            "/known",
            [
                "post": Operation(
                    summary: "Which of these files the locker has.", scope: "upload", body: object(["sha256": array(text)]),
                    answer: page("Known"), problems: [400])
            ]
        ),
        (
            "/uploads",
            [
                "options": Operation(summary: "What of tus 1.0 there is.", scope: "upload", status: 204),
                "post": Operation(
                    summary: "Begin a resumable upload (tus 1.0).", scope: "upload", status: 201,
                    problems: [400, 409, 412, 413, 507])
            ]
        ),
        (
            "/uploads/{upload}",
            [
                "get": Operation(
                    summary: "How an upload is getting on.", scope: "upload", answer: reference("Upload"), problems: [404]),
                "patch": Operation(
                    summary: "Send more of it (tus 1.0).", scope: "upload", body: ["type": "string", "format": "binary"],
                    bodyType: "application/offset+octet-stream", status: 204,
                    problems: [400, 404, 408, 409, 412, 413, 415, 423, 460]),
                "post": Operation(
                    summary: "PATCH or DELETE, as X-HTTP-Method-Override says, for clients that cannot send them.",
                    scope: "upload",
                    status: 204, problems: [400, 404, 405, 408, 409, 412, 413, 415, 423, 460]),
                "delete": Operation(
                    summary: "Remove an upload (tus 1.0).", scope: "upload", status: 204, problems: [404, 412, 423]),
                "options": Operation(summary: "What of tus 1.0 there is.", scope: "upload", status: 204)
            ]
        ),
        (
            "/me/export",
            [
                "get": Operation(
                    summary: "Everything of the account, as a ZIP archive.", scope: "admin",
                    answer: ["type": "string", "format": "binary"], answerType: "application/zip")
            ]
        ),
        ("/openapi.json", ["get": Operation(summary: "This document.", scope: nil, answer: ["type": "object"])])
    ]

    /// Where the server has accounts.
    static let accountPaths: [(path: String, operations: [String: Operation])] = [
        (
            "/session",
            [
                "post": Operation(
                    summary: "Log in: the cookie sweetspot_session.", scope: nil, body: object(["name": text, "password": text]),
                    status: 204, problems: [400, 401, 403, 429]),
                "delete": Operation(summary: "Log out.", scope: nil, status: 204, problems: [403])
            ]
        ),
        (
            "/me",
            [
                "get": Operation(summary: "Whose credentials these are.", scope: "any", answer: reference("Account")),
                "delete": Operation(
                    summary: "Erase the account and everything in it.", scope: "admin", body: object(["password": text]),
                    status: 204,
                    problems: [400, 401])
            ]
        ),
        (
            "/keys",
            [
                "get": Operation(summary: "The account's API keys.", scope: "admin", answer: page("Key")),
                "post": Operation(
                    summary: "Make an API key; its secret is shown once.", scope: "admin",
                    body: object(["label": text, "scopes": array(text)], optional: ["label", "scopes"]), status: 201,
                    answer: reference("Key"), problems: [400, 409])
            ]
        ),
        ("/keys/{key}", ["delete": Operation(summary: "Revoke an API key.", scope: "admin", status: 204, problems: [404])])
    ]

    /// The document.
    static func document(hasAccounts: Bool) -> JSONLiteral {
        let described = paths + (hasAccounts ? accountPaths : [])
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "sweetspot", "version": "1",
                "description": "A personal music locker. Errors are problem documents (RFC 9457); lists have items and next."
            ],
            "servers": [["url": "/api/v1"]],
            "paths": .object(Dictionary(uniqueKeysWithValues: described.map { ($0.path, item($0.path, $0.operations)) })),
            "components": [
                "schemas": .object(schemas),
                "securitySchemes": [
                    "bearer": ["type": "http", "scheme": "bearer"],
                    "session": ["type": "apiKey", "in": "cookie", "name": .text(Authentication.cookie)]
                ]
            ]
        ]
    }

    private static let paging = [("limit", "1 to 500; 100 without it"), ("after", "an earlier page's next")]
    private static let favourite = [
        "put": Operation(summary: "Make it a favourite.", status: 204, problems: [404]),
        "delete": Operation(summary: "Make it none.", status: 204, problems: [404])
    ]
    private static let rating = [
        "put": Operation(
            summary: "Say how good it is.", body: object(["rating": described(integer, "1 to 5, 0 for none")]), status: 204,
            problems: [400, 404])
    ]

    private static func item(_ path: String, _ operations: [String: Operation]) -> JSONLiteral {
        var members = Dictionary(
            uniqueKeysWithValues: operations.map { method, described in
                var described = described
                if isChange(method, path) { described.problems.append(507) }
                return (method, operation(described))
            })
        let parameters = path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part -> JSONLiteral in
            ["name": .text(String(part.dropFirst().dropLast())), "in": "path", "required": true, "schema": id]
        }
        if !parameters.isEmpty { members["parameters"] = .list(parameters) }
        return .object(members)
    }

    /// Whether the operation writes, which a full disk does not take.
    private static func isChange(_ method: String, _ path: String) -> Bool {
        !["get", "head", "options"].contains(method) && !["/known", "/tracks/{track}/ticket"].contains(path)
    }

    private static func operation(_ operation: Operation) -> JSONLiteral {
        var answers: [String: JSONLiteral] = [:]
        var success: [String: JSONLiteral] = ["description": "done"]
        if let answer = operation.answer { success["content"] = .object([operation.answerType: ["schema": answer]]) }
        answers["\(operation.status)"] = .object(success)
        let credentials = operation.scope == nil ? [] : [401, 403]
        for status in Set(operation.problems + credentials) {
            answers["\(status)"] = [
                "description": "a problem", "content": ["application/problem+json": ["schema": reference("Problem")]]
            ]
        }
        var members: [String: JSONLiteral] = ["summary": .text(operation.summary), "responses": .object(answers)]
        if let scope = operation.scope {
            members["security"] = [["bearer": []], ["session": []]]
            members["x-scope"] = .text(scope)
        }
        if !operation.query.isEmpty {
            members["parameters"] = .list(
                operation.query.map { name, description in
                    ["name": .text(name), "in": "query", "description": .text(description), "schema": text]
                })
        }
        if let body = operation.body {
            members["requestBody"] = ["content": .object([operation.bodyType: ["schema": body]])]
        }
        return .object(members)
    }
}

extension OpenAPI {
    /// Needs no credentials: it says nothing of anybody.
    static func add(to router: some RouterMethods<GatewayContext>, hasAccounts: Bool) {
        let document = document(hasAccounts: hasAccounts)
        router.readable("/api/v1/openapi.json") { request, _ in try Response(json: document, for: request) }
    }
}
