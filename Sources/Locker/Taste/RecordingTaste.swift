/// How much an account likes a recording, for comparing accounts.
public struct RecordingTaste: Sendable, Hashable {
    public var account: Int64
    /// The track of the account's locker.
    public var track: String
    /// Equal for encodes of one recording in all lockers.
    public var recording: Int64
    /// The name that the artist is ordered by: equal for one artist in all lockers whose tags agree.
    public var artist: String
    /// Faded to `at`: half of it is left after 180 days.
    public var weight: Double
    /// Milliseconds since 1970.
    public var at: Int

    public init(account: Int64, track: String, recording: Int64, artist: String, weight: Double, at time: Int) {
        (self.account, self.track, self.recording, self.artist, self.weight) = (account, track, recording, artist, weight)
        at = time
    }
}
