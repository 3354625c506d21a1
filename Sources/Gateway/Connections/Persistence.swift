import Audio
import NIOHTTP1

/// What becomes of a connection after the answer to one request (RFC 9112 §9.3).
struct Persistence: Equatable {
    /// Whether the request is older than HTTP/1.1: then chunks mean nothing to its client, and persistence has to be said.
    var isOld: Bool
    var persists: Bool
    /// Whether the answer has no body, whatever its fields say.
    var isHead = false
    /// Whether the client waits to be told to send the body (RFC 9110 §10.1.1).
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

    /// Puts on an answer what its client has to know of the connection.
    ///
    /// A body of unknown length ends for an old client where the connection does (RFC 9112 §6.1, §6.3). The answer to a HEAD says that it
    /// would come in chunks, as the one to GET does; ``HotMediaHandler`` sends none. A client that was not told to send its body may send
    /// it or not: where the next request begins is not known then.
    mutating func mark(_ head: inout HTTPResponseHead) {
        if isWaiting || head.headers[canonicalForm: "connection"].contains("close") { persists = false }
        if !head.headers.contains(name: "content-length"), ![.noContent, .notModified].contains(head.status) {
            if isOld {
                // NIO's encoder makes chunks of it otherwise.
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
    /// Whether its client may know no more than HTTP/1.0.
    var isOld: Bool { (version.major, version.minor) < (1, 1) }

    /// Whether a body follows, if only one of no bytes in chunks.
    fileprivate var hasBody: Bool {
        headers.contains(name: "transfer-encoding") || headers.first(name: "content-length").map { Int(digits: $0) != 0 } ?? false
    }
}
