import FileSystem
import Foundation
import NIOCore
import Synchronization
import TestSupport
import Testing

@testable import Streaming

private final class Tally: Sendable {
    private let value = Mutex(0)

    var now: Int { value.withLock { $0 } }

    func add() { value.withLock { $0 += 1 } }
    func set(_ new: Int) { value.withLock { $0 = new } }
}

@Suite("The disk tier") struct DiskTierTests {
    private let folder = CacheFolder()

    private func store(_ indices: some Sequence<Int>, in tier: DiskTier, count: Int = 10_000) async {
        for index in indices {
            tier.store(ByteBuffer(bytes: CacheFolder.frames(index, count: count)), as: CacheFolder.name(index))
            await tier.flush()
        }
    }

    @Test("A stored chunk is read back")
    func whatWasStoredIsThere() async {
        let tier = await folder.open(bytes: 1 << 20)
        await store([1, 2, 3], in: tier)
        #expect(tier.contains(CacheFolder.name(2)) && !tier.contains(CacheFolder.name(4)))
        #expect(await tier.load(CacheFolder.name(2)) == CacheFolder.frames(2))
        #expect(await tier.load(CacheFolder.name(4)) == nil)
        // 48 bytes of header make 10,000 into three blocks.
        #expect(tier.weight == 3 * 12_288 && folder.bytes == tier.weight)
        await tier.shutdown()
    }

    @Test("An empty chunk and a long one are read back too")
    func anEmptyChunkAndALongOneAreChunksToo() async {
        let tier = await folder.open(bytes: 8 << 20)
        await store([1], in: tier, count: 0)
        await store([2], in: tier, count: 3 << 20)
        #expect(await tier.load(CacheFolder.name(1)) == [])
        #expect(await tier.load(CacheFolder.name(2)) == CacheFolder.frames(2, count: 3 << 20))
        await tier.shutdown()
    }

    @Test("A chunk's name is its path")
    func namesAreTheirPaths() {
        for index in 0..<1000 {
            let name = CacheFolder.name(index)
            let parts = name.path.split(separator: "/")
            #expect(parts.count == 2 && ChunkName(folder: String(parts[0]), file: String(parts[1])) == name)
        }
        for (folder, file) in [("ab", "cd"), ("zz", String(repeating: "0", count: 30)), ("AB", String(repeating: "0", count: 30))]
        {
            #expect(ChunkName(folder: folder, file: file) == nil)
        }
    }

    /// 1,000 files, each damaged in one way: not one wrong byte is served.
    @Test("A damaged file is a miss and is deleted")
    func damagedFilesAreMissesAndGo() async throws {
        let tier = await folder.open(bytes: 64 << 20)
        await store(0..<1000, in: tier, count: 2_000)
        #expect(folder.files.count == 1000)
        var random = SeededGenerator(seed: 7)
        for index in 0..<1000 {
            let url = URL(filePath: "\(folder.path)/\(CacheFolder.name(index).path)")
            var bytes = Array(try Data(contentsOf: url))
            switch index % 5 {
            case 0: bytes[Int.random(in: bytes.indices, using: &random)] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes.removeLast(Int.random(in: 1...bytes.count, using: &random))
            case 2: bytes.append(contentsOf: [UInt8](repeating: 0, count: Int.random(in: 1...5000, using: &random)))
            case 3:
                let start = Int.random(in: bytes.indices, using: &random)
                for place in start..<min(bytes.count, start + 512) { bytes[place] = 0 }
                if bytes == Array(try Data(contentsOf: url)) { bytes[0] = 0 }
            default: bytes = ChunkFile.bytes(of: CacheFolder.name(index + 1), frames: CacheFolder.frames(index + 1))
            }
            try Data(bytes).write(to: url)
        }
        var wrong = 0
        for index in 0..<1000 where await tier.load(CacheFolder.name(index)) != nil { wrong += 1 }
        await tier.flush()
        #expect(wrong == 0 && folder.files.isEmpty && tier.count == 0 && tier.weight == 0)
        await store([5], in: tier)
        #expect(await tier.load(CacheFolder.name(5)) == CacheFolder.frames(5))
        await tier.shutdown()
    }

    @Test("The budget and the floor hold at every write")
    func theBudgetAndTheFloorHoldAtEveryWrite() async {
        let budget = 400_000
        let floor = 1_000_000
        let others = Tally()
        let largest = Tally()
        let broken = Tally()
        let path = folder.path
        let folder = folder
        // A file system of 1,500,000 bytes, of which others take a changing part.
        @Sendable func free() -> Int { 1_500_000 - others.now - folder.bytes }
        let tier = await folder.open(bytes: budget, floor: floor) { asked throws(SystemError) in
            if asked != path { broken.add() }
            return free()
        } onChange: {
            let bytes = folder.bytes
            largest.set(max(bytes, largest.now))
            if bytes > budget { broken.add() }
        }
        await withTaskGroup(of: Void.self) { group in
            for writer in 0..<4 {
                group.addTask {
                    var random = SeededGenerator(seed: UInt64(writer))
                    for step in 0..<150 {
                        let index = Int.random(in: 0..<80, using: &random)
                        let name = CacheFolder.name(index)
                        if tier.contains(name), let frames = await tier.load(name) {
                            if frames != CacheFolder.frames(index, count: frames.count) { broken.add() }
                        } else {
                            let count = Int.random(in: 0...60_000, using: &random)
                            tier.store(ByteBuffer(bytes: CacheFolder.frames(index, count: count)), as: name)
                        }
                        if step % 10 == 0 {
                            await tier.flush()
                            others.set(Int.random(in: 0..<500_000, using: &random))
                        }
                    }
                }
            }
        }
        await tier.flush()
        print("budget \(budget): \(largest.now) at most, \(folder.files.count) files")
        #expect(broken.now == 0)
        #expect(largest.now > budget * 3 / 4 && tier.weight == folder.bytes)
        // With nothing left for it the cache makes way, and writes nothing.
        others.set(499_000)
        let before = folder.bytes
        await store(100..<110, in: tier)
        #expect(folder.bytes <= before && free() < floor + 12_288)
        #expect((100..<110).allSatisfy { !tier.contains(CacheFolder.name($0)) })
        #expect(folder.warnings.all.count >= 1)
        await tier.shutdown()
    }

