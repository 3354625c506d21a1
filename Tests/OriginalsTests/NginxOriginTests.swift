import Audio
import NIOPosix
import TestSupport
import Testing

@testable import Originals

@Suite("Originals at an nginx", .tags(.http, .oracle), .enabled(if: Nginx.executable != nil, "nginx is not installed"))
struct NginxOriginTests {
    private let folder: TemporaryFolder
    private let root: String
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
                .measures: folder.write(SoundMeasures().encoded(), to: "s"), .map: folder.write(map.encoded(), to: "m")
            ], of: hash)
        root = local.root
    }

    /// Runs `body` with the Originals at an nginx below `path`, and gives its log.
    private func serving(
        _ path: String = "/", _ body: (HTTPOriginals) async throws -> Void
    ) async throws -> [Nginx.Line] {
        try await Nginx.run(serving: root) { base in
            let remote = try HTTPOriginals(base: base + path, eventLoopGroup: MultiThreadedEventLoopGroup.singleton)
            let result = await outcome { try await body(remote) }
            try await remote.shutdown()
            try result.get()
        }
    }

    @Test("An nginx gives exact ranges of an Original with one request each")
    func giveExactRangesWithOneRequestEach() async throws {
        var generator = SeededGenerator(for: "ranges of an Original at an nginx")
        let log = try await serving { remote in
            for _ in 0..<100 {
                let ends = [Int.random(in: 0...300_000, using: &generator), Int.random(in: 0...300_000, using: &generator)]
                    .sorted()
                let range = ends[0]..<max(ends[1], min(300_000, ends[0] + 1))
                try await #expect(remote.read(range, of: .original, original: hash) == Array(original[range]))
            }
            try await #expect(remote.read(0..<100_000, of: .packets, original: hash) == packets)
            try await #expect(remote.trackMap(of: hash) == map)
        }
        #expect(log.count == 102)
        #expect(log.allSatisfy { $0.status == 206 && $0.range.hasPrefix("bytes=") }, "\(log)")
        // One after the other, they need one connection.
        #expect(Set(log.map(\.connection)).count == 1)
    }

    @Test("Measures at an nginx are read, unless they are missing or of another version")
    func measures() async throws {
        let other = try #require(OriginalHash(hex: String(repeating: "0", count: 64)))
        _ = try await serving { remote in
            let version = SoundMeasures.currentVersion
            #expect(await remote.measures(of: hash, version: version) == SoundMeasures())
            #expect(await remote.measures(of: hash, version: version + 1) == nil)
            #expect(await remote.measures(of: other, version: version) == nil)
        }
    }

    @Test("An Original at an nginx is missing or damaged as in a directory")
    func areMissingOrDamagedAsInADirectory() async throws {
        let other = try #require(OriginalHash(hex: String(repeating: "0", count: 64)))
        let log = try await serving { remote in
            await #expect(throws: OriginalError.missing) { try await remote.trackMap(of: other) }
            try await #expect(remote.size(of: other) == nil)
            try await #expect(remote.size(of: hash) == original.count)
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
        }
        #expect(log.count == 7)
    }

    @Test("A redirect of an nginx is not followed")
    func areNotLookedForElsewhere() async throws {
        let log = try await serving("/moved") { remote in
            await #expect(throws: OriginalError.unreachable("the origin answers 302")) {
                try await remote.read(0..<9, of: .original, original: hash)
            }
        }
        #expect(log.count == 1)
    }
}
