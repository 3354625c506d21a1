public import Audio
internal import CodecProcess
internal import FileSystem
internal import Glibc
public import Locker
public import Logging
public import NIOCore
public import NIOPosix
public import Originals

/// The one way in for music: a file is staged and hashed, ingested, put into the store, and only then recorded.
///
/// A file that fails or is abandoned at any step leaves nothing behind. No row of the catalogue is ever without its files.
public struct Intake: Sendable {
    /// Runs ingest on an open file and returns its result, or throws a `Refusal`. In the server it is a jailed process.
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
    /// Nil if no small renditions are made; then every file is stored as it is.
    let compact: Compact?
    /// The space that uploads and imports leave free; nil if they may use all of it.
    let floor: DiskFloor?
    let slots: ProcessSlots
    /// Identifies the ingest by the map's version and the limits. A file that another ingest refused is tried again.
    let ingestVersion: String
    /// Measures of another version count as missing.
    let measuresVersion: Int
    let times: Times

    var recordings: RecordingComparison {
        RecordingComparison(catalogue: catalogue, originals: originals, measuresVersion: measuresVersion)
    }

    /// Whether the store is read-only, so that nothing can be taken in. Existing tracks can still be played and organised.
    public var isReadOnly: Bool { originals.isReadOnly }

    /// - Parameters:
    ///   - originals: The store. If it is read-only, every call that would take something in throws
    ///     ``IntakeError/readOnly``.
    ///   - limits: The limits of ingest.
    ///   - incoming: A directory for files that are not in the store yet; made if it does not exist. If it is on the file
    ///     system of a directory of Originals, files are not copied into the store.
    ///   - floor: The space that uploads and imports leave free on its file system.
    ///   - codecExecutable: Path of `sweetspot-codec`.
    ///   - measuresVersion: The version that ``SoundMeasures`` are stored with; any other than the current one is for tests.
    ///   - threadPool: Runs everything that blocks. Belongs to the caller, as `eventLoopGroup` does.
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

    /// Closes the catalogue. No call may follow.
    public func close() throws { try catalogue.close() }

    /// Removes an account with everything in it, and at once the files that no other locker has. Returns how many tracks it
    /// had.
    ///
    /// - Parameter forget: called with each Original and picture before its files are removed.
    public func removeAccount(
        _ account: Int64, forget: (@Sendable (OriginalHash) async -> Void)? = nil
    ) async throws -> Int {
        let uploads = isReadOnly ? [] : try await catalogue.openUploads().filter { $0.account == account }
        let deleted = try await catalogue.filesOfDeleted(account: account)
        let tracks = try await catalogue.removeAccount(id: account)
        // In its own task: the rows are gone, so the files must go too even if the caller is cancelled.
        await Task {
            for upload in uploads { try? Directory.remove(path(ofUpload: upload.id)) }
            await release(tracks.flatMap(\.stored) + deleted, forget: forget)
        }.value
        return tracks.count
    }

    /// Removes the files that no row has referred to since `time` (milliseconds since 1970), and forgets the tracks that were
    /// deleted by then: they cannot be put back any more. Also ends expired announcements, so that files whose row was never written are found. Returns how many Originals and pictures were
    /// removed.
    ///
    /// - Parameter forget: called with each before its files are removed.
    public func reclaim(
        releasedBefore time: Int, forget: (@Sendable (OriginalHash) async -> Void)? = nil
    ) async throws -> Int {
        if isReadOnly { return 0 }
        try await catalogue.expireAnnouncements()
        try await catalogue.expireDeleted(before: time)
        var count = 0
        var last: [OriginalHash] = []
        while true {
            try Task.checkCancellation()
            let hashes = try await catalogue.released(before: time)
            // Hashes that stay in the list are being removed by another process.
            if hashes.isEmpty || hashes == last { return count }
            last = hashes
            count += try await reclaim(hashes, forget: forget)
        }
    }

    /// Removes the files that a crash left in `incoming/`. Files that a living process is writing stay, and so do uploads,
    /// which ``recoverUploads()`` decides on. Blocks; called at the start.
    public static func sweep(incoming: String) {
        for file in FolderWalk.regularFiles(in: incoming) where !file.text.hasSuffix(uploadSuffix) {
            guard let open = try? OpenFile(rawPath: file.cString), flock(open.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                continue
            }
            try? Directory.remove(open.path)
        }
    }
}
