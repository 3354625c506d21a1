import Hummingbird
import Locker

/// `/api/v1/letters/{list}`: where the letters of a list begin, for an index beside it.
struct LetterRoutes: Sendable {
    let catalogue: Catalogue

    func add(to routes: inout Routes) {
        typealias Document = OpenAPI.Letters
        let path = "/api/v1/letters"
        routes.resource("\(path)/tracks", [.read(.library, Document.tracks, tracks)])
        routes.resource("\(path)/albums", [.read(.library, Document.albums, albums)])
        routes.resource("\(path)/artists", [.read(.library, Document.artists, artists)])
    }

    private struct LetterDocument: Encodable {
        var letter: String
        var at: Int
    }

    private struct LettersDocument: Encodable {
        var items: [LetterDocument]
        var total: Int

        init(_ letters: Letters) {
            items = letters.letters.map { LetterDocument(letter: $0.name, at: $0.place) }
            total = letters.total
        }
    }

    @Sendable private func tracks(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let sort = try request.sort(or: TrackSort.title)
        return try Self.answer(try await catalogue.letters(ofTracks: sort, account: context.account), request)
    }

    @Sendable private func albums(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let sort = try request.sort(or: AlbumSort.name)
        return try Self.answer(try await catalogue.letters(ofAlbums: sort, account: context.account), request)
    }

    @Sendable private func artists(_ request: Request, _ context: GatewayContext) async throws -> Response {
        try Self.answer(try await catalogue.lettersOfArtists(account: context.account), request)
    }

    private static func answer(_ letters: Letters?, _ request: Request) throws -> Response {
        guard let letters else { throw Problem.badRequest("a list in this order has no letters") }
        return try Response(json: LettersDocument(letters), for: request)
    }
}
