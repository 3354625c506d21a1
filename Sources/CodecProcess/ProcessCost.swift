/// What a piece of work in another process took.
public struct ProcessCost: Sendable, Hashable {
    /// User and system time. For a chunk that of its last attempt, for ingest that of the whole process.
    public var cpu: Duration
    /// From the first byte sent to the last byte received.
    public var wall: Duration

    public init(cpu: Duration, wall: Duration) {
        self.cpu = cpu
        self.wall = wall
    }
}
