public import Audio

/// Files in folders that were not taken for songs, by kind. Hidden files are not counted.
public struct PassedOver: Sendable, Hashable {
    public private(set) var counts: [FileKind: Int] = [:]

    public init() {}

    public var total: Int { counts.values.reduce(0, +) }

    /// `4 passed over: 3 pictures, 1 text`: the most frequent first.
    public var text: String {
        let kinds = FileKind.allCases.compactMap { kind in counts[kind].map { (kind: kind, count: $0) } }
            .enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
        return "\(total) passed over: " + kinds.map { $0.element.kind.words($0.element.count) }.joined(separator: ", ")
    }

    mutating func note(_ kind: FileKind) { counts[kind, default: 0] += 1 }
}
