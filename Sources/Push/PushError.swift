/// Why a push cannot continue, as one sentence without a full stop.
public enum PushError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The text given as the server's address is not an address.
    case badServer(String)
    /// The server rejects the key, or the key does not allow uploads.
    case badKey(String)
    /// The server gave no answer for too long.
    case unreachable(String)
    /// The answer does not come from a sweetspot server.
    case notSweetspot(String)
    /// A local file cannot be read.
    case unreadable(String)
    /// The state file cannot be written.
    case state(String)

    public var description: String {
        switch self {
        case .badServer(let text), .badKey(let text), .unreachable(let text), .notSweetspot(let text), .unreadable(let text),
            .state(let text):
            text
        }
    }
}
