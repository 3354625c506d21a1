import Audio
import Hummingbird
import Locker

/// `/hls/{track}/…`: playlists, init sections and media segments, all made on request; and `/dash/{track}/…` over the same
/// segments.
struct SegmentRoutes: Sendable {
    let media: Media

    func add(to routes: inout Routes) {
        // The router takes one name only for the parameter at one place of a path: `name` is a file here, and a rendition
        // there.
        routes.media("/hls/:track/:name", master)
        routes.media("/hls/:track/:name/:file", part)
        routes.media("/dash/:track/:name", manifest)
    }

    @Sendable private func master(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await MediaRequest(own: request, context, in: media.catalogue)
        return try await media.playlist(asked, of: try ladder(fileExtension: "m3u8", context))
    }

    @Sendable private func manifest(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await MediaRequest(own: request, context, in: media.catalogue)
        let ladder = try ladder(fileExtension: "mpd", context)
        return try await media.manifest(asked, of: ladder, base: "../../hls/\(asked.track.id)/")
    }

    @Sendable private func part(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let asked = try await MediaRequest(own: request, context, in: media.catalogue)
        let name = try context.parameters.require("name")
        guard let rendition = Rendition(named: name) else { throw Problem.notFound("no rendition is called \(name)") }
        return try await media.part(asked, of: rendition, called: try context.parameters.require("file"))
    }

    private func ladder(fileExtension: String, _ context: GatewayContext) throws -> Ladder {
        let file = try context.parameters.require("name")
        guard file.hasSuffix(".\(fileExtension)"), let ladder = Ladder(rawValue: String(file.dropLast(fileExtension.count + 1))),
            ladder.segmentCodec != nil
        else { throw Problem.notFound("no ladder is called \(file)") }
        return ladder
    }
}
