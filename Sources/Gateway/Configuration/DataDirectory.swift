public import Audio
import CodecProcess
import Crypto
import FileSystem
import Foundation
public import Intake
public import Locker
import Logging
import NIOCore
import NIOPosix
import Originals

/// The server's files under `--data`, all for their owner only: directories 0700, files 0600.
struct DataDirectory {
    private static let keyBytes = 32

    let root: String
    let originals: String
    let incoming: String
    let catalogue: String
    let cache: String
    private let keys: String
    private let reserve: String

    /// Makes the directory and its folders, and removes half-received files that a crash left.
    init(_ root: String) throws {
        self.root = root
        originals = root + "/originals"
        incoming = root + "/incoming"
        catalogue = root + "/catalogue.sqlite"
        cache = root + "/cache"
        keys = root + "/keys"
        reserve = root + "/catalogue.reserve"
        do {
            let parent = URL(filePath: root).deletingLastPathComponent().path
            try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            for directory in [root, originals, incoming, keys] { try Directory.make(directory) }
            // SQLite gives the files beside a database the modes of the database.
            _ = try OpenFile(catalogue, O_RDONLY | O_CREAT)
        } catch {
            throw ServerConfiguration.Invalid(description: "data: \(root) cannot be used: \(error.localizedDescription)")
        }
        Intake.sweep(incoming: incoming)
    }

    /// Finds files that other users may read. Keys are excluded: if others may have read them, they are refused.
    func privacy() -> FilePrivacy {
        FilePrivacy(
            root: root,
            files: [keys, reserve, root + "/lock"] + ["", "-wal", "-shm", "-journal"].map { catalogue + $0 },
            directories: [incoming, originals, cache])
    }

    /// Bytes of the whole file system.
    private var diskBytes: Int { (try? Directory.space(of: root).total) ?? .max }

    /// The space that uploads leave free: a sixteenth of a small disk, 256 MiB of a larger one.
    ///
    /// - Parameter size: the configured value.
    func floor(_ size: ByteSize?) -> DiskFloor { DiskFloor(size?.bytes ?? min(256 << 20, diskBytes / 16)) }

    /// The catalogue, with a reserve of 16 MiB beside it, less on a small disk.
    func openCatalogue() throws -> Catalogue {
        try Catalogue(
            path: catalogue,
            reserve: CatalogueReserve(path: reserve, size: max(1 << 19, min(16 << 20, diskBytes / 24))))
    }

    /// The key that tickets are signed with, made on first use.
    ///
    /// - Throws: ``ServerConfiguration/Invalid`` if another user may have read it, or if it is not complete.
    func ticketKey() throws -> SymmetricKey {
        SymmetricKey(data: try key("tickets", remedy: "remove it, and a new one is made: existing links end with it"))
    }

    /// The seal of app passwords, whose key is made on first use.
    ///
    /// - Throws: as ``ticketKey()``.
    func appPasswordSeal() throws -> AppPasswordSeal {
        try AppPasswordSeal(
            key: try key("app-passwords", remedy: "remove it, and a new one is made: existing app passwords end with it"))
    }

    /// The key that the random numbers of reports come from, made on first use.
    ///
    /// - Throws: as ``ticketKey()``.
    func reportKey() throws -> [UInt8] {
        try key("reports", remedy: "remove it, and a new one is made: reports that are made stay as they are")
    }

    /// The 32 bytes of the key in the file of this name, which is made if it does not exist.
    ///
    /// - Parameter remedy: what to do if others may have read it, and what that costs.
    private func key(_ name: String, remedy: String) throws -> [UInt8] {
        let path = keys + "/" + name
        if FileManager.default.fileExists(atPath: path) { return try readKey(path, remedy) }
        var generator = SystemRandomNumberGenerator()
        let bytes = (0..<Self.keyBytes).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        do throws(SystemError) {
            // Written whole or not at all: a truncated key would be refused at the next start.
            let new = path + ".new"
            try Directory.remove(new)
            let file = try OpenFile(new, O_WRONLY | O_CREAT | O_EXCL)
            try file.write(bytes.span)
            try file.sync()
            // The command line may have made the key meanwhile: there is one for all.
            if case .needsCopy = try Directory.link(new, to: path) { try Directory.move(new, to: path) }
            try Directory.remove(new)
            try Directory.sync(keys)
        } catch {
            throw ServerConfiguration.Invalid(description: "data: \(path) cannot be written: \(error)")
        }
        return try readKey(path, remedy)
    }

    private func readKey(_ path: String, _ remedy: String) throws(ServerConfiguration.Invalid) -> [UInt8] {
        let bytes = try SecretFile.read(path, what: "data", remedy: remedy)
        guard bytes.count == Self.keyBytes else {
            throw ServerConfiguration.Invalid(
                description: "data: \(path) has \(bytes.count) bytes, but a key must have \(Self.keyBytes): \(remedy)")
        }
        return bytes
    }
}

/// The catalogue under `data`, for the command line.
public func openCatalogue(data: String) throws -> Catalogue { try DataDirectory(data).openCatalogue() }

/// The seal of the app passwords under `data`, for the command line.
public func appPasswordSeal(data: String) throws -> AppPasswordSeal { try DataDirectory(data).appPasswordSeal() }

/// The key that the random numbers of reports under `data` come from, for the command line.
public func reportKey(data: String) throws -> [UInt8] { try DataDirectory(data).reportKey() }

/// The intake of the locker under `data`, for the command line, which closes it.
///
/// - Parameters:
///   - account: nil for the one local account.
///   - limits: the sizes and formats that ingest accepts.
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
            description: "account \(account) not found: see sweetspot account list")
    }
    return (intake, known.id)
}
