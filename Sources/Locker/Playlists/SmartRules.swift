/// The rules of a smart playlist: which tracks of the account it has, in which order, and how many at most.
///
/// ``init(_:)`` makes them of JSON and bounds them: everything that a value of this type can hold can be evaluated.
public struct SmartRules: Sendable, Hashable {
    /// A condition, or several of which all or any must be true.
    public indirect enum Expression: Sendable, Hashable {
        case all([Expression])
        case any([Expression])
        case test(Test)
    }

    /// One comparison of a field. The value is of the type that field and operator ask for.
    public struct Test: Sendable, Hashable {
        public var field: SmartField
        public var comparison: SmartOperator
        public var value: Value
    }

    public enum Value: Sendable, Hashable {
        case text(String)
        case number(Double)
        case numbers(Double, Double)
        /// Days since 1970 (UTC).
        case day(Int)
        case days(Int, Int)
        /// How many days back, today not counted.
        case span(Int)
        case flag(Bool)
        /// A playlist's id.
        case playlist(String)
    }

    /// What tracks are ordered by.
    public struct Sort: Sendable, Hashable {
        /// Nil for an order by chance that stays for the day.
        public var field: SmartField?
        public var isDescending: Bool
    }

    /// Groups within groups, the outermost counted.
    public static let deepest = 4
    public static let mostConditions = 50
    public static let mostSorts = 8
    /// Bytes of a text.
    public static let longestText = 500
    /// Smart playlists of an account.
    public static let mostPlaylists = 100
    /// Smart playlists that are evaluated inside of each other, the outermost counted.
    static let mostNested = 4
    /// Conditions that are evaluated, with those of the playlists that the rules ask for.
    static let mostEvaluated = 200

    /// `.all` or `.any`.
    public var condition: Expression
    /// By title if empty.
    public var sorts: [Sort]
    /// Whether the order is turned around: `"order": "desc"`.
    public var isReversed: Bool
    /// Nil for as many as a playlist can have: ``Playlist/mostTracks``.
    public var limit: Int?

    /// The tests, in their order.
    var tests: [Test] { condition.tests }

    /// The playlists that the rules ask for, as often as they do.
    var playlists: [String] {
        tests.compactMap { if case .playlist(let id) = $0.value { id } else { nil } }
    }

    /// The parts of the account whose changes may change the members.
    var subjects: ChangeSubjects {
        var subjects: ChangeSubjects = .library
        for field in tests.map(\.field) + sorts.compactMap(\.field) { subjects.formUnion(field.subject) }
        // A playlist that is asked for may itself be one of rules about plays.
        if subjects.contains(.playlists) { subjects.insert(.history) }
        return subjects
    }

    /// Whether the members may differ from day to day without any change.
    var followsDay: Bool {
        sorts.contains { $0.field == nil } || tests.contains { if case .span = $0.value { true } else { false } }
    }
}

extension SmartRules.Expression {
    var tests: [SmartRules.Test] {
        switch self {
        case .all(let parts), .any(let parts): parts.flatMap(\.tests)
        case .test(let test): [test]
        }
    }
}

/// What is wrong with rules, and where.
public struct SmartFault: Error, Sendable, Hashable, CustomStringConvertible {
    /// As `all[2]` or `any[0].all[1]`: the members of groups are counted from 0.
    public var place: String
    public var reason: String

    public init(place: String, reason: String) { (self.place, self.reason) = (place, reason) }

    public var description: String { "\(place): \(reason)" }
}
