/// Tracks as points of 64 numbers that were measured from their sound, and which of them are near.
///
/// Each number is standardised over the library. Distances are Euclidean; nearness is their mutual proximity (Schnitzer, Flexer, Schedl and
/// Widmer, JMLR 2012) with normal distributions that are estimated from distances to 200 points: the chance that both tracks have a more
/// distant track than each other. Without it a few hubs are near everything. 264 bytes a track.
public struct SoundSpace: Sendable {
    /// Numbers of a track.
    public static let width = 64
    private static let references = 200

    /// Eight for each item.
    private var eighths: [SIMD8<Float>]
    private var isThere: [Bool]
    /// Mean and inverse deviation of a point's distances.
    private var spreads: [SIMD2<Float>]
    /// Artists by number of the item, -1 if unknown.
    private let artists: [Int32]
    private var mean: SIMD64<Float> = .zero
    private var inverseDeviation: SIMD64<Float> = .zero
    /// Items to which every other's distances are taken.
    private var reference: [Int] = []

    /// - Parameters:
    ///   - features: 64 numbers for each item, one item after the other. Items with a number that is not finite are not in the space.
    ///   - artists: by number of the item, -1 or missing if unknown.
    public init(features: [Float], artists: [Int32] = []) {
        let count = features.count / Self.width
        eighths = (0..<8 * count).map { place in
            var eighth = SIMD8<Float>.zero
            for number in 0..<8 { eighth[number] = features[8 * place + number] }
            return eighth
        }
        isThere = [Bool](repeating: false, count: count)
        self.artists = (0..<count).map { $0 < artists.count ? artists[$0] : -1 }
        spreads = [SIMD2<Float>](repeating: SIMD2(0, 1), count: count)
        for item in 0..<count { isThere[item] = Self.isSound(point(item)) }
        standardise()
    }

    /// One more than the largest number of an item.
    public var count: Int { isThere.count }

    /// Whether the sound of an item is known.
    public func contains(_ item: Int32) -> Bool { item >= 0 && item < isThere.count && isThere[Int(item)] }

    /// The nearest tracks, nearest first, with their mutual proximity, 0 to 1.
    ///
    /// - Parameters:
    ///   - sameArtist: whether tracks of the item's artist may be among them. They are nearest most of the time, and no discovery.
    ///   - isAllowed: is asked for tracks that would be among them.
    public func nearest(
        to item: Int32, count: Int = 20, sameArtist: Bool = false, where isAllowed: (Int32) -> Bool = { _ in true }
    ) -> [Scored] {
        guard contains(item), count > 0 else { return [] }
        let spread = spreads[Int(item)]
        let artist = artists[Int(item)]
        var heap = BestHeap(capacity: min(count, self.count) * 3 + 20)
        for other in isThere.indices where isThere[other] && other != Int(item) {
            if !sameArtist, artist >= 0, artists[other] == artist { continue }
            // The sum of what the distance is in deviations of each: nearly the order of the proximity, and cheap.
            let distance = distance(Int(item), other)
            let far = (distance - spread.x) * spread.y + (distance - spreads[other].x) * spreads[other].y
            let scored = Scored(item: Int32(truncatingIfNeeded: other), score: -far)
            if heap.takes(scored), isAllowed(scored.item) { heap.insert(scored) }
        }
        let near = heap.sorted().map { Scored(item: $0.item, score: proximity(item, $0.item)) }
        return Array(near.filter { $0.score > 0 }.sorted { $0.isBefore($1) }.prefix(count))
    }

    /// The mutual proximity of two tracks, 0 to 1; 0 if the sound of one of them is not known.
    public func proximity(_ one: Int32, _ other: Int32) -> Float {
        guard contains(one), contains(other) else { return 0 }
        let distance = distance(Int(one), Int(other))
        return [one, other].reduce(1) { product, item in
            product * normalShare(above: (distance - spreads[Int(item)].x) * spreads[Int(item)].y)
        }
    }

    private mutating func standardise() {
        let there = isThere.indices.filter { isThere[$0] }
        guard !there.isEmpty else { return }
        for place in 0..<Self.width {
            let numbers = there.lazy.map { [eighths] in Double(eighths[8 * $0 + place / 8][place % 8]) }
            let mean = numbers.reduce(0, +) / Double(there.count)
            let deviation = (numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(there.count)).squareRoot()
            self.mean[place] = Float(mean)
            // A number that is the same in all tracks tells nothing.
            inverseDeviation[place] = deviation > 1e-6 * max(1, abs(mean)) ? Float(1 / deviation) : 0
        }
        for item in isThere.indices { set(isThere[item] ? standard(point(item)) : .zero, of: item) }
        let count = min(Self.references, there.count)
        reference = (0..<count).map { there[$0 * there.count / count] }
        for item in there { spreads[item] = spread(of: item) }
    }

    /// Numbers in deviations from the mean, at most 6: one wild number does not decide.
    private func standard(_ point: SIMD64<Float>) -> SIMD64<Float> {
        ((point - mean) * inverseDeviation).clamped(lowerBound: SIMD64(repeating: -6), upperBound: SIMD64(repeating: 6))
    }

    private func spread(of item: Int) -> SIMD2<Float> {
        var sum = Float(0)
        var squares = Float(0)
        var count = Float(0)
        for other in reference where isThere[other] {
            let distance = distance(item, other)
            guard distance > 0 else { continue }
            sum += distance
            squares += distance * distance
            count += 1
        }
        guard count > 1 else { return SIMD2(sum, 1) }
        let mean = sum / count
        let deviation = max(0, squares / count - mean * mean).squareRoot()
        return SIMD2(mean, deviation > 1e-6 ? 1 / deviation : 1)
    }

    /// Of two points, in eighths: a sum of eight stays in registers.
    private func distance(_ one: Int, _ other: Int) -> Float {
        let eighths = eighths.span
        var sums = SIMD8<Float>.zero
        for place in 0..<8 {
            let difference = eighths[8 * one + place] - eighths[8 * other + place]
            sums += difference * difference
        }
        return sums.sum().squareRoot()
    }

    private func point(_ item: Int) -> SIMD64<Float> {
        var point = SIMD64<Float>.zero
        for place in 0..<Self.width { point[place] = eighths[8 * item + place / 8][place % 8] }
        return point
    }

    private mutating func set(_ point: SIMD64<Float>, of item: Int) {
        for place in 0..<Self.width { eighths[8 * item + place / 8][place % 8] = point[place] }
    }

    private static func isSound(_ point: SIMD64<Float>) -> Bool {
        (0..<width).allSatisfy { abs(point[$0]) < 1e18 }
    }
}
