/// The equations of one ``Ridge``: lists of a few accounts, and products with them.
struct RidgeSystem {
    /// Places of each account's list.
    private let rows: [Range<Int>]
    private let items: [Int32]
    /// |v|^-p of each row.
    private let scale: [Float]
    private let interactions: Interactions
    private let penalty: Float
    /// The items of all rows, each once.
    private let reached: [Int32]
    /// n^-q by number of the item; 0 for those that are in no row.
    private let discounts: [Float]

    init(_ accounts: [Int32], ridge: Ridge, interactions: Interactions) {
        let rows = accounts.map(interactions.byAccount.range(of:))
        let items = interactions.byAccount.values
        (self.rows, self.items) = (rows, items)
        scale = rows.map { power(Float(max(1, $0.count)), -ridge.activity) }
        self.interactions = interactions
        penalty = ridge.penalty
        let powers = PowerTable(exponent: -ridge.popularity)
        var discounts = [Float](repeating: 0, count: interactions.itemCount)
        var span = discounts.mutableSpan
        var reached: [Int32] = []
        for row in rows {
            let list = items.span.extracting(row)
            for place in list.indices where span[Int(list[place])] == 0 {
                span[Int(list[place])] = powers[interactions.accountCount(of: list[place])]
                reached.append(list[place])
            }
        }
        (self.reached, self.discounts) = (reached, discounts)
    }

    /// The mixture of rows that gives a list; nil if there is none.
    func mixture(for seeds: [Seed], steps: Int) -> [Float]? {
        let heaviest = seeds.map(\.weight).max() ?? 0
        guard heaviest > 0, !rows.isEmpty else { return nil }
        // By number of the item; all 0 between uses.
        var sums = [Float](repeating: 0, count: discounts.count)
        for seed in seeds { sums[Int(seed.item)] = seed.weight / heaviest }
        var residual = rows.indices.map { scale[$0] * weighted(rows[$0], sums) }
        for seed in seeds { sums[Int(seed.item)] = 0 }
        let diagonal = rows.indices.reduce(Float(0)) { sum, row in
            sum + scale[row] * scale[row] * items[rows[row]].reduce(0) { $0 + discounts[Int($1)] * discounts[Int($1)] }
        }
        let ridge = penalty * diagonal / Float(rows.count)
        // Conjugate gradients: Hestenes and Stiefel, 1952.
        var mixture = [Float](repeating: 0, count: rows.count)
        var direction = residual
        var norm = dot(residual, residual)
        let end = norm * 1e-8
        for _ in 0..<steps where norm > end {
            let product = product(direction, ridge: ridge, sums: &sums)
            let curvature = dot(direction, product)
            guard curvature > 0 else { break }
            let length = norm / curvature
            for row in rows.indices {
                mixture[row] += length * direction[row]
                residual[row] -= length * product[row]
            }
            let next = dot(residual, residual)
            for row in rows.indices { direction[row] = residual[row] + next / norm * direction[row] }
            norm = next
        }
        return mixture
    }

    /// What a mixture likes.
    func scores(of mixture: [Float], discount: Float) -> Scores {
        var sums = [Float](repeating: 0, count: discounts.count)
        add(mixture, to: sums.mutableSpan)
        let powers = PowerTable(exponent: -discount)
        var span = sums.mutableSpan
        for item in reached {
            let place = Int(item)
            span[place] = max(0, span[place]) * discounts[place] * powers[interactions.accountCount(of: item)]
        }
        return Scores(values: sums, items: reached)
    }

    /// (R Rᵀ + ridge·I) times a vector.
    private func product(_ vector: [Float], ridge: Float, sums: inout [Float]) -> [Float] {
        add(vector, to: sums.mutableSpan)
        let product = rows.indices.map { scale[$0] * weighted(rows[$0], sums) + ridge * vector[$0] }
        for item in reached { sums[Int(item)] = 0 }
        return product
    }

    /// Adds R times a vector, without its n^-q.
    private func add(_ vector: [Float], to sums: consuming MutableSpan<Float>) {
        for (index, row) in rows.enumerated() {
            let part = vector[index] * scale[index]
            let list = items.span.extracting(row)
            for place in list.indices { sums[Int(list[place])] += part }
        }
    }

    /// The sums of a list's items, each times its n^-2q.
    private func weighted(_ row: Range<Int>, _ sums: [Float]) -> Float {
        let list = items.span.extracting(row)
        let sums = sums.span
        let discounts = discounts.span
        var sum = Float(0)
        for place in list.indices {
            let item = Int(list[place])
            sum += sums[item] * (discounts[item] * discounts[item])
        }
        return sum
    }

    private func dot(_ left: [Float], _ right: [Float]) -> Float {
        zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
    }
}
