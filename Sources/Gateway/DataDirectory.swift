public import Audio
import CodecProcess
import Crypto
import Foundation
public import Intake
public import Locker
import Logging
import NIOCore
import NIOPosix
import Originals

/// The server's files under `--data`.
struct DataDirectory {
    let originals: String
    let incoming: String
    let catalogue: String
    let cache: String
    private let root: String
    private let keys: String

    /// Makes the directory and what it holds, and removes what a crash left half received.
    init(_ root: String) throws {
        self.root = root
        originals = root + "/originals"
        incoming = root + "/incoming"
        catalogue = root + "/catalogue.sqlite"
        cache = root + "/cache"
        keys = root + "/keys"
        let files = FileManager.default
        do {
            for directory in [originals, incoming] {
                try files.createDirectory(atPath: directory, withIntermediateDirectories: true)
            }
            try files.createDirectory(
                atPath: keys, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw ServerConfiguration.Invalid(description: "data: \(root) cannot be used: \(error.localizedDescription)")
        }
        Intake.sweep(incoming: incoming)
    }

    /// Bytes of the whole file system.
    private var diskBytes: Int { (try? Directory.space(of: root).total) ?? .max }

    /// What uploads leave free: a sixteenth of a small disk, 256 MiB of a larger one.
    ///
    /// - Parameter size: by configuration.
    func floor(_ size: ByteSize?) -> DiskFloor { DiskFloor(size?.bytes ?? min(256 << 20, diskBytes / 16)) }

    /// The catalogue, with a reserve of 16 MiB beside it, less on a small disk.
    func openCatalogue() throws -> Catalogue {
        try Catalogue(
            path: catalogue,
            reserve: CatalogueReserve(path: root + "/catalogue.reserve", size: max(1 << 19, min(16 << 20, diskBytes / 24))))
    }

    /// The key tickets are signed with, made on first use and readable by the owner alone.
    func ticketKey() throws -> SymmetricKey {
        let path = keys + "/tickets"
        if let stored = FileManager.default.contents(atPath: path), stored.count == 32 { return SymmetricKey(data: stored) }
        let key = SymmetricKey(size: .bits256)
        let bytes = unsafe key.withUnsafeBytes { unsafe Data($0) }
        guard FileManager.default.createFile(atPath: path, contents: bytes, attributes: [.posixPermissions: 0o600]) else {
            throw ServerConfiguration.Invalid(description: "data: \(path) cannot be written")
        }
        return key
    }
}

/// The catalogue under `data`, for the command line.
public func openCatalogue(data: String) throws -> Catalogue { try DataDirectory(data).openCatalogue() }

/// The way in to the locker under `data`, for the command line, which closes it.
///
/// - Parameters:
///   - account: nil for the one local account.
///   - limits: what ingest takes.
public func openIntake(data: String, account: String?, limits: IngestLimits) async throws -> (intake: Intake, account: Int64) {
    guard let executable = codecExecutable() else { throw ServerConfiguration.Invalid.noCodec }
    let files = try DataDirectory(data)
    let floor = files.floor(try ServerConfiguration.size(try await configurationReader(file: nil), "limits.diskFloor"))
    let catalogue = try files.openCatalogue()
    let threads = NIOThreadPool.singleton
    let intake = Intake(
        originals: DirectoryOriginals(root: files.originals, threadPool: threads), catalogue: catalogue, incoming: files.incoming,
        codecExecutable: executable, limits: limits, floor: floor,
        eventLoopGroup: .singletonMultiThreadedEventLoopGroup, threadPool: threads, logger: Logger(label: "sweetspot"))
    guard let account, account != "local" else { return (intake, try await catalogue.localAccount()) }
    guard let known = try await catalogue.findAccount(named: account) else {
        try? catalogue.close()
        throw ServerConfiguration.Invalid(
            description: "there is no account \(account): sweetspot account list shows those there are")
    }
    return (intake, known.id)
}
