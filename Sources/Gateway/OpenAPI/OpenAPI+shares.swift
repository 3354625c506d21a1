import Locker

extension OpenAPI {
    /// `/shares`, and what their links show.
    enum Shares {
        static let list = Operation(summary: "The shares, the latest first.", parameters: paging, answer: page("Share"))
        static let add = Operation(
            summary: "Share tracks, an album or a playlist: exactly one of these.",
            body: request(
                members.merging([
                    "tracks": nullable([
                        "type": "array", "items": id, "minItems": 1, "maxItems": .number(Share.mostTracks)
                    ]), "album": nullable(id), "playlist": nullable(id)
                ]) { $1 }),
            status: 201, answer: reference("Share"), headers: ["Location": text], problems: [404])
        static let one = Operation(summary: "A share.", answer: reference("Share"), problems: [404])
        static let change = Operation(
            summary: "Give a share another description, another end, or both. Null is no end.", body: request(members),
            answer: reference("Share"), problems: [404])
        static let remove = Operation(
            summary: "End a share, its tickets and its streams.", status: 204, problems: [404])
        static let shared = Operation(
            summary: "What a share's link shows. The token takes the place of credentials.", parameters: paging,
            answer: reference("Shared"), problems: [404, 503])

        private static let members: [String: JSONLiteral] = [
            "description": nullable(plain(upTo: 1000)), "expires": nullable(described(time, "a time to come"))
        ]
    }
}
