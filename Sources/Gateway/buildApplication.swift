import Audio
public import CodecProcess
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
public import Intake
public import Locker
public import Logging
import Metrics
import NIOCore
import NIOPosix
import Originals
public import ServiceLifecycle
public import Streaming

/// A server, wired and not yet running.
public struct SweetspotApplication: Sendable {
    /// Run this; it ends after a graceful shutdown.
    public let service: any Service
    public let catalogue: Catalogue
    public let engine: StreamEngine
    public let pool: WorkerPool
    /// Read-only where Originals come from a remote origin.
    public let intake: Intake
    /// The one account of `--open` and `--token`.
    public let account: Int64
    /// Every path it answers, as the router has it: `/api/v1/tracks/:track`.
    package let paths: Set<String>
}

private let serverName = "sweetspot"

/// All wiring of the server, for `main` and for tests.
///
/// - Parameter onRunning: called with the URL once the server listens, and with the code that opens `/setup` where nobody can log in yet.
/// - Throws: ``ServerConfiguration/Invalid`` with a sentence, or what the file system or the catalogue says.
public func buildApplication(
    configuration: ServerConfiguration, logger: Logger,
    onRunning: @escaping @Sendable (_ url: String, _ setupCode: String?) async -> Void = { _, _ in }
) async throws -> SweetspotApplication {
    try await buildApplication(configuration: configuration, logger: logger, adding: { _, _ in }, onRunning: onRunning)
}

