public import Audio
internal import CodecProcess
internal import Glibc
public import Locker
public import Logging
public import NIOCore
public import NIOPosix
public import Originals

/// The one way in for music: a file is staged and hashed, looked at by ingest, put into the store, and only then known.
///
/// What fails or is abandoned at any step leaves nothing behind; no row of the catalogue is ever without its files.
public struct Intake: Sendable {
    /// Runs ingest on an open file and gives what it found, or throws a `Refusal`. The real one is a jailed process.
    typealias Ingest =
        @Sendable (
            _ descriptor: CInt, _ bytes: Int, _ onEvent: (IngestEvent) async throws -> Void
        ) async throws -> IngestedTrack

    /// Renders the small rendition that is stored instead of an Original, a piece at a time.
    public typealias Compact =
        @Sendable (
            _ hash: OriginalHash, _ originals: any OriginalStore, _ write: (ByteBuffer) async throws -> Void
        ) async throws -> Void

    let originals: any OriginalVault
    let catalogue: Catalogue
    let incoming: String
    let threadPool: NIOThreadPool
    let logger: Logger
    let ingest: Ingest
    /// Nil where no small renditions are made: then every file is stored as it is.
    let compact: Compact?
    /// What uploads and imports leave free; nil where they may use all there is.
    let floor: DiskFloor?
    let slots: ProcessSlots
    /// Tells an ingest from one that may judge a file otherwise: a file refused by another is tried again.
    let ingestVersion: String
    /// Measures of another version are missing.
    let measuresVersion: Int
    let times: Times

    /// Whether nothing is taken in, because the store takes nothing. What there is can be played and put into order all the same.
    public var isReadOnly: Bool { originals.isReadOnly }

    /// - Parameters:
    ///   - originals: Where everything goes. Where it is read-only, what would take something in throws ``IntakeError/readOnly``.
    ///   - limits: What ingest takes.
    ///   - incoming: A directory for what is not in the store yet, made where it is missing. On the file system of a directory of
    ///     Originals nothing is copied.
    ///   - floor: What uploads and imports leave free on its file system.
    ///   - codecExecutable: Path of `sweetspot-codec`.
    ///   - measuresVersion: What ``SoundMeasures`` are stored as; another than the current one is for tests.
    ///   - threadPool: Where everything that blocks is done. Belongs to the caller, as `eventLoopGroup` does.
    public init(
        originals: any OriginalVault, catalogue: Catalogue, incoming: String, codecExecutable: String,
        limits: IngestLimits = IngestLimits(), floor: DiskFloor? = nil, compact: Compact? = nil,
        measuresVersion: Int = SoundMeasures.currentVersion, eventLoopGroup: any EventLoopGroup, threadPool: NIOThreadPool,
        logger: Logger
    ) {
        self.init(
            originals: originals, catalogue: catalogue, incoming: incoming, limits: limits, floor: floor, compact: compact,
            measuresVersion: measuresVersion, threadPool: threadPool, logger: logger
        ) { descriptor, bytes, onEvent in
            try await IngestProcess.run(
                executable: codecExecutable, fileDescriptor: descriptor, fileBytes: bytes, limits: limits,
                eventLoopGroup: eventLoopGroup, logger: logger, onEvent: onEvent
            ).0
        }
    }

    init(
        originals: any OriginalVault, catalogue: Catalogue, incoming: String, limits: IngestLimits = IngestLimits(),
        floor: DiskFloor? = nil, compact: Compact? = nil, measuresVersion: Int = SoundMeasures.currentVersion,
        threadPool: NIOThreadPool, logger: Logger, times: Times = Times(), ingest: @escaping Ingest
    ) {
        self.originals = originals
        self.catalogue = catalogue
        self.incoming = incoming
        self.threadPool = threadPool
        self.logger = logger
        self.ingest = ingest
        self.times = times
        self.compact = compact
        self.floor = floor
        slots = ProcessSlots(System.coreCount)
        self.measuresVersion = measuresVersion
        ingestVersion = (["\(TrackMap.version)"] + limits.arguments).joined(separator: " ")
    }

    /// Closes its catalogue. No call may follow.
    public func close() throws { try catalogue.close() }

    /// Removes an account with all that is in it, and at once the files that no other locker has. The tracks it had.
    ///
    /// - Parameter forget: told of each Original and picture before its files go.
    public func removeAccount(
        _ account: Int64, forget: (@Sendable (OriginalHash) async -> Void)? = nil
    ) async throws -> Int {
        let uploads = isReadOnly ? [] : try await catalogue.openUploads().filter { $0.account == account }
        let tracks = try await catalogue.removeAccount(id: account)
        // A task of its own: the rows are gone, so the caller's cancellation must not keep the files.
        await Task {
            for upload in uploads { try? Directory.remove(path(ofUpload: upload.id)) }
            await release(tracks.flatMap(\.stored), forget: forget)
        }.value
        return tracks.count
    }

    /// Removes the files that no row has referred to since `time`, in milliseconds since 1970, and finds those of which no row ever came.
    /// How many Originals and pictures.
    ///
    /// - Parameter forget: told of each before its files go.
    public func reclaim(
        releasedBefore time: Int, forget: (@Sendable (OriginalHash) async -> Void)? = nil
    ) async throws -> Int {
        if isReadOnly { return 0 }
        try await catalogue.expireAnnouncements()
        var count = 0
        var last: [OriginalHash] = []
        while true {
            try Task.checkCancellation()
            let hashes = try await catalogue.released(before: time)
            // What stays where it was is being removed by another process.
            if hashes.isEmpty || hashes == last { return count }
            last = hashes
            count += try await reclaim(hashes, forget: forget)
        }
    }

    /// Removes what a crash left in `incoming/`; what a living process is writing there stays, and
    /// so do uploads, for ``recoverUploads()`` to judge. Blocks; for the start.
    public static func sweep(incoming: String) {
        for file in FolderWalk.regularFiles(in: incoming) where !file.text.hasSuffix(uploadSuffix) {
            guard let open = try? OpenFile(rawPath: file.cString), flock(open.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                continue
            }
            try? Directory.remove(open.path)
        }
    }
}
