/// A request's statements about its network and the listener's wishes.
public struct NetworkHints: Sendable, Hashable {
    /// The highest bitrate the listener wants, in kbit/s.
    public var maximum: Int?
    /// Whether the listener's device is set to save data (RFC 8674).
    public var savesData = false
    /// The throughput measured by the player, in kbit/s.
    public var throughput: Int?
    /// Whether the player's buffer is empty, or soon will be.
    public var isUrgent = false

    public init() {}
}
