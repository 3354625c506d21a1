import Audio
import Foundation
import NIOPosix
import TestSupport
import Testing

@testable import Originals

@Suite("A directory of Originals") struct DirectoryOriginalsTests {
    private let folder: TemporaryFolder
    private let store: DirectoryOriginals
    private let hash: OriginalHash
    private let original = noise(10_000)
    private let packets = noise(5_000, seed: 2)
    private let measures = SoundMeasures(waveform: [1, 2, 3], soundHash: 7, warnings: ["cut"])

    init() throws {
        folder = try TemporaryFolder()
        store = DirectoryOriginals(root: folder.path + "/originals", threadPool: .singleton)
        hash = try #require(OriginalHash(hex: String(repeating: "0123abcd", count: 8)))
    }

    private func publish() throws -> TrackMap {
        let map = try map(originalBytes: original.count, packetFileBytes: packets.count)
        try store.publish(
            original: folder.write(original, to: "o"), packets: folder.write(packets, to: "p"),
            measures: folder.write(measures.encoded(), to: "s"), map: folder.write(map.encoded(), to: "m"), as: hash)
        return map
    }

    private func change(_ suffix: String, _ body: (inout Data) -> Void) throws {
        let file = URL(filePath: store.path(of: hash) + suffix)
        var data = try Data(contentsOf: file)
        body(&data)
        try data.write(to: file)
    }

    @Test func givesWhatWasPublished() async throws {
        let map = try publish()
        #expect(try await store.trackMap(of: hash) == map)
        #expect(try await store.read(0..<10_000, of: .original, original: hash) == original)
        #expect(try await store.read(4_999..<5_000, of: .packets, original: hash) == [packets[4_999]])
        #expect(try await store.read(77..<77, of: .original, original: hash) == [])
        #expect(store.contains(hash))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23")
        #expect(Set(names) == [hash.hex, hash.hex + ".map", hash.hex + ".measures", hash.hex + ".packets"])
        #expect(await store.measures(of: hash, version: 1) == measures)
        // What was staged of the Original is its owner's to remove, once the row is written.
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["originals", "o"])
    }

    @Test("an Original that is stored stays the file it is, unless it has lost its end")
    func replacesNothing() throws {
        func number() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: store.path(of: hash))[.systemFileNumber] as? Int
        }
        _ = try publish()
        let first = try number()
        try FileManager.default.removeItem(atPath: folder.path + "/o")
        _ = try publish()
        #expect(try number() == first)
        try change("") { $0.removeLast() }
        try FileManager.default.removeItem(atPath: folder.path + "/o")
        _ = try publish()
        #expect(try Data(contentsOf: URL(filePath: store.path(of: hash))) == Data(original))
    }

    @Test func replacesAMapAndRemovesEverything() async throws {
        var map = try publish()
        map.tags.title = "Another"
        try store.publish(
            original: nil, packets: nil, measures: folder.write(measures.encoded(), to: "s"),
            map: folder.write(map.encoded(), to: "m"), as: hash)
        #expect(try await store.trackMap(of: hash).tags.title == "Another")
        try store.remove(hash)
        try store.remove(hash)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23") == [])
        #expect(!store.contains(hash))
    }

    @Test("new measures change no other file, and nothing is left of them if the Original went")
    func replacesMeasures() async throws {
        let map = try publish()
        func numbers() throws -> [Int?] {
            try ["", ".map", ".packets"].map {
                try FileManager.default.attributesOfItem(atPath: store.path(of: hash) + $0)[.systemFileNumber] as? Int
            }
        }
        let before = try numbers()
        var new = measures
        (new.version, new.soundHash) = (2, 8)
        try store.publish(measures: folder.write(new.encoded(), to: "s"), as: hash)
        #expect(await store.measures(of: hash, version: 2) == new)
        #expect(await store.measures(of: hash, version: 1) == nil)
        #expect(try await store.trackMap(of: hash) == map)
        #expect(try numbers() == before)
        try store.remove(hash)
        try store.publish(measures: folder.write(new.encoded(), to: "s"), as: hash)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23") == [])
    }

    @Test("measures that are damaged or gone are missing, and the Original plays", arguments: 0..<5)
    func missesMeasures(damage: Int) async throws {
        let map = try publish()
        switch damage {
        case 0: try FileManager.default.removeItem(atPath: store.path(of: hash) + ".measures")
        case 1: try change(".measures") { $0[$0.count / 2] ^= 1 }
        case 2: try change(".measures") { $0.removeLast() }
        case 3: try change(".measures") { $0 = Data(count: SoundMeasures.Limit.stored + 1) }
        default: try change(".measures") { $0 = Data() }
        }
        #expect(await store.measures(of: hash, version: 1) == nil)
        #expect(try await store.trackMap(of: hash) == map)
    }

    @Test func missesWhatIsNotThere() async throws {
        await #expect(throws: OriginalError.missing) { try await store.trackMap(of: hash) }
        await #expect(throws: OriginalError.missing) { try await store.read(0..<1, of: .original, original: hash) }
        _ = try publish()
        try FileManager.default.removeItem(atPath: store.path(of: hash))
        await #expect(throws: OriginalError.missing) { try await store.trackMap(of: hash) }
    }

    @Test(arguments: [0..<10_001, 10_000..<10_001, 5..<Int.max, -1..<5])
    func refusesRangesBeyondTheFile(range: Range<Int>) async throws {
        _ = try publish()
        let error = await #expect(throws: OriginalError.self) { try await store.read(range, of: .original, original: hash) }
        guard case .damaged = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    enum Damage: CaseIterable {
        case mapGone, packetsGone, mapByte, mapCut, mapEmpty, mapVersion, originalCut, originalGrown, packetsCut
    }

    @Test(arguments: Damage.allCases)
    func tellsDamage(damage: Damage) async throws {
        let map = try publish()
        switch damage {
        case .mapGone: try FileManager.default.removeItem(atPath: store.path(of: hash) + ".map")
        case .packetsGone: try FileManager.default.removeItem(atPath: store.path(of: hash) + ".packets")
        case .mapByte: try change(".map") { $0[$0.count / 2] ^= 1 }
        case .mapCut: try change(".map") { $0.removeLast() }
        case .mapEmpty: try change(".map") { $0 = Data() }
        case .mapVersion: try change(".map") { $0[4] = 99 }
        case .originalCut: try change("") { $0.removeLast() }
        case .originalGrown: try change("") { $0.append(0) }
        case .packetsCut: try change(".packets") { $0.removeLast() }
        }
        let error = await #expect(throws: OriginalError.self) { try await store.trackMap(of: hash) }
        guard case .damaged = error else { return #expect(Bool(false), "\(map): \(String(describing: error))") }
    }
}
