public import Audio
public import CodecProcess
import FileSystem
internal import Glibc
internal import Logging
internal import NIOCore
internal import NIOPosix
public import Originals

/// A local file that was ingested but belongs to no locker: a store of one Original, for as long as this object lives.
public final class Examination: OriginalStore {
    public let hash: OriginalHash
    public let map: TrackMap
    public let measures: SoundMeasures
    /// The processor and wall time that the ingest process took.
    public let cost: ProcessCost
    private let original: LocalOriginal
    private let packets: StagedFile?

    /// Hashes and ingests the file at `path`.
    ///
    /// - Parameter progress: bytes worked through, and bytes in all.
    /// - Throws: `Refusal`, or ``IntakeError`` if the file cannot be read.
    public init(
        path: String, codecExecutable: String, limits: IngestLimits = IngestLimits(), progress: (Int, Int) -> Void = { _, _ in }
    ) async throws {
        let source = try SourceFile(path)
        var packets: StagedFile?
        let found: IngestedTrack
        (found, cost) = try await IngestProcess.run(
            executable: codecExecutable, fileDescriptor: source.file.descriptor, fileBytes: source.size,
            limits: limits, eventLoopGroup: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "ingest") { _ in SwiftLogNoOpLogHandler() }
        ) { event in
            switch event {
            case .progress(let done, _): progress(done, source.size)
            case .packetBytes(let part):
                let target = try packets ?? StagedFile(in: Self.temporaryDirectory)
                packets = target
                try target.append(part.span)
            case .ready, .artBytes, .measured, .accepted, .refused: break
            }
        }
        (map, measures) = (found.map, found.measures)
        self.packets = map.usesPacketFile ? packets : nil
        hash = try await source.digest(on: .singleton)
        original = LocalOriginal(
            hash: hash, map: map, path: path, packets: self.packets?.path ?? path, threadPool: .singleton)
    }

    public func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap { try await original.trackMap(of: hash) }

    public func read(
        _ range: Range<Int>, of file: StoredFile, original hash: OriginalHash
    ) async throws(OriginalError) -> [UInt8] {
        try await original.read(range, of: file, original: hash)
    }

    private static var temporaryDirectory: String {
        if let named = unsafe getenv("TMPDIR") { unsafe String(cString: named) } else { "/tmp" }
    }
}
