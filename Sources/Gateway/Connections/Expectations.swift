import Audio
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Meets a request's expectation before it sends its body (RFC 9110 §10.1.1): only the reader of the body tells the client to
/// send it. An answer that needs no body is sent at once, and ends the connection; see ``Persistence``.
struct Expectations: RouterMiddleware {
    func handle(
        _ request: Request, context: GatewayContext, next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let expected = request.headers[values: .expect].flatMap { $0.pieces(at: ",") }
            .map { $0.trimmingPrefix { $0 == " " || $0 == "\t" }.lowercased() }
            .map { text in String(text.prefix { $0 != " " && $0 != "\t" }) }
            .filter { !$0.isEmpty }
        guard !expected.isEmpty else { return try await next(request, context) }
        guard expected.allSatisfy({ $0 == "100-continue" }) else {
            throw Problem(status: .expectationFailed, detail: "the only supported expectation is 100-continue")
        }
        let body = RequestBody(asyncSequence: ExpectedBody(body: request.body, channel: context.channel))
        return try await next(Request(head: request.head, body: body), context)
    }
}

/// A body whose client is told to send it when its first bytes are requested.
private struct ExpectedBody: AsyncSequence, Sendable {
    typealias Element = ByteBuffer

    let body: RequestBody
    let channel: any Channel

    struct AsyncIterator: AsyncIteratorProtocol {
        var body: RequestBody.AsyncIterator
        let channel: any Channel
        var isTold = false

        @concurrent mutating func next() async throws -> ByteBuffer? {
            if !isTold {
                isTold = true
                try await channel.writeAndFlush(HTTPResponsePart.head(HTTPResponse(status: .continue)))
            }
            return try await body.next()
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(body: body.makeAsyncIterator(), channel: channel) }
}
