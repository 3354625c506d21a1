import Taste
import Testing

/// What one plays in one go belongs together, even on a server of one account.
struct SittingsTests {
    private let minute: Int64 = 60_000

    @Test func `a pause of more than thirty minutes begins a sitting`() {
        let plays: [(at: Int64, item: Int32)] = [(0, 1), (30 * minute, 2), (61 * minute, 3), (62 * minute, 3), (63 * minute, 4)]
        let sittings = Sittings.interactions(of: plays.reversed())
        #expect(sittings.accountCount == 2)
        #expect(Array(sittings.items(of: 0)) == [1, 2])
        #expect(Array(sittings.items(of: 1)) == [3, 4])
        #expect(sittings.seeds(of: 1).allSatisfy { $0.weight == 1 })
    }

    @Test func `the walk goes from a song to what is played beside it`() {
        var plays: [(at: Int64, item: Int32)] = []
        for evening in 0..<30 as Range<Int64> {
            for song in 10...12 as ClosedRange<Int32> {
                plays.append((at: (evening * 1440 + Int64(song)) * minute, item: song + Int32(evening % 2) * 10))
            }
        }
        let sittings = Sittings.interactions(of: plays)
        let near = Walk(support: 1).scores(from: [Seed(item: 10)], in: sittings).best(10) { $0 != 10 }.map(\.item)
        #expect(Set(near) == [11, 12])
    }

    @Test func `odd times and numbers`() {
        let odd: [(at: Int64, item: Int32)] = [(.min, 1), (.max, 2), (0, -1), (1, .max), (2, 3)]
        #expect(Sittings.interactions(of: odd).pairCount == 3)
        #expect(Sittings.interactions(of: []).accountCount == 0)
        #expect(Sittings.interactions(of: odd, most: 0).pairCount == 0)
        #expect(Sittings.interactions(of: odd, most: 1).pairCount == 1)
    }
}