/// The same with further routes.
func buildApplication(
    configuration: ServerConfiguration, logger: Logger, adding further: (inout Routes, Media) throws -> Void,
    onRunning: @escaping @Sendable (_ url: String, _ setupCode: String?) async -> Void
) async throws -> SweetspotApplication {
    try configuration.validate()
    guard let executable = configuration.codecExecutable ?? codecExecutable() else {
        throw ServerConfiguration.Invalid.noCodec
    }
    let threads = MultiThreadedEventLoopGroup.singleton
    let threadPool = NIOThreadPool.singleton
    let metrics = PrometheusMetrics()
    let files = try DataDirectory(configuration.data)
    let claim = try await DirectoryClaim(configuration.data)
    var privacy = files.privacy()
    privacy.go(on: FilePrivacyService.atStart)
    let catalogue = try files.openCatalogue()
    let account = try await catalogue.localAccount()
    var owner = account
    if configuration.access == .accounts, configuration.music != nil {
        let accounts = try await catalogue.accounts().filter(\.hasPassword)
        guard let first = accounts.first, accounts.count == 1 else { throw ServerConfiguration.Invalid.noOwner }
        owner = first.id
    }

    let pool = WorkerPool(
        configuration: WorkerPool.Configuration(executable: executable, workers: configuration.workers),
        eventLoopGroup: threads, logger: logger, metrics: metrics)
    let store = try openStore(configuration.originals, files, threads: threads, threadPool: threadPool)
    let intake = Intake(
        originals: store, catalogue: catalogue, incoming: files.incoming, codecExecutable: executable,
        limits: configuration.ingest, floor: files.floor(configuration.uploadFloor),
        compact: compaction(executable: executable, logger: logger), measuresVersion: configuration.measuresVersion,
        eventLoopGroup: threads, threadPool: threadPool, logger: logger)
    let originals = RemadeOriginals(intake) { (try? await pool.fingerprint())?.libraries }
    var streaming = StreamEngine.Configuration(
        cacheBytes: configuration.cacheMemory.bytes, queueCapacity: configuration.queueLimit)
    streaming.disk = StreamEngine.Configuration.Disk(
        directory: files.cache, bytes: configuration.cacheDisk.bytes, floor: configuration.cacheDiskFloor.bytes,
        threadPool: threadPool, logger: logger)
    streaming.resize = PictureProcess(executable: executable, eventLoopGroup: threads, logger: logger).resize
    streaming.pace = configuration.pace
    streaming.isShared = configuration.access == .accounts
    let engine = StreamEngine(originals: originals, pool: pool, configuration: streaming, metrics: metrics)

    let board = ImportProgressBoard(isReady: configuration.music == nil)
    let key = try files.ticketKey()
    let plans = try OfferedPlans(
        configuration.plans, names: try await catalogue.plansInUse(), renditions: configuration.renditions)
    var middleware: [any MiddlewareProtocol<Request, Response, GatewayContext>] = [
        HostRequired(), Expectations(), PlainTarget(), ClientMiddleware(proxies: configuration.proxies)
    ]
    if configuration.access == .open { middleware.append(HostCheck(listenHost: configuration.host)) }
    middleware.append(OneSpelling())
    var routes = Routes(
        credentials: Authentication.readers(
            configuration.access, account: account, catalogue: catalogue, plans: plans, key: key),
        middleware: middleware)
    StatusRoutes(metrics: metrics, imports: board).add(to: &routes)
    let responder = MediaResponder(catalogue: catalogue, cacheIsPublic: configuration.cacheIsPublic, metrics: metrics)
    let anticipation = Anticipation(catalogue: catalogue, engine: engine)
    let hot = HotMedia(
        responder: responder, catalogue: catalogue, proxies: configuration.proxies, serverName: serverName, metrics: metrics)
    let media = Media(
        catalogue: catalogue, originals: originals, engine: engine, responder: responder, anticipation: anticipation, hot: hot)
    MediaRoutes(media: media).add(to: &routes)
    SegmentRoutes(media: media).add(to: &routes)
    let checks = UploadChecks(intake: intake, logger: logger)
    let uploads = UploadRoutes(
        catalogue: catalogue, intake: intake, engine: engine, checks: checks,
        reception: UploadReception(speed: configuration.uploadSpeed), limit: configuration.uploadLimit.bytes)
    uploads.add(to: &routes)
    TrackRoutes(catalogue: catalogue, engine: engine, ticketKey: key, uploads: uploads).add(to: &routes)
    HistoryRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
    LibraryRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
    PlaylistRoutes(catalogue: catalogue, engine: engine).add(to: &routes)
    ExportRoutes(catalogue: catalogue, originals: originals, engine: engine).add(to: &routes)
    let passwords = NIOThreadPool(numberOfThreads: 1)
    var setupCode: String?
    if configuration.access == .accounts {
        passwords.start()
        let logins = Logins(
            catalogue: catalogue, key: key, isAlwaysSecure: configuration.cookieIsSecure, threads: passwords)
        AccountRoutes(catalogue: catalogue, logins: logins, intake: intake, engine: engine).add(to: &routes)
        if try await !catalogue.hasAccounts() {
            let code = Identifier.random() + Identifier.random()
            SetupRoutes(code: code, catalogue: catalogue, logins: logins).add(to: &routes)
            setupCode = code
        }
    }
    try further(&routes, media)
    try OpenAPI.add(to: &routes, access: configuration.access)

    var services: [any Service] = [
        CodecService(
            pool: pool, engine: engine, store: store, catalogue: catalogue, passwords: passwords, checks: checks,
            claim: claim, logger: logger),
        ChangeWatch(catalogue: catalogue)
    ]
    // From here on nothing is refused any more: who gets an error gets one line.
    noteLandlock(configuration.landlock, logger: logger, metrics: metrics)
    if configuration.proxies.ranges.contains(where: \.isEverything) {
        logger.warning("proxy.trusted has all addresses there are: any client may say that it is another")
    }
    if privacy.isDone {
        privacy.report(to: logger)
    } else {
        services.append(FilePrivacyService(privacy: privacy, logger: logger))
    }
    if !intake.isReadOnly {
        services.append(checks)
        if configuration.scrub.bytes > 0 {
            services.append(
                Scrub(
                    intake: intake, catalogue: catalogue, bytesPerSecond: configuration.scrub.bytes, logger: logger,
                    metrics: metrics))
        }
        services.append(Remeasurement(intake: intake, engine: engine, logger: logger, metrics: metrics))
        services.append(
            Upkeep(
                intake: intake, catalogue: catalogue, checks: checks, engine: engine, grace: configuration.deletionGrace,
                logger: logger))
    }
    if let folder = configuration.music {
        services.append(MusicImport(folder: folder, account: owner, intake: intake, board: board, logger: logger))
    }
    let host = configuration.host
    let code = setupCode
    let connections = OpenConnections()
    let room = ConnectionLimit.connections(descriptors: ConnectionLimit.descriptors, workers: configuration.workers)
    let limit = min(configuration.connectionLimit ?? room, room)
    if let wanted = configuration.connectionLimit, wanted > limit {
        logger.warning("the limit of open files leaves room for fewer connections", metadata: ["limit": "\(limit)"])
    }
    @Sendable func accept(on channel: any Channel) async {
        try? await channel.eventLoop.submit {
            let accept = AcceptHandler(limit: limit, connections: connections, logger: logger, metrics: metrics)
            try channel.pipeline.syncOperations.addHandler(accept, position: .first)
        }.get()
    }
    let application = Application(
        responder: routes.responder(),
        server: HTTPServerBuilder { responder in
            let http = HTTP1Channel(
                responder: responder,
                configuration: .init(additionalChannelHandlers: [ConnectionWatch()], idleTimeout: .seconds(75)))
            return MediaChannel(http: http, media: hot, connections: connections, bodySpeed: configuration.bodySpeed)
        },
        configuration: ApplicationConfiguration(address: .hostname(host, port: configuration.port), serverName: serverName),
        services: services,
        onServerRunning: { channel in
            await accept(on: channel)
            let port = channel.localAddress?.port ?? configuration.port
            await onRunning("http://\(host.contains(":") ? "[\(host)]" : host):\(port)", code)
        },
        eventLoopGroupProvider: .shared(threads), logger: logger)
    return SweetspotApplication(
        service: application, catalogue: catalogue, engine: engine, pool: pool, intake: intake, account: account,
        paths: Set(routes.operations.map(\.path)))
}

