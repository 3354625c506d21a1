import Audio
import CodecProcess
import Crypto
import Intake
import Locker
import Logging
import NIOPosix
import Originals
import Streaming

/// The parts of a server before it has routes and services: the data directory that it claims, the stores in it, and the engine.
struct ServerParts: Sendable {
    static let serverName = "sweetspot"
    private static let threads = MultiThreadedEventLoopGroup.singleton
    private static let threadPool = NIOThreadPool.singleton

    let configuration: ServerConfiguration
    let logger: Logger
    let metrics = PrometheusMetrics()
    let claim: DirectoryClaim
    let privacy: FilePrivacy
    let ticketKey: SymmetricKey
    let appPasswordSeal: AppPasswordSeal
    let catalogue: Catalogue
    /// The one account of `--open` and `--token`.
    let account: Int64
    /// The account of the music folder.
    let owner: Int64
    let pool: WorkerPool
    let store: any OriginalVault
    let intake: Intake
    let originals: RemadeOriginals
    let engine: StreamEngine
    let imports: ImportProgressBoard
    let checks: UploadChecks
    let events = EventStreams()
    let scrobbles: ScrobbleClient
    let tastes: TasteBoard
    let offers: OfferBoard
    /// Hashes passwords.
    let passwords = NIOThreadPool(numberOfThreads: 1)

    /// - Throws: ``ServerConfiguration/Invalid`` with a sentence, or an error of the file system or the catalogue.
    init(_ configuration: ServerConfiguration, logger: Logger) async throws {
        try configuration.validate()
        guard let executable = configuration.codecExecutable ?? codecExecutable() else {
            throw ServerConfiguration.Invalid.noCodec
        }
        (self.configuration, self.logger) = (configuration, logger)
        let files = try DataDirectory(configuration.data)
        claim = try await DirectoryClaim(configuration.data)
        var privacy = files.privacy()
        privacy.go(on: FilePrivacyService.atStart)
        self.privacy = privacy
        let catalogue = try files.openCatalogue()
        self.catalogue = catalogue
        account = try await catalogue.localAccount()
        owner = try await Self.owner(configuration, account, catalogue)
        let pool = WorkerPool(
            configuration: WorkerPool.Configuration(executable: executable, workers: configuration.workers),
            eventLoopGroup: Self.threads, logger: logger, metrics: metrics)
        self.pool = pool
        store = try Self.openStore(configuration.originals, files)
        intake = Intake(
            originals: store, catalogue: catalogue, incoming: files.incoming, codecExecutable: executable,
            limits: configuration.ingest, floor: files.floor(configuration.uploadFloor),
            compact: Self.compactRender(executable, logger), measuresVersion: configuration.measuresVersion,
            eventLoopGroup: Self.threads, threadPool: Self.threadPool, logger: logger)
        originals = RemadeOriginals(intake) { (try? await pool.fingerprint())?.libraries }
        engine = StreamEngine(
            originals: originals, pool: pool, configuration: Self.streaming(configuration, files, executable, logger),
            metrics: metrics)
        imports = ImportProgressBoard(isReady: configuration.music == nil)
        checks = UploadChecks(intake: intake, logger: logger)
        scrobbles = ScrobbleClient(eventLoopGroup: Self.threads)
        tastes = TasteBoard(catalogue: catalogue, logger: logger)
        offers = OfferBoard(
            path: configuration.offers.feed, pause: configuration.offers.pause, threads: Self.threadPool, logger: logger)
        ticketKey = try files.ticketKey()
        appPasswordSeal = try files.appPasswordSeal()
    }

    private static func owner(
        _ configuration: ServerConfiguration, _ account: Int64, _ catalogue: Catalogue
    ) async throws -> Int64 {
        guard configuration.access == .accounts, configuration.music != nil else { return account }
        let accounts = try await catalogue.accounts().filter(\.hasPassword)
        guard let first = accounts.first, accounts.count == 1 else { throw ServerConfiguration.Invalid.noOwner }
        return first.id
    }

    /// The directory of Originals, or the origin that is read instead of it.
    private static func openStore(
        _ origin: String?, _ files: DataDirectory
    ) throws(ServerConfiguration.Invalid) -> any OriginalVault {
        guard let origin else { return DirectoryOriginals(root: files.originals, threadPool: threadPool) }
        do throws(OriginalError) {
            return try HTTPOriginals(base: origin, eventLoopGroup: threads)
        } catch {
            throw .noOrigin(origin)
        }
    }

    private static func streaming(
        _ configuration: ServerConfiguration, _ files: DataDirectory, _ executable: String, _ logger: Logger
    ) -> StreamEngine.Configuration {
        var streaming = StreamEngine.Configuration(
            cacheBytes: configuration.cacheMemory.bytes, queueCapacity: configuration.queueLimit)
        streaming.disk = StreamEngine.Configuration.Disk(
            directory: files.cache, bytes: configuration.cacheDisk.bytes, floor: configuration.cacheDiskFloor.bytes,
            threadPool: threadPool, logger: logger)
        streaming.resize = PictureProcess(executable: executable, eventLoopGroup: threads, logger: logger).resize
        streaming.pace = configuration.pace
        streaming.isShared = configuration.access == .accounts
        return streaming
    }

    /// Renders each small copy with a worker started for it, so that the listeners' workers stay free.
    private static func compactRender(_ executable: String, _ logger: Logger) -> Intake.Compact {
        { hash, originals, write in
            try await StreamEngine.render(
                .compact, of: hash, in: originals, executable: executable, eventLoopGroup: threads, logger: logger, to: write)
        }
    }
}
