extension OpenAPI {
    /// Logins, the account and its keys.
    enum Accounts {
        static let logIn = Operation(
            summary: "Log in: the cookie sweetspot_session.",
            body: request(
                ["name": plain(upTo: 1000), "password": limitedText(upTo: 1000)], required: ["name", "password"]),
            status: 204, headers: ["Set-Cookie": text], problems: [401, 403, 429, 503])
        static let logOut = Operation(
            summary: "Log out.",
            parameters: [
                Parameter(
                    name: "X-Requested-With", place: "header",
                    description: "anything: pages of other sites cannot send the field", schema: text, isRequired: true)
            ],
            status: 204, headers: ["Set-Cookie": text], problems: [403])
        static let me = Operation(summary: "Whose credentials these are.", answer: reference("Account"))
        static let remove = Operation(
            summary: "Erase the account and everything in it.",
            body: request(["password": limitedText(upTo: 1000)], required: ["password"]), status: 204,
            problems: [401, 429, 503])
        static let export = Operation(
            summary: "Everything of the account, as a ZIP archive.", answer: binary, answerType: "application/zip",
            problems: [503])
        static let taste = Operation(
            summary: "Whether what the account plays may be learned from, and what is known.", answer: reference("Taste"))
        static let setTaste = Operation(
            summary: "Opt in or out; opting out erases what was learned.",
            body: request(["enabled": flag], required: ["enabled"]), answer: reference("Taste"))
        static let forgetTaste = Operation(summary: "Opt out, and erase what was learned.", status: 204)
        static let plans = Operation(
            summary: "The account's plan, and those on show beside it.", answer: reference("Plans"))
        static let scrobbling = Operation(
            summary: "The services that are told what the account plays.", answer: page("Scrobbler"))
        static let setScrobbler = Operation(
            summary: "Tell the service what the account plays, by the account's own token there.",
            body: request(["token": described(name(upTo: 200), "ASCII without spaces")], required: ["token"]),
            answer: reference("Scrobbler"), problems: [409, 503])
        static let removeScrobbler = Operation(summary: "Tell the service nothing more, and erase the token.", status: 204)
        static let keys = Operation(summary: "The account's API keys.", answer: page("Key"))
        static let addKey = Operation(
            summary: "Make an API key; its secret is shown once.",
            body: request([
                "label": nullable(plain(upTo: 200)),
                "scopes": nullable([
                    "type": "array", "items": oneOf("stream", "library", "upload", "admin"), "minItems": 1,
                    "description": "all of them without it"
                ])
            ]), status: 201, answer: reference("Key"), headers: ["Location": text], problems: [409])
        static let sessions = Operation(
            summary: "The account's sessions, the latest login first.", parameters: paging, answer: page("Session"))
        static let endSession = Operation(
            summary: "End a session; a stream of events of it ends too.", status: 204, problems: [404])
        static let appPasswords = Operation(
            summary: "The account's app passwords, for programs that speak Subsonic.", answer: page("AppPassword"))
        static let addAppPassword = Operation(
            summary: "Make an app password; it is shown once.",
            body: request(["label": nullable(plain(upTo: 200))]), status: 201, answer: reference("AppPassword"),
            headers: ["Location": text], problems: [409])
        static let revokeAppPassword = Operation(summary: "Revoke an app password.", status: 204, problems: [404])
        static let revokeKey = Operation(summary: "Revoke an API key.", status: 204, problems: [404])
    }

    /// The document itself.
    static let itself = Operation(summary: "This document.", answer: ["type": "object"])
}
