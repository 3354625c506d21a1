import Audio

/// Who listens: one credential of one account, as far as the gateway can tell players apart.
public struct Listener: Sendable, Hashable {
    /// The account whose share of the workers is used.
    public let account: String
    /// Tells the players of an account apart; never shown.
    public let credential: String

    public init(account: String, credential: String) {
        self.account = account
        self.credential = credential
    }
}

/// What a player says of its buffer (CTA-5004 `bl` and `dl`), already parsed.
public struct ListenerHints: Sendable, Hashable {
    /// Sound the player holds ready, as media time.
    public var bufferLength: Duration?
    /// How long from now until the player needs the first of what it asks for.
    public var deadline: Duration?

    public init(bufferLength: Duration? = nil, deadline: Duration? = nil) {
        self.bufferLength = bufferLength
        self.deadline = deadline
    }
}

/// One listener in one track, whatever the rung: what has a position and needs a share of the workers.
struct Playback: Sendable, Hashable {
    let listener: Listener
    let track: OriginalHash
}
