import Foundation
import HTTPTypes
import Hummingbird
import Locker
import Metrics
import NIOCore
import NIOHTTP1
import Packaging
import Streaming
import Synchronization

/// Repeats the router's answers to requests for Streams while their bytes are in memory: on the event loop, without the
/// router, the catalogue or a task.
///
/// The router's result for a URI, a host and credentials is good for a second; only the range, the conditions and a ticket's
/// end are checked again. A request that is not plain gets no answer here: it goes to the router, which gives the same
/// bytes. `Decisions/HotMedia.md` says what this gains.
final class HotMedia: Sendable {
    /// An answer ready to be sent.
    struct Answer {
        var head: ByteBuffer
        var body: [ByteBuffer]
    }

    private struct Entry {
        var authority: String?
        var authorization: String?
        var cookie: String?
        var permission: Permission
        /// The stream to keep counted; nil if the plan does not limit streams.
        var counted: (track: String, account: Int64)?
        var stream: RenditionStream
        var fields: MediaFields
        /// Fields of every answer, as they are sent.
        var constant: ByteBuffer
        var since: ContinuousClock.Instant
        /// ``Locker/Catalogue/changes`` before the router looked the track up.
        var changes: Int
    }

    /// How long the router's result is good: a track that another process changed is served as it was for at most this long.
    private static let lifetime = Duration.seconds(1)
    private static let capacity = 4096
    /// Bytes of the longest URI that is remembered: enough for a ticket, and too few for clients to fill the memory with
    /// URIs.
    private static let longestURI = 512
    /// Bytes of the longest answer: they wait in memory if the client does not take them.
    private static let longest = 128 << 10

    private let entries = Mutex<[String: Entry]>([:])
    private let clock = Mutex<(second: Int, text: String)>((0, ""))
    private let responder: MediaResponder
    private let catalogue: Catalogue
    private let serverName: String
    private let proxies: TrustedProxies
    private let answers: Counter

    init(
        responder: MediaResponder, catalogue: Catalogue, proxies: TrustedProxies, serverName: String,
        metrics: any MetricsFactory
    ) {
        self.responder = responder
        self.proxies = proxies
        self.catalogue = catalogue
        self.serverName = serverName
        answers = Counter(label: "sweetspot_hot_answers_total", dimensions: [], factory: metrics)
    }

    /// Notes that the request is to be answered with `stream` and `fields`. Call it only once the plan has admitted the
    /// stream.
    func note(_ asked: MediaRequest, _ stream: RenditionStream, _ fields: MediaFields) {
        let (request, context) = (asked.request, asked.context)
        // A request that announces a next track, or has the player's statements in its query, is left to the router.
        guard let permission = context.permission, request.method == .get, asked.wishes.nextTrack == nil,
            request.uri.queryParameters["CMCD"] == nil, request.uri.string.utf8.count <= Self.longestURI
        else { return }
        var headers = fields.headers(for: .whole)
        if context.isForAnyOrigin { CrossOrigin.allow(&headers) }
        headers[.server] = serverName
        var constant = ByteBuffer()
        for field in headers { constant.writeString("\(field.name.rawName): \(field.value)\r\n") }
        let entry = Entry(
            authority: request.head.authority, authorization: request.headers[.authorization],
            cookie: request.headers[.cookie], permission: permission,
            counted: context.plan.terms.streams == nil ? nil : (asked.track.id, asked.track.account),
            stream: stream, fields: fields, constant: constant, since: .now, changes: asked.changes)
        entries.withLock { entries in
            if entries.count >= Self.capacity { entries.removeAll(keepingCapacity: true) }
            entries[request.uri.string] = entry
        }
    }

    /// The answer to a request without a body. Returns nil if the router has to answer.
    ///
    /// - Parameter peer: the address of the connection's other end, and the same as a text, which is made once per
    ///   connection.
    func answer(_ head: HTTPRequestHead, from peer: (address: IPAddress?, text: String)) -> Answer? {
        let start = ContinuousClock.now
        guard let entry = entries.withLock({ $0[head.uri] }), start - entry.since < Self.lifetime,
            entry.changes == catalogue.changes,
            let request = HTTPRequest(plain: head), request.authority == entry.authority
        else { return nil }
        let (second, date) = now()
        for (given, known) in [
            (request.headerFields[.authorization], entry.authorization), (request.headerFields[.cookie], entry.cookie)
        ] {
            switch (given, known) {
            case (nil, nil): break
            case (let given?, let known?): guard constantTimeEquals(given, known) else { return nil }
            default: return nil
            }
        }
        if case .ticket(let ticket) = entry.permission, ticket.expires <= second { return nil }
        let answer = ConditionalAnswer(to: request, length: entry.fields.length, entityTag: entry.fields.entityTag)
        // The router admitted the account's stream at most a second ago. It stays counted; if it is not counted, the router
        // decides.
        if let counted = entry.counted {
            guard responder.streams.goOn(counted.track, of: counted.account, now: start) else { return nil }
        }
        let address =
            proxies.contains(peer.address)
            ? proxies.client(of: head, peer: peer.address).address?.description ?? "" : peer.text
        let listener = entry.permission.listener(at: address)
        guard let range = answer.range(length: entry.fields.length), range.count <= Self.longest,
            let body = entry.stream.kept(range, for: listener, hints: ListenerHints(CMCD(request.headerFields)))
        else { return nil }
        var sent = ByteBuffer()
        sent.reserveCapacity(entry.constant.readableBytes + 256)
        sent.writeStaticString(answer == .whole ? "HTTP/1.1 200 OK\r\n" : "HTTP/1.1 206 Partial Content\r\n")
        sent.writeImmutableBuffer(entry.constant)
        if let value = entry.fields.contentRange(of: answer) { sent.writeString("Content-Range: \(value)\r\n") }
        sent.writeString("Content-Length: \(range.count)\r\nDate: \(date)\r\n\r\n")
        answers.increment()
        responder.responseBytes.increment(by: range.count)
        responder.firstByte.record((ContinuousClock.now - start) / .seconds(1))
        return Answer(head: sent, body: body)
    }

    /// Seconds since 1970, and the `Date` field's value (RFC 9110 §6.6.1).
    private func now() -> (second: Int, text: String) {
        let now = Date.now
        let second = Int(now.timeIntervalSince1970)
        return clock.withLock { clock in
            if clock.second != second { clock = (second, now.httpDate) }
            return clock
        }
    }
}

extension HTTPRequest {
    /// A plain GET of HTTP/1.1, without a body and without demands on its connection. Returns nil for any other request.
    fileprivate init?(plain head: HTTPRequestHead) {
        guard head.method == .GET, head.version == .http1_1 else { return nil }
        var fields = HTTPFields()
        fields.reserveCapacity(head.headers.count)
        var authority: String?
        for (text, value) in head.headers {
            guard let name = HTTPField.Name(text) else { return nil }
            switch name.canonicalName {
            case "host":
                guard authority == nil else { return nil }
                authority = value
            case "content-length", "transfer-encoding", "expect", "upgrade": return nil
            case "connection" where value.lowercased() != "keep-alive": return nil
            default: fields.append(HTTPField(name: name, value: value))
            }
        }
        self.init(method: .get, scheme: "http", authority: authority, path: head.uri, headerFields: fields)
    }
}
