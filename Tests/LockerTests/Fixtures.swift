import Audio
import Foundation
import Synchronization
import TestSupport
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

    /// The catalogue as another process has it open.
    func another(now: @escaping @Sendable () -> Int = { 1_000 }) throws -> Catalogue {
        Catalogue(database: try Driver.current.open(path), now: now)
    }
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

    /// What all listeners like, in pages, and the artists of recordings.
    func tastesOfAll(page: Int = 1000) throws -> (tastes: [RecordingTaste], artists: [Int64: String]) {
        try readTastes { reader in
            var (tastes, artists): ([RecordingTaste], [Int64: String]) = ([], [:])
            try reader.tastes(page: page) { tastes.append($0) }
            try reader.artists { artists[$0] = $1 }
            return (tastes, artists)
        }
    }

    @discardableResult
    func add(
        account: Int64, hash: OriginalHash, map: TrackMap, measures: SoundMeasures = SoundMeasures(), title: String
    ) async throws -> (track: Track, isNew: Bool) {
        let arrival = Arrival(hash: hash, map: map, measures: measures, title: title)
        let addition = try await add(arrival, account: account)
        return (addition.track, addition.isNew)
    }

    /// As if the files had been announced and put into a store.
    func add(_ arrival: Arrival, account: Int64, settling upload: String? = nil) async throws -> Addition {
        try await add(arrival, account: account, settling: upload, announced: announce(arrival.files.compactMap(\.self)))
    }

    func replace(_ old: OriginalHash, by arrival: Arrival, account: Int64) async throws -> Addition? {
        try await replace(old, by: arrival, account: account, announced: announce(arrival.files.compactMap(\.self)))
    }

    func remeasure(
        _ hash: OriginalHash, map: TrackMap, measures: SoundMeasures, art: OriginalHash?
    ) async throws -> [OriginalHash]? {
        try await remeasure(
            hash, map: map, measures: measures, art: art, announced: announce([hash, art].compactMap(\.self)))
    }

    func setBeside(_ beside: Beside, of id: String, account: Int64, record: ImportRecord) async throws -> Addition? {
        try await setBeside(
            beside, of: id, account: account, record: record, announced: announce([beside.art?.hash].compactMap(\.self)))
    }

    /// Removes what nothing refers to, as if the store had, long after the last deletion. False where something does.
    func remove(_ hash: OriginalHash) async throws -> Bool {
        try await expireDeleted(before: .max)
        let removal = try await beginRemoval(of: [hash])
        try await end(removal, removed: removal.hashes, untouched: [])
        return removal.hashes == [hash]
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

extension AcousticFingerprint {
    /// One of 117 s, unlike that of every other number. Encodes of one number have a bit in a hundred changed.
    static func numbered(_ number: UInt64, encode: UInt64 = 0) -> AcousticFingerprint {
        var (words, noise) = (SeededGenerator(seed: number), SeededGenerator(seed: encode &+ 1_000_000))
        return AcousticFingerprint(
            words: (0..<948).map { _ in
                let word = UInt32.random(in: 0 ... .max, using: &words)
                let isChanged = encode > 0 && Int.random(in: 0..<3, using: &noise) == 0
                return isChanged ? word ^ 1 << UInt32.random(in: 0..<32, using: &noise) : word
            })
    }
}
