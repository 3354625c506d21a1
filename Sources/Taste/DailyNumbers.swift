/// Random numbers that are the same for all of a day.
public struct DailyNumbers: RandomNumberGenerator {
    private var state: UInt64

    /// - Parameters:
    ///   - day: days since 1970.
    ///   - salt: the account's number or the like.
    public init(day: Int, salt: UInt64) { state = mixed(mixed(UInt64(bitPattern: Int64(day))) ^ salt) }

    public mutating func next() -> UInt64 {
        state = mixed(state)
        return state
    }

    /// From 0 up to 1.
    mutating func share() -> Double { Double(next() >> 11) / Double(UInt64(1) << 53) }

    /// From 0 up to `count`, which must be above 0.
    mutating func number(below count: Int) -> Int { Int(next() % UInt64(count)) }
}
