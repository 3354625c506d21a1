/// The minimum speed of a request's body: a slow sender holds a connection, and with an upload a file and room in a quota.
package struct BodySpeed: Sendable, Hashable {
    /// Too few bytes of a body came in time.
    struct TooSlow: Error {}

    /// How long the client may take until the first bytes arrive.
    package var grace: Duration
    /// The time over which bytes are counted.
    package var window: Duration
    package var bytesPerSecond: Int

    package init(grace: Duration, window: Duration, bytesPerSecond: Int = 1000) {
        self.grace = grace
        self.window = window
        self.bytesPerSecond = bytesPerSecond
    }

    /// For documents and forms, which are short, and for bodies that no route reads.
    package static let documents = BodySpeed(grace: .seconds(10), window: .seconds(10))
    /// For files: a phone may lose its network for a while.
    package static let files = BodySpeed(grace: .seconds(30), window: .seconds(30))
}
