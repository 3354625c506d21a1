import Taste
import Testing

/// From one song to another in small steps.
struct SongPathTests {
    /// A ring of a thousand songs, each near the two at its sides.
    private func ring(_ item: Int32) -> [Scored] {
        [Scored(item: (item + 1) % 1000, score: 1), Scored(item: (item + 999) % 1000, score: 1)]
    }

    @Test func `the path is the shortest, and each step is between neighbours`() throws {
        let path = try #require(SongPath().path(from: 5, to: 17, neighbours: ring))
        #expect(path == Array(5...17))
        #expect(SongPath().path(from: 998, to: 2, neighbours: ring) == [998, 999, 0, 1, 2])
        #expect(SongPath().path(from: 4, to: 4, neighbours: ring) == [4])
    }

    @Test func `near steps are preferred to fewer far ones`() {
        let graph: [Int32: [Scored]] = [
            0: [Scored(item: 1, score: 1), Scored(item: 9, score: 0.01)], 1: [Scored(item: 2, score: 1)],
            2: [Scored(item: 0, score: 1), Scored(item: 3, score: 1)],
            9: [Scored(item: 3, score: 0.01), Scored(item: 8, score: 1)], 3: []
        ]
        #expect(SongPath().path(from: 0, to: 3) { graph[$0] ?? [] } == [0, 1, 2, 3])
    }

    @Test func `a search is bounded`() {
        var asked = 0
        let path = SongPath(expansions: 50).path(from: 0, to: 500) { item in
            asked += 1
            return ring(item)
        }
        #expect(path == nil)
        #expect(asked == 50)
        #expect(SongPath(expansions: 5000).path(from: 0, to: 500, neighbours: ring) == nil)
        asked = 0
        func isOver() -> Bool { asked == 7 }
        let late = SongPath().path(from: 0, to: 500, until: isOver) { item in
            asked += 1
            return ring(item)
        }
        #expect(late == nil && asked == 7)
        #expect(SongPath(expansions: 5000, longest: 1000).path(from: 0, to: 500, neighbours: ring)?.count == 501)
    }

    @Test func `no way, no path`() {
        #expect(SongPath().path(from: 1, to: 2) { _ in [] } == nil)
        #expect(SongPath().path(from: 1, to: 2) { _ in [Scored(item: 2, score: .nan), Scored(item: 2, score: -1)] } == nil)
        #expect(SongPath(expansions: -1).path(from: 1, to: 2, neighbours: ring) == nil)
    }
}
