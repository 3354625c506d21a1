/// An account's weight of an item, as of a time: a row of the catalogue.
public struct Liking: Sendable, Hashable {
    public private(set) var weight: Double
    /// Milliseconds since 1970.
    public private(set) var at: Int64

    public init(weight: Double = 0, at: Int64) {
        self.weight = weight.isFinite ? min(max(weight, -Decay.most), Decay.most) : 0
        self.at = at
    }

    /// Adds what happened at a time, which may be before what is known: an import tells old plays late.
    public mutating func add(_ gain: Double, at time: Int64, decay: Decay = .taste) {
        guard gain.isFinite else { return }
        let later = max(at, time)
        let sum = decay.weight(weight, from: at, to: later) + decay.weight(gain, from: time, to: later)
        self = Liking(weight: sum, at: later)
    }
}
