import Audio
import HTTPTypes
import Hummingbird
import Locker
import Logging
import Originals
import Packaging
import Streaming

/// A request for media of a track, once a route has found out which track that is: all that ``Media`` needs for the answer.
struct MediaRequest: Sendable {
    let request: Request
    let context: GatewayContext
    let track: Track
    var wishes: MediaWishes
    /// ``Locker/Catalogue/changes`` before the catalogue was asked for the track.
    let changes: Int
    /// When the route began to handle the request.
    let start: ContinuousClock.Instant

    /// Looks up a track that the credentials give access to, as it was at most a second ago.
    ///
    /// - Throws: 401 without credentials; 404 for a track of another account, as for one that does not exist.
    init(
        _ request: Request, _ context: GatewayContext, track id: String, wishes: MediaWishes, in catalogue: Catalogue
    ) async throws {
        start = .now
        changes = catalogue.changes
        guard let permission = context.permission else { throw Problem.unauthorised }
        guard permission.permits(track: id), let track = try await catalogue.recentTrack(id: id, account: permission.account)
        else { throw Problem.notFound() }
        self.track = track
        self.request = request
        self.context = context
        self.wishes = wishes
    }

    /// The same for a URL of the server's own media, whose path has the track as the parameter `track`.
    init(own request: Request, _ context: GatewayContext, in catalogue: Catalogue) async throws {
        let id = try context.parameters.require("track")
        try await self.init(request, context, track: id, wishes: MediaWishes(request), in: catalogue)
    }

    /// Returns the result of `answer`. Errors of reading media are translated here and nowhere else: they leave as problems
    /// of the track, and are logged if the server is at fault.
    func answering<Answer>(_ answer: () async throws -> Answer) async throws -> Answer {
        do {
            return try await answer()
        } catch let error as StreamError {
            throw problem(error, "stream failed", error)
        } catch let error as OriginalError {
            // The store's reasons are for the log: a client gets the same answer if a file is lost, damaged or out of reach.
            throw problem(.missing, "stored file not readable", error)
        }
    }

    private func problem(_ meaning: StreamError, _ message: Logger.Message, _ cause: any Error) -> Problem {
        let problem = Problem(meaning, track: track.id)
        if problem.slug == .renderFailed {
            context.logger.error(
                message, metadata: ["track": "\(track.id)", "path": "\(request.uri.path)", "error": "\(cause)"])
        }
        return problem
    }

    /// A redirect to the current version, with the link's other parameters, if the link was made for bytes that have changed
    /// since. Returns nil if the link names the current version, or no version.
    func redirect(toVersion entityTag: String) -> Response? {
        guard let version = wishes.version, version != entityTag.prefix(8) else { return nil }
        let kept = (request.uri.query ?? "").pieces(at: "&").filter { $0 != "v" && !$0.utf8.starts(with: "v=".utf8) }
        let query = (["v=\(entityTag.prefix(8))"] + kept.map(String.init)).joined(separator: "&")
        // A path that began with two slashes would name another host here; ``OneSpelling`` refuses it.
        return Response(
            status: .temporaryRedirect, headers: [.location: "\(request.uri.path)?\(query)", .cacheControl: "no-store"])
    }

    /// - Throws: 401 if the credentials are good for the track, but not for this rendition of it.
    func requirePermission(for rendition: String) throws {
        guard context.permits(rendition: rendition) else { throw Problem.unauthorised }
    }

    /// - Throws: 404 if the account's plan does not have the rendition.
    func requireOffer(of rendition: Rendition) throws {
        guard context.plan.offered.contains(rendition) else { throw Problem(.notOffered, track: track.id) }
    }
}

/// The parameters of a request for media, beside the track and the rendition. Each route reads them from its own URLs,
/// because a parameter can have another meaning in another API (Subsonic's `v` is a version of its protocol).
struct MediaWishes: Sendable {
    /// `v`, the first eight digits of the entity tag that the link was made for. The answer may be cached for ever, because
    /// other bytes have another link.
    var version: String?
    /// What the player calls itself: each plays one track at a time. Nil if it does not say.
    var player: String?
    /// `download=1`: the answer is sent as fast as the client reads, and not at the pace of a player.
    var isDownload = false
    /// Seconds of the track's beginning that the answer leaves out.
    var start = 0.0
    /// Whether the answer says how long it plays, in `X-Content-Duration`.
    var tellsDuration = false
    /// `next`, the track whose beginning is to be rendered.
    var nextTrack: String?
    /// `ticket`, the ticket for the links in a playlist.
    var ticket: String?
    /// `gapless`: the parts are for Media Source Extensions; see ``RenditionPart``.
    var trimming = Trimming.byBoxes
    /// `gain`, dB that an Opus decoder applies, for parts that are `gapless`.
    var gain: String?

    init() {}

    /// The parameters of a URL of the server's own media.
    init(_ request: Request) {
        let query = request.uri.queryParameters
        version = query["v"].map(String.init)
        player = CMCD(request).session
        isDownload = query["download"] == "1"
        nextTrack = query["next"].map(String.init)
        ticket = query["ticket"].map(String.init)
        if query["gapless"] != nil { trimming = .byPage }
        gain = query["gain"].map(String.init)
    }
}
