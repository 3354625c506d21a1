import Audio
import NIOPosix
import Testing

@testable import Originals

@Suite("Originals at an nginx", .enabled(if: Nginx.executable != nil, "nginx is not installed"))
struct NginxOriginTests {
    private let folder: TemporaryFolder
    private let nginx: Nginx
    private let remote: HTTPOriginals
    private let hash: OriginalHash
    private let original = noise(300_000)
    private let packets = noise(100_000, seed: 2)
    private let map: TrackMap

    init() async throws {
        folder = try TemporaryFolder()
        let local = DirectoryOriginals(root: folder.path + "/originals", threadPool: .singleton)
        hash = try #require(OriginalHash(hex: String(repeating: "0123abcd", count: 8)))
        map = try OriginalsTests.map(originalBytes: original.count, packetFileBytes: packets.count)
        try await local.put(
            [
                .original: folder.write(original, to: "o"), .packets: folder.write(packets, to: "p"),
                .map: folder.write(map.encoded(), to: "m")
            ], of: hash)
        nginx = try Nginx(serving: local.root)
        remote = try HTTPOriginals(base: nginx.base + "/", eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
    }

    @Test func giveExactRangesWithOneRequestEach() async throws {
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<100 {
            let ends = [Int.random(in: 0...300_000, using: &generator), Int.random(in: 0...300_000, using: &generator)].sorted()
            let range = ends[0]..<max(ends[1], min(300_000, ends[0] + 1))
            #expect(try await remote.read(range, of: .original, original: hash) == Array(original[range]))
        }
        #expect(try await remote.read(0..<100_000, of: .packets, original: hash) == packets)
        #expect(try await remote.trackMap(of: hash) == map)
        try await remote.shutdown()

        let log = try nginx.stop()
        #expect(log.count == 102)
        #expect(log.allSatisfy { $0.contains(" 206 \"bytes=") }, "\(log)")
        // One after the other, they need one connection.
        #expect(Set(log.map { $0.prefix { $0 != " " } }).count == 1)
    }

    @Test func areMissingOrDamagedAsInADirectory() async throws {
        let other = try #require(OriginalHash(hex: String(repeating: "0", count: 64)))
        await #expect(throws: OriginalError.missing) { try await remote.trackMap(of: other) }
        #expect(try await remote.size(of: other) == nil)
        #expect(try await remote.size(of: hash) == original.count)
        #expect(remote.isReadOnly && remote.localFile(of: hash) == nil)
        await #expect(throws: VaultError.readOnly) { try await remote.put([:], of: hash) }
        await #expect(throws: VaultError.readOnly) { try await remote.remove(hash) }
        await #expect(throws: OriginalError.missing) { try await remote.read(0..<9, of: .packets, original: other) }
        for range in [299_999..<300_001, 300_000..<300_001, 5..<Int.max] {
            let error = await #expect(throws: OriginalError.self) {
                try await remote.read(range, of: .original, original: hash)
            }
            guard case .damaged = error else { return #expect(Bool(false), "\(String(describing: error))") }
        }
        try await remote.shutdown()
        #expect(try nginx.stop().count == 7)
    }

    @Test func areNotLookedForElsewhere() async throws {
        try await remote.shutdown()
        let moved = try HTTPOriginals(base: nginx.base + "/moved", eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
        await #expect(throws: OriginalError.unreachable("the origin answers 302")) {
            try await moved.read(0..<9, of: .original, original: hash)
        }
        try await moved.shutdown()
        #expect(try nginx.stop().count == 1)
    }
}
