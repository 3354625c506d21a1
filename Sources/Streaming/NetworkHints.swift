/// What a request tells of the network it came through and of what the listener wants to spend.
public struct NetworkHints: Sendable, Hashable {
    /// The most the listener wants, in kbit/s.
    public var maximum: Int?
    /// The listener's device is set to save data (RFC 8674).
    public var savesData = false
    /// Measured by the player, in kbit/s.
    public var throughput: Int?
    /// Whether the player has nothing to play, or is about to.
    public var isUrgent = false

    public init() {}
}
