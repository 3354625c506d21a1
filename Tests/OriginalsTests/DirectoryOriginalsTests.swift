import Audio
import FileSystem
import Foundation
import Glibc
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

    private func publish() async throws -> TrackMap {
        let map = try map(originalBytes: original.count, packetFileBytes: packets.count)
        try await store.put(
            [
                .original: folder.write(original, to: "o"), .packets: folder.write(packets, to: "p"),
                .measures: folder.write(measures.encoded(), to: "s"), .map: folder.write(map.encoded(), to: "m")
            ], of: hash)
        return map
    }

    private func change(_ suffix: String, _ body: (inout Data) -> Void) throws {
        let file = URL(filePath: store.path(of: hash) + suffix)
        var data = try Data(contentsOf: file)
        body(&data)
        try data.write(to: file)
    }

    @Test("A directory gives the files that were put into it")
    func givesWhatWasPublished() async throws {
        let map = try await publish()
        #expect(try await store.trackMap(of: hash) == map)
        #expect(try await store.read(0..<10_000, of: .original, original: hash) == original)
        #expect(try await store.read(4_999..<5_000, of: .packets, original: hash) == [packets[4_999]])
        #expect(try await store.read(77..<77, of: .original, original: hash) == [])
        #expect(try await store.contains(hash))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23")
        #expect(Set(names) == [hash.hex, hash.hex + ".map", hash.hex + ".measures", hash.hex + ".packets"])
        #expect(await store.measures(of: hash, version: SoundMeasures.currentVersion) == measures)
        // What was staged is its owner's to remove, once the row is written.
        #expect(Set(try FileManager.default.contentsOfDirectory(atPath: folder.path)) == ["originals", "o", "p", "s", "m"])
    }

    @Test("A stored Original stays the same file, unless it has lost its end")
    func replacesNothing() async throws {
        func number() throws -> Int? {
            try FileManager.default.attributesOfItem(atPath: store.path(of: hash))[.systemFileNumber] as? Int
        }
        _ = try await publish()
        let first = try number()
        try FileManager.default.removeItem(atPath: folder.path + "/o")
        _ = try await publish()
        #expect(try number() == first)
        try change("") { $0.removeLast() }
        try FileManager.default.removeItem(atPath: folder.path + "/o")
        _ = try await publish()
        #expect(try Data(contentsOf: URL(filePath: store.path(of: hash))) == Data(original))
    }

    @Test("A new map replaces the old one, and a removal takes all files")
    func replacesAMapAndRemovesEverything() async throws {
        var map = try await publish()
        map.tags.title = "Another"
        try await store.put([.map: folder.write(map.encoded(), to: "m")], of: hash)
        #expect(try await store.trackMap(of: hash).tags.title == "Another")
        try await store.remove(hash)
        try await store.remove(hash)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23") == [])
        #expect(try await !store.contains(hash))
    }

    @Test("Putting the same Original again, once or at once, ends in the same files and no others")
    func putsAgain() async throws {
        for _ in 0..<2 {
            let map = try await publish()
            try await store.put([.map: folder.path + "/m", .original: folder.path + "/o"], of: hash)
            #expect(try await store.trackMap(of: hash) == map)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<16 {
                let file = try folder.write(original, to: "o\(number)")
                let map = try folder.write(map(originalBytes: original.count).encoded(), to: "m\(number)")
                group.addTask { [store, hash] in try await store.put([.original: file, .map: map], of: hash) }
            }
            try await group.waitForAll()
        }
        #expect(try stored == ["", ".map", ".measures", ".packets"])
        #expect(try await store.read(0..<10_000, of: .original, original: hash) == original)
    }

    /// What is behind the hash in the names in the store.
    private var stored: [String] {
        get throws {
            try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23").sorted()
                .map { String($0.dropFirst(hash.hex.count)) }
        }
    }

    @Test("A later put or removal clears away what a crash left, and not a put that is under way")
    func clears() async throws {
        _ = try await publish()
        let path = try #require(store.localFile(of: hash))
        for name in ["", ".map"] { try Data(noise(10)).write(to: URL(filePath: path + "\(name).abc.new")) }
        _ = try await publish()
        #expect(try stored == ["", ".map", ".measures", ".packets"])
        let other = String(path.dropLast(1)) + "f"
        for name in [path + ".map.abc.new", path + ".abc.new", other] { try Data(noise(10)).write(to: URL(filePath: name)) }
        let held = try OpenFile(path + ".abc.new")
        #expect(flock(held.descriptor, LOCK_EX | LOCK_NB) == 0)
        _ = try await publish()
        #expect(try stored == ["", ".abc.new", ".map", ".measures", ".packets", ""], "the last is another's")
        try await store.remove(hash)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23")
        #expect(left == [hash.hex.dropLast() + "f"])
    }

    @Test("A directory says what keeps it from storing")
    func fails() async throws {
        let error = await #expect(throws: VaultError.self) {
            try await store.put([.original: folder.path + "/nowhere"], of: hash)
        }
        guard case .unreachable = error else { return #expect(Bool(false), "\(String(describing: error))") }
        let file = try folder.write(original, to: "o")
        let nowhere = DirectoryOriginals(root: file, threadPool: .singleton)
        await #expect(throws: VaultError.self) { try await nowhere.put([.original: file], of: hash) }
    }

    @Test("New measures change no other file")
    func replacesMeasures() async throws {
        let map = try await publish()
        func numbers() throws -> [Int?] {
            try ["", ".map", ".packets"].map {
                try FileManager.default.attributesOfItem(atPath: store.path(of: hash) + $0)[.systemFileNumber] as? Int
            }
        }
        let before = try numbers()
        var new = measures
        (new.version, new.soundHash) = (SoundMeasures.currentVersion + 1, 8)
        try await store.put([.measures: folder.write(new.encoded(), to: "s")], of: hash)
        #expect(await store.measures(of: hash, version: new.version) == new)
        #expect(await store.measures(of: hash, version: SoundMeasures.currentVersion) == nil)
        #expect(try await store.trackMap(of: hash) == map)
        #expect(try numbers() == before)
    }

    @Test("Measures that are damaged or gone are missing, and the Original plays", arguments: 0..<5)
    func missesMeasures(damage: Int) async throws {
        let map = try await publish()
        switch damage {
        case 0: try FileManager.default.removeItem(atPath: store.path(of: hash) + ".measures")
        case 1: try change(".measures") { $0[$0.count / 2] ^= 1 }
        case 2: try change(".measures") { $0.removeLast() }
        case 3: try change(".measures") { $0 = Data(count: SoundMeasures.Limit.stored + 1) }
        default: try change(".measures") { $0 = Data() }
        }
        #expect(await store.measures(of: hash, version: SoundMeasures.currentVersion) == nil)
        #expect(try await store.trackMap(of: hash) == map)
    }

    @Test("An Original that does not exist is missing")
    func missesWhatIsNotThere() async throws {
        await #expect(throws: OriginalError.missing) { try await store.trackMap(of: hash) }
        await #expect(throws: OriginalError.missing) { try await store.read(0..<1, of: .original, original: hash) }
        _ = try await publish()
        try FileManager.default.removeItem(atPath: store.path(of: hash))
        await #expect(throws: OriginalError.missing) { try await store.trackMap(of: hash) }
    }

    @Test("A range beyond the file's end is damage", arguments: [0..<10_001, 10_000..<10_001, 5..<Int.max, -1..<5])
    func refusesRangesBeyondTheFile(range: Range<Int>) async throws {
        _ = try await publish()
        let error = await #expect(throws: OriginalError.self) { try await store.read(range, of: .original, original: hash) }
        guard case .damaged = error else { return #expect(Bool(false), "\(String(describing: error))") }
    }

    enum Damage: CaseIterable {
        case mapGone, packetsGone, mapByte, mapCut, mapEmpty, mapVersion, originalCut, originalGrown, packetsCut
    }

    @Test("A damaged or incomplete Original is told from a missing one", arguments: Damage.allCases)
    func tellsDamage(damage: Damage) async throws {
        let map = try await publish()
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

@Suite(
    "Files on another file system",
    .enabled(if: OtherFileSystem.folder != nil, "/dev/shm is not another file system than the temporary folder"))
struct OtherFileSystemTests {
    @Test("Files from another file system are copied, and end as they would by links")
    func copies() async throws {
        let folder = try TemporaryFolder()
        let other = try #require(OtherFileSystem.folder)
        defer { try? FileManager.default.removeItem(atPath: other) }
        try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
        let store = DirectoryOriginals(root: folder.path + "/originals", threadPool: .singleton)
        let hash = try #require(OriginalHash(hex: String(repeating: "0123abcd", count: 8)))
        // More than one piece.
        let original = [UInt8](repeating: 7, count: 2_500_000)
        for title in ["One", "Another"] {
            var map = try map(originalBytes: original.count)
            map.tags.title = title
            let files: [StoredPart: String] = [.original: other + "/o", .map: other + "/m"]
            try Data(original).write(to: URL(filePath: other + "/o"))
            try Data(map.encoded()).write(to: URL(filePath: other + "/m"))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 { group.addTask { try await store.put(files, of: hash) } }
                try await group.waitForAll()
            }
            #expect(try await store.trackMap(of: hash) == map)
            #expect(try await store.read(0..<original.count, of: .original, original: hash) == original)
        }
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/originals/01/23").sorted()
        #expect(names == [hash.hex, hash.hex + ".map"])
        #expect(try FileManager.default.contentsOfDirectory(atPath: other).sorted() == ["m", "o"])
        // One that has lost its end gets it again.
        let path = try #require(store.localFile(of: hash))
        try Data(original.prefix(9)).write(to: URL(filePath: path))
        try await store.put([.original: other + "/o"], of: hash)
        #expect(try await store.read(0..<original.count, of: .original, original: hash) == original)
    }
}

private enum OtherFileSystem {
    /// A folder, yet to be made, on another file system than the temporary one; nil where there is none.
    static let folder: String? = {
        func device(_ path: String) -> Int? {
            try? FileManager.default.attributesOfItem(atPath: path)[.systemNumber] as? Int
        }
        guard let other = device("/dev/shm"), FileManager.default.isWritableFile(atPath: "/dev/shm"),
            other != device(FileManager.default.temporaryDirectory.path)
        else { return nil }
        return "/dev/shm/sweetspot-\(UUID().uuidString)"
    }()
}
