import FileSystem
import Foundation
import Logging
import Metrics
import NIOCore
import NIOPosix
import TestSupport
import Testing

@testable import Streaming

/// A directory for a disk tier, removed with its last user, and what the tests know of it.
final class CacheFolder: Sendable {
    let path: String
    let warnings = LogLines(from: .warning)

    init(in parent: String = FileManager.default.temporaryDirectory.path) {
        path = "\(parent)/sweetspot-cache-\(UUID().uuidString)"
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    static func name(_ index: Int) -> ChunkName { ChunkName(firstOf: "test").advanced(by: index) }

    /// Frames that no other chunk has.
    static func frames(_ index: Int, count: Int = 10_000) -> [UInt8] {
        var random = SeededGenerator(seed: UInt64(index))
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    func configuration(bytes: Int, floor: Int = 0) -> StreamEngine.Configuration.Disk {
        StreamEngine.Configuration.Disk(
            directory: path, bytes: bytes, floor: floor, threadPool: .singleton, logger: warnings.logger)
    }

    /// A tier that has had its look at what is there.
    func open(
        bytes: Int, floor: Int = 0,
        freeBytes: @escaping @Sendable (String) throws(SystemError) -> Int = ChunkFolder.freeBytes,
        onChange: @escaping @Sendable () -> Void = {}
    ) async -> DiskTier {
        let tier = DiskTier(
            configuration(bytes: bytes, floor: floor), metrics: NOOPMetricsHandler.instance, freeBytes: freeBytes,
            onChange: onChange)
        await tier.flush()
        return tier
    }

    /// The chunk files there are.
    var files: [String] {
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.utf8.count == 33 }
    }

    /// Bytes of all files, in whole blocks, chunks or not.
    var bytes: Int {
        let all = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return all.reduce(0) { sum, file in
            var status = stat()
            guard lstat("\(path)/\(file)", &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return sum }
            return sum + ChunkFolder.diskBytes(Int(status.st_size))
        }
    }
}
