import Audio
import Foundation
import Synchronization
import Testing

@testable import Locker

/// A catalogue in a folder of its own, removed with it, in the database of ``Driver/current``.
final class Fixture {
    let path: String
    let catalogue: Catalogue
    private let folder: URL

    init(
        now: @escaping @Sendable () -> Int = { 1_000 }, onStatement: (@Sendable (String) -> Void)? = nil
    ) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "catalogue.sqlite").path
        catalogue = Catalogue(database: try Driver.current.open(path, onStatement: onStatement), now: now)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

/// A clock that shows what it was set to.
final class SetClock: Sendable {
    private let shown: Mutex<Int>

    init(_ time: Int) { shown = Mutex(time) }

    var time: Int {
        get { shown.withLock { $0 } }
        set { shown.withLock { $0 = newValue } }
    }
}

extension Catalogue {
    /// How SQLite answers a statement (https://sqlite.org/eqp.html): a line for each table it looks into.
    func plan(of statement: String) async throws -> [String] {
        let arguments: Arguments = Array(repeating: 1, count: statement.count { $0 == "?" })
        return try await database.read { try $0.all("EXPLAIN QUERY PLAN \(statement)", arguments) { $0[3] } }
    }

    @discardableResult
    func add(
        account: Int64, hash: OriginalHash, map: TrackMap, measures: SoundMeasures = SoundMeasures(), title: String,
        placing files: @escaping @Sendable () throws -> Void = {}
    ) async throws -> (track: Track, isNew: Bool) {
        let arrival = Arrival(hash: hash, map: map, measures: measures, title: title)
        let addition = try await add(arrival, account: account, placing: files)
        return (addition.track, addition.isNew)
    }
}

extension Arrival {
    /// One of which nothing was measured.
    init(
        hash: OriginalHash, map: TrackMap, title: String, art: OriginalHash? = nil, beside: Beside = Beside(),
        record: ImportRecord? = nil, path: String = ""
    ) {
        self.init(
            hash: hash, map: map, measures: SoundMeasures(), title: title, art: art, beside: beside, record: record, path: path)
    }
}

extension OriginalHash {
    /// The hash whose first bytes are `number`.
    static func numbered(_ number: Int) throws -> OriginalHash {
        let bytes = (0..<32).map { $0 < 8 ? UInt8(truncatingIfNeeded: number >> ($0 * 8)) : 7 }
        return try #require(OriginalHash(bytes: bytes))
    }
}

func map(
    _ tags: TrackTags = TrackTags(), art: Picture? = nil
) throws -> TrackMap {
    var packets = PacketTable()
    let fits = packets.append(offset: 44, size: 4000, samples: 1000)
    try #require(fits)
    let source = SourceFormat(codec: .pcmS16LE, sampleRate: 44_100, channels: 2, bitsPerSample: 16, blockAlign: 4)
    return TrackMap(
        container: "wav", source: source, originalBytes: 4044, leadIn: 0, samples: 1000, packets: packets,
        usesPacketFile: false, tags: tags, art: art)
}
