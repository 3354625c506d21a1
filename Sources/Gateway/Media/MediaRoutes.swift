import Audio
import HTTPTypes
import Hummingbird
import Locker
import Packaging
import Streaming

/// `/stream/{track}/{rendition}[.ext]` and `/art/{track}`: Streams, Originals and covers by byte range.
struct MediaRoutes: Sendable {
    let media: Media
    let choices = KeptChoices<AutomaticListener>(capacity: 1 << 14)

    func add(to routes: inout Routes) {
        routes.media("/stream/:track", automatic)
        routes.media("/stream/:track/:file", answer)
        routes.media("/art/:track", art)
    }

    @Sendable private func answer(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let file = try context.parameters.require("file")
        if file == "auto" { return try await automatic(request, context) }
        let asked = try await MediaRequest(own: request, context, in: media.catalogue)
        let parts = file.pieces(at: ".", maxSplits: 1, omittingEmpty: false)
        let (name, fileExtension) = (String(parts[0]), parts.count > 1 ? String(parts[1]) : nil)
        if name == "original" { return try await media.original(asked, as: fileExtension) }
        guard let rendition = Rendition(named: name) else {
            try asked.requirePermission(for: name)
            throw Problem.notFound("no rendition is called \(file)")
        }
        return try await media.stream(asked, in: rendition, as: fileExtension)
    }

    @Sendable private func art(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let size = request.uri.queryParameters["size"].map(String.init)
        return try await media.cover(try await MediaRequest(own: request, context, in: media.catalogue), size: size)
    }
}
