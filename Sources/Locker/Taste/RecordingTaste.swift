/// How much an account likes a recording, for comparing accounts.
public struct RecordingTaste: Sendable, Hashable {
    public var account: Int64
    /// Equal for encodes of one recording in all lockers.
    public var recording: Int64
    /// Faded to `at`: half of it is left after 180 days.
    public var weight: Double
    /// Milliseconds since 1970.
    public var at: Int

    public init(account: Int64, recording: Int64, weight: Double, at time: Int) {
        (self.account, self.recording, self.weight) = (account, recording, weight)
        at = time
    }
}
