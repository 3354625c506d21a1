import Foundation
import Taste
import TestSupport
import Testing

/// Tracks that sound alike, without hubs, and not only the same artist.
struct SoundSpaceTests {
    /// Clusters of ten tracks around points of their own; the tracks of a cluster are by two artists.
    private static func features(clusters: Int = 30, seed: UInt64 = 1) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        return (0..<clusters).flatMap { _ in
            let centre = (0..<64).map { Float.random(in: -1...1, using: &generator) * Float($0 + 1) }
            return (0..<10).flatMap { _ in
                centre.enumerated().map { $1 + Float.random(in: -0.2...0.2, using: &generator) * Float($0 + 1) }
            }
        }
    }

    private let space = SoundSpace(features: features(), artists: (0..<300).map { $0 / 5 })

    @Test func `the nearest are of the same cluster, nearest first`() {
        for item in stride(from: 0, to: 300, by: 13) as StrideTo<Int32> {
            let near = space.nearest(to: item, count: 9, sameArtist: true)
            #expect(Set(near.map { $0.item / 10 }) == [item / 10])
            #expect(near == near.sorted { $0.score > $1.score })
            #expect(near.allSatisfy { $0.score > 0 && $0.score <= 1 && $0.item != item })
        }
    }

    @Test func `the artist filter leaves others`() {
        let near = space.nearest(to: 12, count: 5)
        #expect(Set(near.map(\.item)) == [15, 16, 17, 18, 19])
        #expect(space.nearest(to: 12, count: 3) { $0 != 15 && $0 != 16 }.allSatisfy { $0.item > 16 })
    }

    @Test func `proximity is mutual`() {
        for (one, other) in [(0, 1), (5, 200), (17, 44)] as [(Int32, Int32)] {
            #expect(abs(space.proximity(one, other) - space.proximity(other, one)) < 1e-6)
        }
        #expect(space.proximity(0, 1) > space.proximity(0, 100))
    }

    @Test func `no track is near everything`() {
        // 250 random points in 64 dimensions have hubs by plain distance.
        var generator = SeededGenerator(seed: 2)
        let features = (0..<250 * 64).map { _ in
            Float.random(in: -1...1, using: &generator) + Float.random(in: -1...1, using: &generator)
        }
        let space = SoundSpace(features: features)
        var counts = [Int](repeating: 0, count: 250)
        var plain = counts
        for item in 0..<250 {
            for near in space.nearest(to: Int32(item), count: 10) { counts[Int(near.item)] += 1 }
            let distances = (0..<250).map { other in
                (0..<64).reduce(Float(0)) { sum, place in
                    let difference = features[item * 64 + place] - features[other * 64 + place]
                    return sum + difference * difference
                }
            }
            for near in (0..<250).filter({ $0 != item }).sorted(by: { distances[$0] < distances[$1] }).prefix(10) {
                plain[near] += 1
            }
        }
        #expect(counts.max() ?? 250 < (plain.max() ?? 0) / 2)
    }

    @Test func `numbers that are not finite are not in the space`() {
        var features = Self.features(clusters: 3)
        features[3 * 64 + 5] = .nan
        features[4 * 64] = .infinity
        features[5 * 64] = -3e38
        for item in 0..<30 { features[item * 64 + 9] = 7 }
        let space = SoundSpace(features: features + [1, 2, 3])
        #expect(space.count == 30)
        for item in [3, 4, 5, -1, 30, .max, .min] as [Int32] {
            #expect(!space.contains(item) && space.nearest(to: item).isEmpty && space.proximity(item, 1) == 0)
        }
        #expect(space.nearest(to: 0, count: 29).allSatisfy { ![3, 4, 5].contains($0.item) && $0.score.isFinite })
        #expect(space.nearest(to: 0, count: -1).isEmpty && space.nearest(to: 0, count: .max / 8).count > 5)
        #expect(SoundSpace(features: []).nearest(to: 0).isEmpty)
        #expect(SoundSpace(features: [Float](repeating: 1, count: 64)).nearest(to: 0).isEmpty)
    }
}
