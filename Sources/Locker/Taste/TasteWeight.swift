internal import Foundation

/// How much a track is to an account's taste, as of a time. Below 0 it was skipped more than it was heard.
///
/// As all weights of an account fade alike, their order does not change with time: nothing is computed again until the next
/// play.
struct TasteWeight: Hashable {
    private(set) var weight: Double
    /// Milliseconds since 1970.
    private(set) var at: Int

    init(_ weight: Double, at time: Int) { (self.weight, at) = (weight, time) }

    /// Adds what was said at a time, which may be before ``at``: the order of additions does not matter.
    mutating func add(_ gain: Double, at time: Int) {
        if time >= at {
            weight = weight * Self.left(after: time - at) + gain
            at = time
        } else {
            weight += gain * Self.left(after: at - time)
        }
    }

    /// The part that is left after milliseconds.
    private static func left(after time: Int) -> Double { exp2(-Double(time) / Double(TasteGain.halfLife)) }
}
