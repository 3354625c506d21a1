/// What a report may say. The numbers are reasoned in the decision "Report"; another set of them is another report.
public struct ReportRules: Sendable, Hashable {
    /// Cells of a kind that one account counts in, in one month.
    public struct Share: Sendable, Hashable {
        public var kind: ReportKind
        /// Chosen at random...
        public var chosen: Int
        /// ...of this many that it played most.
        public var heaviest: Int
    }

    /// Listeners of a cell without whom it is not published.
    public var leastListeners = 10
    public var shares = [
        Share(kind: .artist, chosen: 4, heaviest: 12), Share(kind: .release, chosen: 2, heaviest: 6),
        Share(kind: .genre, chosen: 2, heaviest: 6), Share(kind: .recording, chosen: 2, heaviest: 6)
    ]
    /// Plays of an account in one cell that count.
    public var mostPlays = 20
    /// Published listeners are multiples of this, without noise.
    public var step = 5
    /// Days that an account must have existed at the end of the month.
    public var leastAge = 30
    /// Deviation of the noise on the listeners of a cell.
    public var deviation = 10

    public init() {}

    /// Cells that one account counts in, in one month.
    public var cells: Int { shares.reduce(0) { $0 + $1.chosen } }

    /// Noisy listeners of a cell without whom it is not published.
    ///
    /// A cell that one account completes is published with a probability of about 10⁻⁷: 1 + σ·Φ⁻¹(1 − 10⁻⁷), and the others of the
    /// ``leastListeners``.
    public var threshold: Int {
        Int((1 + Double(deviation) * 5.199_337_582).rounded(.up)) + leastListeners - 1
    }

    /// What one report spends, as zero-concentrated differential privacy (Bun and Steinke 2016): cells / 2σ².
    public var rho: Double { Double(cells) / Double(2 * deviation * deviation) }

    /// The ε of a ρ at δ = 10⁻⁶: ρ + 2√(ρ·ln 1/δ).
    public static func epsilon(rho: Double) -> Double { rho + 2 * (rho * 13.815_510_557_964_274).squareRoot() }
}
