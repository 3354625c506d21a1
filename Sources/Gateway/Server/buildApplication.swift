public import CodecProcess
import Hummingbird
import HummingbirdCore
public import Intake
public import Locker
public import Logging
import NIOCore
import NIOPosix
public import ServiceLifecycle
public import Streaming

/// A server, wired and not yet running.
public struct SweetspotApplication: Sendable {
    /// Run this; it ends after a graceful shutdown.
    public let service: any Service
    public let catalogue: Catalogue
    public let engine: StreamEngine
    public let pool: WorkerPool
    /// Read-only if Originals come from a remote origin.
    public let intake: Intake
    /// The one account of `--open` and `--token`.
    public let account: Int64
    /// Every path with a route, as the router has it: `/api/v1/tracks/:track`.
    package let paths: Set<String>
}

/// All wiring of the server, for `main` and for tests.
///
/// - Parameter onRunning: called once the server listens, with its URL, and with the code that opens `/setup` if no account
///   can log in yet.
/// - Throws: ``ServerConfiguration/Invalid`` with a sentence, or an error of the file system or the catalogue.
public func buildApplication(
    configuration: ServerConfiguration, logger: Logger,
    onRunning: @escaping @Sendable (_ url: String, _ setupCode: String?) async -> Void = { _, _ in }
) async throws -> SweetspotApplication {
    try await buildApplication(configuration: configuration, logger: logger, adding: { _, _ in }, onRunning: onRunning)
}

/// Bytes of the longest URL, and of all fields of a request together: Subsonic's clients send playlists of thousands of songs in
/// URLs.
private let longestHead = 5 << 18

/// The same, with further routes.
func buildApplication(
    configuration: ServerConfiguration, logger: Logger, adding further: (inout Routes, Media) throws -> Void,
    onRunning: @escaping @Sendable (_ url: String, _ setupCode: String?) async -> Void
) async throws -> SweetspotApplication {
    let parts = try await ServerParts(configuration, logger: logger)
    let answering = try await parts.makeRoutes(adding: further)
    let host = configuration.host
    let (code, hot) = (answering.setupCode, answering.hot)
    let connections = OpenConnections()
    let room = ConnectionLimit.connections(descriptors: ConnectionLimit.descriptors, workers: configuration.workers)
    let limit = min(configuration.connectionLimit ?? room, room)
    if let wanted = configuration.connectionLimit, wanted > limit {
        logger.warning("the limit of open files leaves room for fewer connections", metadata: ["limit": "\(limit)"])
    }
    @Sendable func accept(on channel: any Channel) async {
        try? await channel.eventLoop.submit {
            let accept = AcceptHandler(limit: limit, connections: connections, logger: logger, metrics: parts.metrics)
            try channel.pipeline.syncOperations.addHandler(accept, position: .first)
        }.get()
    }
    let application = Application(
        responder: answering.routes.responder(),
        server: HTTPServerBuilder { responder in
            let http = HTTP1Channel(
                responder: responder,
                configuration: .init(
                    additionalChannelHandlers: [ConnectionWatch()], idleTimeout: .seconds(75),
                    httpDecoderConfiguration: .init(maxHeaderFieldSize: longestHead, maxHeaderListSize: longestHead)))
            return MediaChannel(http: http, media: hot, connections: connections, bodySpeed: configuration.bodySpeed)
        },
        configuration: ApplicationConfiguration(
            address: .hostname(host, port: configuration.port), serverName: ServerParts.serverName),
        services: parts.makeServices(),
        onServerRunning: { channel in
            await accept(on: channel)
            let port = channel.localAddress?.port ?? configuration.port
            await onRunning("http://\(host.contains(":") ? "[\(host)]" : host):\(port)", code)
        },
        eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton), logger: logger)
    return SweetspotApplication(
        service: application, catalogue: parts.catalogue, engine: parts.engine, pool: parts.pool, intake: parts.intake,
        account: parts.account, paths: Set(answering.routes.operations.map(\.path)))
}
