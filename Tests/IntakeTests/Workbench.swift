import Audio
import Foundation
import Logging
import NIOCore
import NIOPosix
import Synchronization
import Testing

@testable import Intake
@testable import Locker
@testable import Originals

/// A data directory of its own with an Intake over it, removed with it.
final class Workbench: Sendable {
    let root: String
    let originals: DirectoryOriginals
    /// What stands in for the directory, or the directory.
    let vault: any OriginalVault
    let catalogue: Catalogue
    let ingest: ScriptedIngest
    let intake: Intake
    private let times: Intake.Times

    /// - Parameters:
    ///   - now: The catalogue's clock, in milliseconds; nil for this machine's.
    ///   - vault: What Intake is to have for the directory.
    init(
        _ ingest: ScriptedIngest = ScriptedIngest(), times: Intake.Times = Intake.Times(), now: (@Sendable () -> Int)? = nil,
        vault: (DirectoryOriginals) -> any OriginalVault = { $0 }
    ) throws {
        root = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: root + "/music", withIntermediateDirectories: true)
        originals = DirectoryOriginals(root: root + "/originals", threadPool: .singleton)
        self.vault = vault(originals)
        let path = root + "/catalogue.sqlite"
        catalogue =
            if let now { Catalogue(database: try SQLiteDatabase(path: path), now: now) } else { try Catalogue(path: path) }
        self.ingest = ingest
        self.times = times
        intake = Self.makeIntake(root, self.vault, catalogue, ingest, times: times)
    }

    /// Where the directory has an Original.
    func path(of hash: OriginalHash) -> String { originals.localFile(of: hash) ?? "" }

    /// Another way in to the same locker.
    func makeIntake(limits: IngestLimits) -> Intake { Self.makeIntake(root, vault, catalogue, ingest, limits: limits) }

    /// Another start with the same data, and another ingest.
    func makeIntake(
        _ ingest: ScriptedIngest, compact: Intake.Compact? = nil, measuresVersion: Int = SoundMeasures.currentVersion,
        times: Intake.Times? = nil, logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) -> Intake {
        Self.makeIntake(
            root, vault, catalogue, ingest, compact: compact, measuresVersion: measuresVersion, times: times ?? self.times,
            logger: logger)
    }

    private static func makeIntake(
        _ root: String, _ originals: any OriginalVault, _ catalogue: Catalogue, _ ingest: ScriptedIngest,
        limits: IngestLimits = IngestLimits(), compact: Intake.Compact? = nil,
        measuresVersion: Int = SoundMeasures.currentVersion, times: Intake.Times = Intake.Times(),
        logger: Logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ) -> Intake {
        Intake(
            originals: originals, catalogue: catalogue, incoming: root + "/incoming", limits: limits, compact: compact,
            measuresVersion: measuresVersion, threadPool: .singleton, logger: logger, times: times,
            ingest: { descriptor, bytes, onEvent in
                try await ingest.run(descriptor: descriptor, bytes: bytes, onEvent: onEvent)
            })
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    /// Writes a file into `music/` and gives its path.
    @discardableResult
    func write(_ bytes: [UInt8], to name: String, age seconds: Double = 0) throws -> String {
        let file = URL(filePath: "\(root)/music/\(name)")
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: file)
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1_700_000_000 - seconds)], ofItemAtPath: file.path)
        return file.path
    }

    func upload(_ bytes: [UInt8], name: String = "song.wav", account: Int64) async throws -> Admission {
        let upload = try await begin(bytes.count, name: name, account: account)
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            try await upload.write(.init(bytes: bytes[start..<min(start + 1000, bytes.count)]))
        }
        return try await upload.finish()
    }

    /// An upload into the local account, or another, without a quota.
    func begin(
        _ length: Int = 1 << 20, name: String = "song.wav", isResumable: Bool = false, account: Int64? = nil
    ) async throws -> Upload {
        let local = try await catalogue.localAccount()
        let declaration = UploadRecord.Declaration(name: name, length: length, isResumable: isResumable)
        return try await intake.beginUpload(declaration, account: account ?? local)
    }

    /// Removes a track, and at once the files nobody refers to any more.
    func delete(_ track: Track) async throws {
        _ = try await catalogue.remove(id: track.id, account: track.account)
        _ = try await intake.reclaim(releasedBefore: .max)
    }

    /// Names of the regular files under a folder of the data directory.
    func files(in folder: String) throws -> [String] {
        let walk = FileManager.default.enumerator(atPath: "\(root)/\(folder)")
        return (walk?.allObjects ?? []).compactMap { $0 as? String }.filter { name in
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: "\(root)/\(folder)/\(name)", isDirectory: &isFolder)
                && !isFolder.boolValue
        }.sorted()
    }

    /// That nothing is left of what was not taken in.
    func expectNothingLeft(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let account = try await catalogue.localAccount()
        #expect(try files(in: "incoming") == [], sourceLocation: sourceLocation)
        #expect(try files(in: "originals") == [], sourceLocation: sourceLocation)
        #expect(try await catalogue.count(account: account) == 0, sourceLocation: sourceLocation)
    }
}