/// The directory of Originals, or the origin that is read instead of it.
private func openStore(
    _ origin: String?, _ files: DataDirectory, threads: MultiThreadedEventLoopGroup, threadPool: NIOThreadPool
) throws(ServerConfiguration.Invalid) -> any OriginalVault {
    guard let origin else { return DirectoryOriginals(root: files.originals, threadPool: threadPool) }
    do throws(OriginalError) {
        return try HTTPOriginals(base: origin, eventLoopGroup: threads)
    } catch {
        throw .noOrigin(origin)
    }
}

/// Says where the kernel lacks one of the two walls around codec processes.
private func noteLandlock(_ version: Int, logger: Logger, metrics: PrometheusMetrics) {
    Meter(label: "sweetspot_landlock", dimensions: [], factory: metrics).set(version > 0 ? 1 : 0)
    guard version == 0 else { return }
    logger.warning(
        """
        this kernel has no Landlock, or it is switched off: system call filters and limits alone keep codec processes from files and \
        the network. Linux 5.13 has it, with landlock among the names in lsm=
        """)
}

/// Starts the codec workers before the server, and ends them and what else the server held after it.
private struct CodecService: Service {
    let pool: WorkerPool
    let engine: StreamEngine
    let store: any OriginalVault
    let catalogue: Catalogue
    let passwords: NIOThreadPool
    let checks: UploadChecks
    let claim: DirectoryClaim
    let logger: Logger

    func run() async throws {
        pool.start()
        try? await gracefulShutdown()
        await checks.stop()
        // At once: a render that hangs ends when its worker does.
        async let renders: Void = engine.shutdown()
        await pool.shutdown()
        await renders
        try? await store.shutdown()
        try? await passwords.shutdownGracefully()
        do {
            try catalogue.close()
        } catch {
            logger.error("the catalogue is not all in its file", metadata: ["error": "\(error)"])
        }
        claim.end()
    }
}
