extension OpenAPI {
    /// `/offers` and `/me/offers`.
    enum Offers {
        static let current = Operation(
            summary: "The one thing that the account may be shown now, with the reason; null if there is none.",
            answer: object(["offer": nullable(reference("Offer"))]), isKept: false)
        static let shown = Operation(
            summary: "The offer was shown: counted by offer and day, once for each account, which is not in the count.",
            status: 204,
            problems: [404])
        static let clicked = Operation(summary: "The offer was followed: counted likewise.", status: 204, problems: [404])
        static let dismissed = Operation(summary: "Do not show the offer again.", status: 204, problems: [404])
        static let picture = Operation(
            summary: "The offer's picture.", answer: binary, answerType: "image/jpeg", otherTypes: ["image/png", "image/webp"],
            others: [304: nil], headers: ["ETag": text], problems: [404, 412])
        static let settings = Operation(summary: "Whether offers are shown.", answer: reference("OfferSettings"))
        static let set = Operation(
            summary: "Switch offers on or off.", body: request(["enabled": flag], required: ["enabled"]),
            answer: reference("OfferSettings"))
        static let forget = Operation(summary: "Forget which offers were dismissed.", status: 204)
    }

    /// An offer's id.
    static let offerID: JSONLiteral = ["type": "string", "pattern": "^[0-9A-Za-z][0-9A-Za-z._-]*$", "maxLength": 64]

    static let offerSchemas: [String: JSONLiteral] = [
        "Offer": object([
            "id": offerID, "kind": oneOf("music", "plan", "film", "show", "concert"), "title": text, "text": text,
            "by": nullable(text), "price": described(nullable(text), "as the operator words it"),
            "url": described(text, "of http or https"), "picture": described(nullable(text), "a path of this server"),
            "date": described(nullable(text), "2026-11-30, when it takes place"),
            "reason": object([
                "kind": oneOf("artist", "genre", "taste", "general"),
                "name": described(nullable(text), "of the artist or the genre")
            ])
        ]),
        "OfferSettings": object([
            "enabled": described(
                flag, "true until the account says no; nothing is offered to accounts whose taste is not learned"),
            "available": described(flag, "the operator offers something"),
            "dismissed": described(count, "offers not to be shown again")
        ]),
        "Plans": object([
            "plan": described(nullable(text), "the account's; null if the server has no plans"),
            "upgrade": described(nullable(text), "where another is to be had; {plan} in it stands for the name"),
            "plans": described(array(reference("Plan"), upTo: 1000), "those on show, the account's among them")
        ]),
        "Plan": described(
            object(
                termMembers.merging([
                    "name": text, "quota": described(nullable(count), "bytes"), "title": nullable(text),
                    "price": described(nullable(text), "as the operator words it")
                ]) { $1 }), "null is any number, or any rendition")
    ]
}
