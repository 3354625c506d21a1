/// An item that a walk starts from, with its weight.
public struct Seed: Sendable, Hashable {
    public var item: Int32
    /// Above 0, without a unit: only ratios between the seeds of one walk count.
    public var weight: Float

    public init(item: Int32, weight: Float = 1) {
        self.item = item
        self.weight = weight
    }

    var isSound: Bool { item >= 0 && weight > 0 && weight.isFinite }
}
