import Audio
import HTTPTypes
import Hummingbird
import Locker
import Logging
import Originals
import Streaming

/// A request for media of a track, once a route has found out which track that is: all that ``Media`` answers from.
struct MediaRequest: Sendable {
    let request: Request
    let context: GatewayContext
    let track: Track
    let wishes: MediaWishes
    /// ``Locker/Catalogue/changes`` before the catalogue was asked for the track.
    let changes: Int
    /// When the route took the request up.
    let start: ContinuousClock.Instant

    /// Looks the track up that the credentials give access to, as it was at most a second ago.
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

    /// The same of a URL of the server's own media, in whose path the track is the parameter `track`.
    init(own request: Request, _ context: GatewayContext, in catalogue: Catalogue) async throws {
        let id = try context.parameters.require("track")
        try await self.init(request, context, track: id, wishes: MediaWishes(request), in: catalogue)
    }

    /// What `answer` gives. The one door for what reading media fails with: it leaves as a problem of the track, and is logged where it
    /// is the server's.
    func answering<Answer>(_ answer: () async throws -> Answer) async throws -> Answer {
        do {
            return try await answer()
        } catch let error as StreamError {
            throw problem(error, "stream failed", error)
        } catch let error as OriginalError {
            // The store's reasons are for the log: a client is told the same of a file that is lost, damaged or out of reach.
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

    /// The redirect from a link that was made for bytes that have since changed to the current ones, its other parameters kept; nil where
    /// the link is of the current version, or of none.
    func redirect(toVersion entityTag: String) -> Response? {
        guard let version = wishes.version, version != entityTag.prefix(8) else { return nil }
        let kept = (request.uri.query ?? "").pieces(at: "&").filter { $0 != "v" && !$0.utf8.starts(with: "v=".utf8) }
        let query = (["v=\(entityTag.prefix(8))"] + kept.map(String.init)).joined(separator: "&")
        // Two slashes at its start would name another host here; such a path is none (``OneSpelling``).
        return Response(
            status: .temporaryRedirect, headers: [.location: "\(request.uri.path)?\(query)", .cacheControl: "no-store"])
    }

    /// - Throws: 401 where the credentials are good for the track, but not for this rendition of it.
    func requirePermission(for rendition: String) throws {
        guard context.permits(rendition: rendition) else { throw Problem.unauthorised }
    }

    /// - Throws: 404 where the account's plan does not have the rendition.
    func requireOffer(of rendition: Rendition) throws {
        guard context.plan.offered.contains(rendition) else { throw Problem(.notOffered, track: track.id) }
    }
}

/// What a request for media says besides which: a route reads it from its own URLs, in which other routes' parameters mean other things
/// (Subsonic's `v` is a version of its protocol).
struct MediaWishes: Sendable {
    /// The first eight digits of the entity tag that a link was made for, `v`: the answer may be kept for ever, and other bytes than these are
    /// somewhere else.
    var version: String?
    /// As fast as the client reads, `download=1`, and not at the pace of a player.
    var isDownload = false
    /// The track whose beginning is made ready, `next`.
    var nextTrack: String?
    /// A ticket for the links in a playlist, `ticket`.
    var ticket: String?

    init() {}

    /// What a URL of the server's own media says.
    init(_ request: Request) {
        let query = request.uri.queryParameters
        version = query["v"].map(String.init)
        isDownload = query["download"] == "1"
        nextTrack = query["next"].map(String.init)
        ticket = query["ticket"].map(String.init)
    }
}
