/// What a month's report says, to be stored once and never made again.
public struct Report: Sendable, Hashable, Codable {
    public enum Mode: String, Sendable, Hashable, CaseIterable, Codable {
        /// Rounded counts of at least ten listeners. This is not differential privacy.
        case k
        /// Noisy counts, differentially private for what one account did in the month.
        case dp
    }

    /// One thing that enough accounts listened to.
    public struct Row: Sendable, Hashable, Codable {
        public var name: String
        /// The artist of a release or a recording.
        public var by: String?
        /// Of the accounts that were chosen to count in it: rounded in mode k, noisy in mode dp.
        public var listeners: Int
        /// Listeners times a coarse mean; nil in mode dp.
        public var plays: Int?
        /// Listeners in the report of the month before; nil if it has no such row.
        public var before: Int?
    }

    /// The differential privacy of a report. ε is that of ρ at δ = 10⁻⁶.
    public struct Privacy: Sendable, Hashable, Codable {
        public var deviation: Int
        /// Cells that one account counts in.
        public var cells: Int
        public var rho: Double
        public var epsilon: Double
        /// 10⁻⁶ for ε, and the rest for cells that one account completes.
        public var delta: Double
        /// What the reports of the calendar year up to this one spent together.
        public var rhoOfYear: Double
        public var epsilonOfYear: Double
    }

    public var month: String
    public var mode: Mode
    /// What the report does not say, and why.
    public var note: String
    /// Listeners without whom a row is not there.
    public var least: Int
    /// Nil in mode k.
    public var privacy: Privacy?
    public var artists: [Row] = []
    public var releases: [Row] = []
    public var genres: [Row] = []
    public var recordings: [Row] = []

    public subscript(kind: ReportKind) -> [Row] {
        get {
            switch kind {
            case .artist: artists
            case .release: releases
            case .genre: genres
            case .recording: recordings
            }
        }
        set {
            switch kind {
            case .artist: artists = newValue
            case .release: releases = newValue
            case .genre: genres = newValue
            case .recording: recordings = newValue
            }
        }
    }

    public var isEmpty: Bool { ReportKind.allCases.allSatisfy { self[$0].isEmpty } }
}
