/// Why a push cannot go on, as one sentence without a full stop.
public enum PushError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The server's address is none.
    case badServer(String)
    /// The server does not take the key, or the key is not for uploads.
    case badKey(String)
    /// The server did not answer for long.
    case unreachable(String)
    /// It answered what no sweetspot answers.
    case notSweetspot(String)
    /// A local file.
    case unreadable(String)
    /// What was learned cannot be kept.
    case state(String)

    public var description: String {
        switch self {
        case .badServer(let text), .badKey(let text), .unreachable(let text), .notSweetspot(let text), .unreadable(let text),
            .state(let text):
            text
        }
    }
}
