import Foundation
import HTTPTypes
import Hummingbird
import Locker
import NIOCore
import ServiceLifecycle

/// `/api/v1/events`: what changes in the account, as Server-Sent Events (WHATWG HTML §9.2).
///
/// The catalogue looks for the changes of all processes, once for all streams. A stream says which parts of the account changed,
/// and its client asks for those that it shows. `Decisions/Events.md` has the reasons.
struct EventRoutes: Sendable {
    /// How often a stream's credentials are read again without a change: a session ends when it is not used.
    private static let validity = Duration.seconds(600)

    private struct Document: Encodable {
        var kinds: [String]
    }

    let catalogue: Catalogue
    let streams: EventStreams
    let authentication: Authentication

    func add(to routes: inout Routes) {
        routes.resource("/api/v1/events", [.read(.library, OpenAPI.Library.events, events)])
    }

    @Sendable private func events(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let account = try context.account
        // nginx would keep events until a buffer is full.
        let headers: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store", .accelBuffering: "no"]
        guard request.method == .get else { return Response(status: .ok, headers: headers, body: .withheld(length: nil)) }
        guard let place = streams.open(for: account) else {
            throw Problem(
                status: .tooManyRequests, detail: "the account has \(EventStreams.most) streams of events open",
                headers: [.retryAfter: "30"])
        }
        let body = ResponseBody { writer in
            let stream = place.stream
            let watch = try await catalogue.watchChanges(of: account, tell: stream.tell)
            defer { withExtendedLifetime((place, watch)) {} }
            // They may have ended before changes were followed.
            var isAccepted = try await accepts(request, context)
            var checked = ContinuousClock.now
            // The browser comes back two seconds after the connection is lost.
            if isAccepted { try await writer.write(ByteBuffer(string: "retry: 2000\n\n")) }
            while isAccepted, let events = try await next(of: stream, context) {
                let now = ContinuousClock.now
                if events.subjects.contains(.credentials) || now - checked > Self.validity {
                    isAccepted = try await accepts(request, context)
                    checked = now
                }
                if isAccepted, let text = try Self.text(of: events) { try await writer.write(text) }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }

    /// The next events. Nil when the server is told to end; throws if the client has left.
    private func next(of stream: EventStream, _ context: GatewayContext) async throws -> EventStream.Events? {
        try await withGracefulShutdownHandler {
            try await context.whileConnected { await stream.next() }
        } onGracefulShutdown: {
            stream.end()
        }
    }

    /// Nil if there is nothing to say.
    private static func text(of events: EventStream.Events) throws -> ByteBuffer? {
        let kinds = events.subjects.names
        guard !kinds.isEmpty else { return events.isBeat ? ByteBuffer(string: ":\n\n") : nil }
        let document = String(decoding: try JSONEncoder.gateway.encode(Document(kinds: kinds)), as: UTF8.self)
        return ByteBuffer(string: "event: change\ndata: \(document)\n\n")
    }

    /// Whether the credentials are still those of the account.
    private func accepts(_ request: Request, _ context: GatewayContext) async throws -> Bool {
        try await authentication.permission(of: request, for: .library) == context.permission
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = HTTPField.Name("X-Accel-Buffering")!
}
