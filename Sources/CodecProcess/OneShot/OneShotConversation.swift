import Audio

/// The messages of one one-shot process so far, and whether it may continue: a pure check of untrusted messages.
protocol OneShotConversation {
    associatedtype Event
    associatedtype Answer

    /// Whether the process has said that it is ready. It has not seen the file before then.
    var isReady: Bool { get }
    /// The time the process may have taken by now.
    var deadline: Duration { get }
    /// Its position in the file, in bytes, as it claims.
    var progress: Int? { get }
    var verdict: Result<Answer, Refusal>? { get }

    /// Takes the next message. Throws if it may not come now.
    mutating func hear(_ message: Message) throws -> Event
}
