import Audio
import NIOHTTP1

/// Whether a connection continues after the answer to one request (RFC 9112 §9.3).
struct Persistence: Equatable {
    /// Whether the request is older than HTTP/1.1: then its client does not know chunks, and persistence must be stated.
    var isOld: Bool
    var persists: Bool
    /// Whether the answer has no body, whatever its fields say.
    var isHead = false
    /// Whether the client waits for 100 before it sends the body (RFC 9110 §10.1.1).
    var isWaiting = false

    init(isOld: Bool, persists: Bool) {
        self.isOld = isOld
        self.persists = persists
    }

    init(_ head: HTTPRequestHead) {
        let options = head.headers[canonicalForm: "connection"].map { $0.lowercased() }
        isOld = head.isOld
        persists = !options.contains("close") && (!isOld || options.contains("keep-alive"))
        isHead = head.method == .HEAD
        isWaiting = !isOld && head.hasBody && head.headers.contains(name: "expect")
    }

    /// Adds the fields about the connection to an answer.
    ///
    /// For an old client a body of unknown length ends with the connection (RFC 9112 §6.1, §6.3). The answer to a HEAD says that
    /// it would come in chunks, as the one to GET does; ``HotMediaHandler`` sends none. A client that was not told to send its
    /// body may send it or not: then the start of the next request is unknown.
    mutating func mark(_ head: inout HTTPResponseHead) {
        if isWaiting || head.headers[canonicalForm: "connection"].contains("close") { persists = false }
        if !head.headers.contains(name: "content-length"), ![.noContent, .notModified].contains(head.status) {
            if isOld {
                // NIO's encoder would make chunks of it otherwise.
                head.version = .http1_0
                persists = false
            } else if isHead {
                head.headers.add(name: "Transfer-Encoding", value: "chunked")
            }
        }
        if !persists {
            head.headers.replaceOrAdd(name: "Connection", value: "close")
        } else if isOld {
            head.headers.replaceOrAdd(name: "Connection", value: "keep-alive")
        }
    }
}

extension HTTPRequestHead {
    /// Whether its client may know only HTTP/1.0.
    var isOld: Bool { (version.major, version.minor) < (1, 1) }

    /// Whether a body follows, even an empty one in chunks.
    fileprivate var hasBody: Bool {
        headers.contains(name: "transfer-encoding") || headers.first(name: "content-length").map { Int(digits: $0) != 0 } ?? false
    }
}
