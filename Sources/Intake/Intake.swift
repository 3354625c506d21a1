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
    /// Runs ingest on an open file and gives its TrackMap, or throws a `Refusal`. The real one is a jailed process.
    typealias Ingest =
        @Sendable (
            _ descriptor: CInt, _ bytes: Int, _ onEvent: (IngestEvent) async throws -> Void
        ) async throws -> TrackMap

    let originals: DirectoryOriginals
    let catalogue: Catalogue
    let incoming: String
    let threadPool: NIOThreadPool
    let logger: Logger
    let ingest: Ingest
    let slots: IngestSlots
    /// Tells an ingest from one that may judge a file otherwise: a file refused by another is tried again.
    let ingestVersion: String

    /// - Parameters:
    ///   - limits: What ingest takes.
    ///   - incoming: A directory on the file system of `originals`, made where it is missing.
    ///   - codecExecutable: Path of `sweetspot-codec`.
    ///   - threadPool: Where everything that blocks is done. Belongs to the caller, as `eventLoopGroup` does.
    public init(
        originals: DirectoryOriginals, catalogue: Catalogue, incoming: String, codecExecutable: String,
        limits: IngestLimits = IngestLimits(), eventLoopGroup: any EventLoopGroup, threadPool: NIOThreadPool, logger: Logger
    ) {
        self.init(
            originals: originals, catalogue: catalogue, incoming: incoming, limits: limits, threadPool: threadPool, logger: logger
        ) { descriptor, bytes, onEvent in
            try await IngestProcess.run(
                executable: codecExecutable, fileDescriptor: descriptor, fileBytes: bytes, limits: limits,
                eventLoopGroup: eventLoopGroup, logger: logger, onEvent: onEvent
            ).0
        }
    }

    init(
        originals: DirectoryOriginals, catalogue: Catalogue, incoming: String, limits: IngestLimits = IngestLimits(),
        threadPool: NIOThreadPool, logger: Logger, ingest: @escaping Ingest
    ) {
        self.originals = originals
        self.catalogue = catalogue
        self.incoming = incoming
        self.threadPool = threadPool
        self.logger = logger
        self.ingest = ingest
        slots = IngestSlots(System.coreCount)
        ingestVersion = (["\(TrackMap.version)"] + limits.arguments).joined(separator: " ")
    }

    /// Begins one upload: room is kept for it, and its bytes go to a file in `incoming/`, hashed while they are written.
    ///
    /// - Parameters:
    ///   - length: The bytes it may have.
    ///   - quota: The bytes the account may have; nil without end.
    /// - Throws: ``IntakeError/overQuota(_:)``.
    public func beginUpload(length: Int, account: Int64, quota: Int? = nil) async throws -> Upload {
        let reservation: Reservation
        do {
            reservation = try await catalogue.reserve(length, account: account, quota: quota)
        } catch CatalogueError.overQuota {
            throw IntakeError.overQuota(quota ?? 0)
        } catch {
            throw Self.meaning(of: error)
        }
        do {
            let staged = try await translating { try await stage() }
            return Upload(intake: self, staged: staged, length: length, account: account, reservation: reservation)
        } catch {
            await giveBack(reservation)
            throw error
        }
    }

    /// Gives back what was kept, in a task of its own: the caller's cancellation must not keep it.
    func giveBack(_ reservation: Reservation) async {
        await Task { try? await catalogue.release(reservation) }.value
    }

    /// Removes a track from its locker, and the Original with all that was made from it where no other locker has it.
    public func remove(_ track: Track) async throws {
        guard let removed = try await catalogue.remove(id: track.id, account: track.account) else { return }
        // A task of its own: the row is gone, so the caller's cancellation must not keep the files.
        await Task { await release(removed.stored) }.value
    }

    /// Removes an account with all that is in it, and the files that no other locker has. The tracks it had.
    public func removeAccount(_ account: Int64) async throws -> Int {
        let tracks = try await catalogue.removeAccount(id: account)
        // A task of its own: the rows are gone, so the caller's cancellation must not keep the files.
        await Task { await release(tracks.flatMap(\.stored)) }.value
        return tracks.count
    }

    /// Removes what a crash left in `incoming/`; what a living process is writing there stays. Blocks; for the start.
    public static func sweep(incoming: String) {
        for file in FolderWalk.regularFiles(in: incoming) {
            guard let open = try? OpenFile(rawPath: file.cString), flock(open.descriptor, LOCK_EX | LOCK_NB) == 0 else {
                continue
            }
            try? Directory.remove(open.path)
        }
    }
}
