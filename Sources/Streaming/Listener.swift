import Audio

/// One credential of one account, as far as the gateway can distinguish players.
public struct Listener: Sendable, Hashable {
    /// The account whose share of the workers is used.
    public let account: String
    /// Distinguishes the players of an account; never shown.
    public let credential: String

    public init(account: String, credential: String) {
        self.account = account
        self.credential = credential
    }
}

/// A player's statements about its buffer (CTA-5004 `bl` and `dl`), already parsed.
public struct ListenerHints: Sendable, Hashable {
    /// Sound the player has buffered, as media time.
    public var bufferLength: Duration?
    /// How long from now until the player needs the first of the requested media.
    public var deadline: Duration?

    public init(bufferLength: Duration? = nil, deadline: Duration? = nil) {
        self.bufferLength = bufferLength
        self.deadline = deadline
    }
}

/// One listener in one track, whatever the rung. It has a position and needs a share of the workers.
struct Playback: Sendable, Hashable {
    let listener: Listener
    let track: OriginalHash
}
