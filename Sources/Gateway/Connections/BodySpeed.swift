/// The least a request's body has to bring: who trickles holds a connection, and with an upload a file and room in a quota.
package struct BodySpeed: Sendable, Hashable {
    /// Too few bytes of a body came in time.
    struct TooSlow: Error {}

    /// How long it may take until the first of them have to be there.
    package var grace: Duration
    /// Over which time they are counted.
    package var window: Duration
    package var bytesPerSecond: Int

    package init(grace: Duration, window: Duration, bytesPerSecond: Int = 1000) {
        self.grace = grace
        self.window = window
        self.bytesPerSecond = bytesPerSecond
    }

    /// Of documents and forms, which are short, and of whatever no route reads.
    package static let documents = BodySpeed(grace: .seconds(10), window: .seconds(10))
    /// Of files: a phone may lose its network for a while.
    package static let files = BodySpeed(grace: .seconds(30), window: .seconds(30))
}
