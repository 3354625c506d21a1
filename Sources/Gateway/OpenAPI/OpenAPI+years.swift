extension OpenAPI {
    /// `/years` and `/days`.
    enum Years {
        static let list = Operation(
            summary: "The years in which something was heard, the latest first.", parameters: [offset], answer: page("Year"))
        static let one = Operation(
            summary: "The music of one year.", parameters: [offset, fields], answer: reference("MusicOfYear"),
            problems: [404, 503])
        static let days = Operation(
            summary: "What was heard on this day in the years before, the latest first.",
            parameters: [
                Parameter(name: "day", description: "a month and a day such as 11-30; today without it", schema: plain(upTo: 5)),
                offset, fields
            ], answer: reference("DaysOfYears"), problems: [503])

        private static let offset = Parameter(
            name: "offset", description: "minutes that the listener's clock is ahead of UTC; 0 without it",
            schema: ["type": "integer", "minimum": -840, "maximum": 840])
    }

    static let yearSchemas: [String: JSONLiteral] = [
        "Year": object(["year": year, "plays": count]),
        "MusicOfYear": object([
            "year": year, "plays": count, "seconds": described(count, "heard"),
            "months": described(["type": "array", "items": count, "minItems": 12, "maxItems": 12], "plays of each month"),
            "tracks": array(object(["plays": count, "track": reference("ListedTrack")]), upTo: 20),
            "artists": array(object(["plays": count, "id": id, "name": text]), upTo: 20),
            "albums": array(
                object(["plays": count, "id": id, "name": text, "artist": text, "art": nullable(text)]), upTo: 20)
        ]),
        "DaysOfYears": object([
            "day": described(text, "a month and a day"),
            "items": array(
                object(["year": year, "plays": count, "tracks": array(reference("ListedTrack"), upTo: 20)]), upTo: 101)
        ])
    ]

    private static let year: JSONLiteral = number(in: 1970...9999)
}
