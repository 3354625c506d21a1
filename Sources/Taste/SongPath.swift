/// A way from one song to another by steps between songs that are near.
///
/// The search goes from both ends at once, nearest first (Dijkstra's, in both directions), and gives up after ``expansions``: its time is
/// that of so many questions for neighbours.
public struct SongPath: Sendable, Hashable {
    /// The most songs whose neighbours are asked for.
    public var expansions: Int
    /// The most neighbours of a song that are followed.
    public var breadth: Int
    /// The most songs of a path, both ends among them.
    public var longest: Int

    public init(expansions: Int = 200, breadth: Int = 20, longest: Int = 25) {
        self.expansions = min(max(0, expansions), 100_000)
        self.breadth = min(max(0, breadth), 1000)
        self.longest = max(1, longest)
    }

    /// The songs of a path, both ends among them; nil if none is found.
    ///
    /// - Parameters:
    ///   - isOver: is asked before each question for neighbours; what is found until it is true has to do.
    ///   - neighbours: of a song, with scores above 0, best first. A step to the nearest costs 1, to one of score 0 it costs 2.
    public func path(
        from start: Int32, to end: Int32, until isOver: () -> Bool = { false }, neighbours: (Int32) -> [Scored]
    ) -> [Int32]? {
        guard start != end else { return longest >= 1 ? [start] : nil }
        var sides = [Side(start), Side(end)]
        var meeting: (item: Int32, cost: Float)?
        for expansion in 0..<expansions {
            if isOver() { break }
            let next = sides.map(\.next)
            if let meeting, (next[0]?.cost ?? 0) + (next[1]?.cost ?? 0) >= meeting.cost { break }
            // The one that is nearer to its end; in turn, if both are as near.
            let costs = next.map { $0?.cost ?? .infinity }
            let own = costs[0] == costs[1] ? expansion % 2 : costs[0] < costs[1] ? 0 : 1
            guard let item = next[own]?.item else { break }
            sides[own].close(item)
            let near = neighbours(item).prefix(breadth).filter { $0.score > 0 && $0.score.isFinite }
            let best = near.map(\.score).max() ?? 1
            for scored in near {
                guard let cost = sides[own].reach(scored.item, from: item, step: 2 - scored.score / best) else { continue }
                if let rest = sides[1 - own].cost(of: scored.item), cost + rest < meeting?.cost ?? .infinity {
                    meeting = (scored.item, cost + rest)
                }
            }
        }
        guard let meeting else { return nil }
        let path = sides[0].way(to: meeting.item).reversed() + sides[1].way(to: meeting.item).dropFirst()
        return path.count <= longest ? Array(path) : nil
    }

    /// What one end has reached.
    private struct Side {
        private var reached: [Int32: (cost: Float, from: Int32?)]
        private var open: [Int32: Float]

        init(_ item: Int32) {
            reached = [item: (0, nil)]
            open = [item: 0]
        }

        /// The nearest whose neighbours are not known yet.
        var next: (item: Int32, cost: Float)? {
            open.min { ($0.value, $0.key) < ($1.value, $1.key) }.map { ($0.key, $0.value) }
        }

        mutating func close(_ item: Int32) { open[item] = nil }

        func cost(of item: Int32) -> Float? { reached[item]?.cost }

        /// The cost of an item by a new way; nil if it has a better one.
        mutating func reach(_ item: Int32, from: Int32, step: Float) -> Float? {
            let cost = (reached[from]?.cost ?? 0) + step
            if let known = reached[item], known.cost <= cost { return nil }
            reached[item] = (cost, from)
            open[item] = cost
            return cost
        }

        /// From an item back to this end.
        func way(to item: Int32) -> [Int32] {
            var way = [item]
            while let from = reached[way[way.count - 1]]?.from, way.count <= reached.count { way.append(from) }
            return way
        }
    }
}