    @Test("A full file system is reported once and costs nothing")
    func aFullFileSystemIsSaidOnceAndCostsNothing() async throws {
        let mount = CacheFolder()
        try FileManager.default.createDirectory(atPath: mount.path, withIntermediateDirectories: true)
        guard run("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", mount.path) else {
            print("not root: no full file system is made")
            return
        }
        defer { _ = run("umount", "-l", mount.path) }
        let folder = CacheFolder(in: mount.path)
        // It is told that there is room, and finds out.
        let tier = await folder.open(bytes: 1 << 20) { _ throws(SystemError) in 1 << 40 }
        await store(0..<60, in: tier)
        let stored = (0..<60).filter { tier.contains(CacheFolder.name($0)) }
        #expect(stored.count > 5 && stored.count < 25)
        #expect(folder.warnings.all.count == 1, "\(folder.warnings.all)")
        for index in stored { #expect(await tier.load(CacheFolder.name(index)) == CacheFolder.frames(index)) }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/incoming"))
        #expect(run("mount", "-o", "remount,ro", mount.path))
        await store(60..<70, in: tier)
        #expect(folder.warnings.all.count == 1)
        #expect(await tier.load(CacheFolder.name(stored[0])) == CacheFolder.frames(stored[0]))
        #expect((60..<70).allSatisfy { !tier.contains(CacheFolder.name($0)) })
        // There is room again.
        #expect(run("mount", "-o", "remount,rw,size=4m", mount.path))
        await store(70..<80, in: tier)
        #expect((70..<80).allSatisfy { tier.contains(CacheFolder.name($0)) })
        await tier.shutdown()
    }

    @Test("A restart finds the stored chunks in their order")
    func aRestartFindsWhatWasThereInItsOrder() async throws {
        let first = await folder.open(bytes: 10 * 12_288)
        await store(0..<10, in: first)
        for index in [0, 3] { _ = await first.load(CacheFolder.name(index)) }
        await first.shutdown()
        try Data("torn".utf8).write(to: URL(filePath: folder.path + "/incoming"))
        try Data("mine".utf8).write(to: URL(filePath: folder.path + "/notes.txt"))

        let second = await folder.open(bytes: 10 * 12_288)
        #expect(second.count == 10 && second.weight == 10 * 12_288)
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/incoming"))
        #expect(FileManager.default.fileExists(atPath: folder.path + "/notes.txt"))
        #expect(second.contains(CacheFolder.name(9)))
        #expect(await second.load(CacheFolder.name(9)) == CacheFolder.frames(9))
        await store(20..<28, in: second)
        let left = (0..<10).filter { second.contains(CacheFolder.name($0)) }
        // 1, 2 and 4 to 8 were used least recently, then 0.
        #expect(left == [3, 9])
        await second.shutdown()

        // A smaller budget is obeyed before anything is asked.
        let third = await folder.open(bytes: 3 * 12_288)
        #expect(third.count == 3 && folder.files.count == 3)
        await third.shutdown()
    }

    @Test("A reader of a file that is evicted is not disturbed")
    func aReaderOfAFileThatIsEvictedIsNotDisturbed() async {
        let tier = await folder.open(bytes: 4 * 12_288)
        let wrong = Tally()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for index in 0..<300 { await store([index], in: tier) } }
            for _ in 0..<3 {
                group.addTask {
                    for index in 0..<300 {
                        for near in max(0, index - 4)..<index + 4 {
                            guard let frames = await tier.load(CacheFolder.name(near)) else { continue }
                            if frames != CacheFolder.frames(near) { wrong.add() }
                        }
                    }
                }
            }
        }
        #expect(wrong.now == 0 && tier.weight <= 4 * 12_288)
        await tier.shutdown()
    }

    @Test("A directory has one server")
    func oneDirectoryHasOneServer() async {
        let first = await folder.open(bytes: 1 << 20)
        await store([1], in: first)
        let second = await folder.open(bytes: 1 << 20)
        await store([2], in: second)
        #expect(!second.contains(CacheFolder.name(1)) && !second.contains(CacheFolder.name(2)))
        #expect(folder.warnings.all.count == 1)
        await second.shutdown()
        await first.shutdown()
    }

    @Test("A directory may be deleted at any time")
    func aDirectoryMayBeDeletedAtAnyTime() async throws {
        let tier = await folder.open(bytes: 1 << 20)
        await store(0..<5, in: tier)
        try FileManager.default.removeItem(atPath: folder.path)
        #expect(await tier.load(CacheFolder.name(1)) == nil)
        await store(10..<15, in: tier)
        #expect(await tier.load(CacheFolder.name(12)) == CacheFolder.frames(12))
        await tier.shutdown()
    }

    private func run(_ arguments: String...) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
