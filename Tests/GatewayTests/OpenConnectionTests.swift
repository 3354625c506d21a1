import NIOCore
import Testing

@testable import Gateway

@Suite("Connections beyond the limit")
struct OpenConnectionTests {
    private static let second = UInt64(1_000_000_000)

    @Test("Idle connections give way first, then those whose client keeps a request waiting, each the oldest first")
    func choice() {
        let now = 100 * Self.second
        let connections: [(idle: UInt64?, held: UInt64?)] = [
            (nil, nil), (now - 1, nil), (50 * Self.second, nil), (nil, 10 * Self.second), (nil, now - 6 * Self.second),
            (nil, now - 4 * Self.second), (99 * Self.second, 5), (nil, .max)
        ]
        func places(_ count: Int) -> [Int] {
            OpenConnections.choose(count, of: connections, now: now).map(\.place)
        }
        #expect(places(1) == [2])
        #expect(places(3) == [2, 6, 1])
        // Those whose requests are answered at the client's pace, or wait for it only now, stay.
        #expect(places(100) == [2, 6, 1, 3, 4])
        #expect(OpenConnections.choose(9, of: [], now: now).isEmpty)
    }

    @Test(
        "The limit leaves descriptors for files, pipes and workers",
        arguments: [(1024, 2), (256, 2), (200, 1), (4096, 256), (20_000, 2), (1 << 20, 64), (.max, .max), (0, 1), (64, 8)])
    func limit(descriptors: Int, workers: Int) {
        let limit = ConnectionLimit.connections(descriptors: descriptors, workers: workers)
        #expect((8...20_000).contains(limit))
        if descriptors >= 200, workers <= 256 { #expect(limit + 64 <= descriptors) }
        if descriptors == 1024 { #expect(limit == 684) }
    }
}
