/// What a report counts the listeners of.
public enum ReportKind: String, Sendable, Hashable, CaseIterable, Codable {
    // From the broadest to the narrowest.
    case genre
    case artist
    case release
    case recording
}

extension ReportKind: Comparable {
    private var breadth: Int {
        switch self {
        case .genre: 0
        case .artist: 1
        case .release: 2
        case .recording: 3
        }
    }

    /// Whether one is broader than another: each recording is of some artist, each artist of some genre.
    public static func < (one: ReportKind, other: ReportKind) -> Bool { one.breadth < other.breadth }
}
