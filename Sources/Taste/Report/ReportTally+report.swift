extension ReportTally {
    /// Means of plays that are told apart.
    private static let means = [1, 2, 5, 10, 20]

    /// The month's report.
    ///
    /// - Parameters:
    ///   - before: the report of the month before, to show changes; nil if it was not made in this mode.
    ///   - reports: How many reports with noise the calendar year has already.
    ///   - noise: the random numbers of a label in this month: the same each time, and secret. The label says how many listeners a cell has:
    ///     with one noise for two counts, a month that is made twice would show what is between them.
    public func report(
        _ mode: Report.Mode, after before: Report? = nil, reportsOfYear reports: Int = 0,
        noise: (_ label: String) -> some RandomNumberGenerator
    ) -> Report {
        let least = mode == .k ? rules.leastListeners : rules.threshold
        var report = Report(month: month.text, mode: mode, note: "", least: least)
        let rows = mode == .k ? roundedRows() : noisyRows(noise)
        for kind in ReportKind.allCases {
            var former: [[String]: Int?] = [:]
            if let before, before.mode == mode {
                // Two recordings of one name cannot be told apart.
                for row in before[kind] { former[row.place] = former[row.place] == nil ? row.listeners : .some(nil) }
            }
            report[kind] = rows.filter { $0.kind == kind }.map(\.row).sorted(by: Self.isBefore).map { row in
                var row = row
                row.before = former[row.place] ?? nil
                return row
            }
        }
        report.note = report.isEmpty ? "Fewer than \(least) listeners take part in anything that could be named here." : ""
        if mode == .dp {
            let rhoOfYear = Double(reports + 1) * rules.rho
            report.privacy = Report.Privacy(
                deviation: rules.deviation, cells: rules.cells, rho: rules.rho, epsilon: Self.rounded(.epsilon(rules.rho)),
                delta: 2.4e-6, rhoOfYear: Self.rounded(.rho(rhoOfYear)), epsilonOfYear: Self.rounded(.epsilon(rhoOfYear)))
        }
        return report
    }

    private func roundedRows() -> [(kind: ReportKind, row: Report.Row)] {
        cells.filter { $0.value.listeners >= rules.leastListeners }.map { key, cell in
            let listeners = (cell.listeners + rules.step / 2) / rules.step * rules.step
            let row = Report.Row(key, listeners: listeners, plays: listeners * Self.coarseMean(of: cell))
            return (key.kind, row)
        }
    }

    /// The mean as the nearest of a few by their ratio.
    private static func coarseMean(of cell: Cell) -> Int {
        let square = cell.plays * cell.plays
        let listeners = cell.listeners * cell.listeners
        // Half-way between two means by ratio is the root of their product.
        for (low, high) in zip(means, means.dropFirst()) where square < low * high * listeners { return low }
        return means.last ?? 1
    }

    private func noisyRows(_ noise: (String) -> some RandomNumberGenerator) -> [(kind: ReportKind, row: Report.Row)] {
        let gaussian = DiscreteGaussian(deviation: rules.deviation)
        return cells.compactMap { key, cell in
            guard cell.listeners >= rules.leastListeners else { return nil }
            var generator = noise("\(key.label)\u{1}\(cell.listeners)")
            let listeners = cell.listeners + gaussian.sample(using: &generator)
            guard listeners >= rules.threshold else { return nil }
            return (key.kind, Report.Row(key, listeners: listeners, plays: nil))
        }
    }

    /// By name, then by what is published: the order tells nothing else.
    private static func isBefore(_ one: Report.Row, _ other: Report.Row) -> Bool {
        for (text, rival) in zip(one.place, other.place) where !text.utf8.elementsEqual(rival.utf8) {
            return text.utf8.lexicographicallyPrecedes(rival.utf8)
        }
        return (one.listeners, one.plays ?? 0) > (other.listeners, other.plays ?? 0)
    }

    private enum Figure {
        case rho(Double)
        case epsilon(Double)
    }

    /// Upwards, to as many places as mean something.
    private static func rounded(_ figure: Figure) -> Double {
        switch figure {
        case .rho(let rho): (rho * 1e6).rounded() / 1e6
        case .epsilon(let rho): (ReportRules.epsilon(rho: rho) * 100).rounded(.up) / 100
        }
    }
}

extension Report.Row {
    fileprivate init(_ key: ReportKey, listeners: Int, plays: Int?) {
        self.init(name: key.name, by: key.by.isEmpty ? nil : key.by, listeners: listeners, plays: plays, before: nil)
    }

    fileprivate var place: [String] { [name, by ?? ""] }
}
