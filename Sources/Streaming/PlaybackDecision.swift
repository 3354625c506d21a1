public import Audio

/// Which rung of a ladder a listener gets, and why. Hints only ever lower the choice.
public struct PlaybackDecision: Sendable, Hashable {
    /// Why a rung was chosen, or why no higher one was.
    public enum Cause: String, Sendable, Hashable, CaseIterable {
        /// The highest rung of the track: no limit applies.
        case top
        /// The listener's own limit.
        case maximum = "max"
        case saveData = "save-data"
        /// The network's throughput, less a margin.
        case throughput
        /// The network's throughput, less a larger margin, because the player's buffer is empty.
        case urgency
        /// Every rung is above some limit: the lowest is chosen.
        case lowest
        /// The choice was made before for this listener and track.
        case kept
    }

    public struct Reason: Sendable, Hashable {
        public let cause: Cause
        /// kbit/s that the cause allows; nil if it sets no limit.
        public let limit: Int?
    }

    /// kbit/s for a listener who wants to save data.
    private static let savingLimit = 64

    public let rendition: Rendition
    public let reasons: [Reason]

    /// Chooses among `rungs`, which are of one ladder and lowest first. Returns nil if `rungs` is empty.
    public init?(among rungs: [Rendition], hints: NetworkHints) {
        guard let lowest = rungs.first else { return nil }
        var reasons = Self.wishes(hints) + Self.abilities(hints)
        let limit = reasons.compactMap(\.limit).min() ?? .max
        // A limit that allows every rung explains nothing.
        reasons.removeAll { reason in reason.limit.map { limit in rungs.allSatisfy { $0.bitrate <= limit } } ?? true }
        if let best = rungs.last(where: { $0.bitrate <= limit }) {
            rendition = best
            if reasons.isEmpty { reasons = [Reason(cause: .top, limit: nil)] }
        } else {
            rendition = lowest
            reasons.append(Reason(cause: .lowest, limit: nil))
        }
        self.reasons = reasons
    }

    /// A kept choice.
    init(kept rendition: Rendition) {
        self.rendition = rendition
        reasons = [Reason(cause: .kept, limit: nil)]
    }

    /// The rungs a master playlist has for a listener's wishes, at least one. The network's throughput removes none, because it
    /// may change at any moment.
    public static func wanted(_ rungs: [Rendition], hints: NetworkHints) -> [Rendition] {
        let limit = wishes(hints).compactMap(\.limit).min() ?? .max
        let wanted = rungs.filter { $0.bitrate <= limit }
        return wanted.isEmpty ? Array(rungs.prefix(1)) : wanted
    }

    private static func wishes(_ hints: NetworkHints) -> [Reason] {
        var reasons: [Reason] = []
        if let maximum = hints.maximum { reasons.append(Reason(cause: .maximum, limit: maximum)) }
        if hints.savesData { reasons.append(Reason(cause: .saveData, limit: savingLimit)) }
        return reasons
    }

    private static func abilities(_ hints: NetworkHints) -> [Reason] {
        guard let throughput = hints.throughput else { return [] }
        return [
            hints.isUrgent
                ? Reason(cause: .urgency, limit: throughput / 2) : Reason(cause: .throughput, limit: throughput * 4 / 5)
        ]
    }
}
