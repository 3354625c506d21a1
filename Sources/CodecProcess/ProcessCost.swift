/// The cost of work in another process.
public struct ProcessCost: Sendable, Hashable {
    /// User and system time: of a chunk's last attempt, or of a whole ingest process.
    public var cpu: Duration
    /// From the first byte sent to the last byte received.
    public var wall: Duration

    public init(cpu: Duration, wall: Duration) {
        self.cpu = cpu
        self.wall = wall
    }
}
