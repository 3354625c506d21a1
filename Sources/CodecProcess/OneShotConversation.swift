import Audio

/// What one one-shot process has said so far, and whether it may go on: a pure check of untrusted messages.
protocol OneShotConversation {
    associatedtype Event
    associatedtype Answer

    /// Whether the process has said that it is ready; it has not seen the file before.
    var isReady: Bool { get }
    /// The time the process may have taken by now.
    var deadline: Duration { get }
    /// How far in the file it is, in bytes, as it claims.
    var progress: Int? { get }
    var verdict: Result<Answer, Refusal>? { get }

    /// Takes the next message; throws where it may not come.
    mutating func hear(_ message: Message) throws -> Event
}
