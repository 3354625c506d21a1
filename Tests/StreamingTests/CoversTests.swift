import Audio
import CodecProcess
import Metrics
import NIOCore
import Originals
import Synchronization
import Testing

@testable import Streaming

/// A store that holds pictures alone.
private struct Pictures: OriginalStore {
    let pictures: [OriginalHash: [UInt8]]

    func trackMap(of hash: OriginalHash) async throws(OriginalError) -> TrackMap { throw .missing }

    func read(_ range: Range<Int>, of file: StoredFile, original hash: OriginalHash) async throws(OriginalError) -> [UInt8] {
        guard let picture = pictures[hash] else { throw .missing }
        return Array(picture[range])
    }
}

/// What makes pictures smaller here: notes who asks, and waits while it is held.
private final class Resizing: Sendable {
    private let state = Mutex((sizes: [Int](), isHeld: false, failure: (any Error)?.none))

    var sizes: [Int] { state.withLock { $0.sizes } }

    func hold(_ isHeld: Bool) { state.withLock { $0.isHeld = isHeld } }

    func fail(_ error: (any Error)?) { state.withLock { $0.failure = error } }

    @Sendable func resize(_ picture: [UInt8], _ size: Int) async throws -> [UInt8] {
        state.withLock { $0.sizes.append(size) }
        while state.withLock({ $0.isHeld }) { try await Task.sleep(for: .milliseconds(1)) }
        if let failure = state.withLock({ $0.failure }) { throw failure }
        return Array("\(size)".utf8)
    }
}

@Suite("Covers in the cache", .timeLimit(.minutes(10))) struct CoversTests {
    private static let hash = OriginalHash(bytes: [UInt8](repeating: 7, count: 32))!
    /// A PNG of 900 by 700 pixels, as far as its header goes.
    private static let picture: [UInt8] =
        [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 3, 132, 0, 0, 2, 188]

    private let resizing = Resizing()
    private let folder = CacheFolder()

    private func covers(disk: DiskTier? = nil) -> Covers {
        Covers(
            originals: Pictures(pictures: [Self.hash: Self.picture]), disk: disk, metrics: NOOPMetricsHandler.instance,
            resize: resizing.resize)
    }

    private func ask(_ covers: Covers, _ size: Int, of hash: OriginalHash = hash) async throws(StreamError) -> String? {
        try await covers.cover(hash, bytes: Self.picture.count, size: size).map { String(buffer: $0) }
    }

    @Test("A size of a cover is made once for all who ask for it")
    func once() async throws {
        let covers = covers()
        resizing.hold(true)
        async let first = ask(covers, 300)
        async let second = ask(covers, 300)
        async let third = ask(covers, 300)
        while resizing.sizes.isEmpty { await Task.yield() }
        resizing.hold(false)
        #expect(try await [first, second, third] == ["300", "300", "300"])
        #expect(try await ask(covers, 300) == "300")
        #expect(try await ask(covers, 64) == "64")
        #expect(resizing.sizes == [300, 64])
    }

    @Test("A request that is given up does not take the cover from another")
    func leaves() async throws {
        let covers = covers()
        resizing.hold(true)
        let first = Task { try await ask(covers, 300) }
        while resizing.sizes.isEmpty { await Task.yield() }
        async let second = ask(covers, 300)
        first.cancel()
        resizing.hold(false)
        #expect(try await second == "300")
        #expect(resizing.sizes == [300])
    }

    @Test("A picture that is not larger than asked for is used as it is", arguments: [900, 901, 2048])
    func small(size: Int) async throws {
        #expect(try await ask(covers(), size) == nil)
        #expect(resizing.sizes == [])
    }

    @Test("A picture that cannot be decoded is tried once, for all sizes and after a restart")
    func undecodable() async throws {
        resizing.fail(Refusal(.undecodable, "no picture"))
        let disk = await folder.open(bytes: 1 << 20)
        let covers = covers(disk: disk)
        for size in [300, 300, 64] { #expect(try await ask(covers, size) == nil) }
        await disk.shutdown()
        let again = await folder.open(bytes: 1 << 20)
        #expect(try await ask(self.covers(disk: again), 100) == nil)
        #expect(resizing.sizes == [300])
        await again.shutdown()
    }

    @Test("A failure that is not the picture's is reported, and tried again")
    func failure() async throws {
        let covers = covers()
        resizing.fail(WorkerError.unavailable("no process"))
        await #expect(throws: StreamError.renderFailed("no process")) { try await ask(covers, 300) }
        resizing.fail(nil)
        #expect(try await ask(covers, 300) == "300")
        let other = OriginalHash(bytes: [UInt8](repeating: 8, count: 32))!
        await #expect(throws: StreamError.missing) { try await ask(covers, 300, of: other) }
    }

    @Test("After a restart a cover comes from the disk, until it is forgotten")
    func disk() async throws {
        let disk = await folder.open(bytes: 1 << 20)
        let covers = covers(disk: disk)
        for size in [300, 1, 899] { _ = try await ask(covers, size) }
        await disk.shutdown()
        #expect(folder.files.count == 3)

        let again = await folder.open(bytes: 1 << 20)
        let restarted = self.covers(disk: again)
        #expect(try await ask(restarted, 899) == "899")
        #expect(resizing.sizes == [300, 1, 899])
        restarted.forget(Self.hash)
        await again.flush()
        #expect(folder.files == [])
        #expect(try await ask(restarted, 899) == "899")
        #expect(resizing.sizes == [300, 1, 899, 899])
        await again.shutdown()
    }

    @Test("Too many covers at once are refused, and those under way end with the server")
    func bounded() async throws {
        let covers = covers()
        resizing.hold(true)
        let errors = await withTaskGroup(of: StreamError?.self) { group in
            for size in 1...300 {
                group.addTask {
                    do throws(StreamError) {
                        _ = try await ask(covers, size)
                        return nil
                    } catch {
                        return error
                    }
                }
            }
            var errors: [StreamError?] = []
            while errors.count < 44, let error = await group.next() { errors.append(error) }
            await covers.shutdown()
            return await group.reduce(into: errors) { $0.append($1) }
        }
        #expect(errors.prefix(44).allSatisfy { $0 == .busy } && errors.dropFirst(44).allSatisfy { $0 == .stopped })
        await #expect(throws: StreamError.stopped) { try await ask(covers, 301) }
    }
}
