/// How a weight fades: by half in each half-life. All of an account's weights fade alike, so their order stays and nothing is written
/// for it.
public struct Decay: Sendable, Hashable {
    /// Milliseconds, above 0.
    public let halfLife: Double

    /// What an account is listening to now: 14 days.
    public static let now = Decay(days: 14)

    public init(days: Double) {
        halfLife = days.isFinite ? min(max(days, 1e-3), 1e6) * 86_400_000 : 86_400_000
    }

    /// A weight of one time at another, in milliseconds since 1970. Back in time it grows; it stays finite.
    public func weight(_ weight: Double, from: Int64, to: Int64) -> Double {
        guard weight.isFinite else { return 0 }
        let decayed = weight * exponential2((Double(from) - Double(to)) / halfLife)
        return decayed.isFinite ? decayed : weight.sign == .minus ? -Self.most : Self.most
    }

    static let most = 1e12
}
